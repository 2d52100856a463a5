// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include <parton/error.hpp>
#include <parton/tensor/shape.hpp>

/// \file The one place that owns memory: a reference-counted block and the record behind a Tensor.

namespace parton::detail {

/// A counted pointer to something that counts itself: one word, no separate control block.
template <class T>
class Counted {  // NOLINT: one assignment, by value, both copies and moves
 public:
  Counted() noexcept = default;
  /// Takes over a fresh object whose count is 1.
  explicit Counted(T* fresh) noexcept : object_(fresh) {}
  Counted(const Counted& other) noexcept : object_(other.object_) {
    if (object_ != nullptr) object_->references.fetch_add(1, std::memory_order_relaxed);
  }
  Counted(Counted&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Counted& operator=(Counted other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Counted() {
    if (object_ != nullptr && object_->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      T::destroy(object_);
  }

  [[nodiscard]] T* get() const noexcept { return object_; }
  T* operator->() const noexcept { return object_; }
  T& operator*() const noexcept { return *object_; }
  explicit operator bool() const noexcept { return object_ != nullptr; }

 private:
  T* object_ = nullptr;
};

/// A block of memory, aligned for Eigen's widest packets; the bytes follow the header.
///
/// Memory that belongs to somebody else (a mapped file) is held through `owner`.
struct alignas(64) Buffer {
  static constexpr std::size_t alignment = 64;

  std::atomic<std::uint32_t> references{1};
  std::shared_ptr<void> owner;
  void* data = nullptr;

  /// Uninitialized memory of this many bytes. \throws std::bad_alloc
  static Counted<Buffer> allocate(std::size_t bytes) {
    void* memory = ::operator new (sizeof(Buffer) + bytes, std::align_val_t{alignment});
    auto* buffer = new (memory) Buffer;
    buffer->data = static_cast<std::byte*>(memory) + sizeof(Buffer);
    return Counted<Buffer>(buffer);
  }

  /// Foreign memory, kept alive by `owner`.
  static Counted<Buffer> adopt(void* data, std::shared_ptr<void> owner) {
    void* memory = ::operator new (sizeof(Buffer), std::align_val_t{alignment});
    auto* buffer = new (memory) Buffer;
    buffer->data = data;
    buffer->owner = std::move(owner);
    return Counted<Buffer>(buffer);
  }

  static void destroy(Buffer* buffer) noexcept {
    buffer->~Buffer();
    ::operator delete (buffer, std::align_val_t{alignment});
  }
};

/// What a Tensor handle points to: a shape and where its elements lie. It knows no scalar type.
struct TensorRecord {
  std::atomic<std::uint32_t> references{1};
  Shape shape;
  void* data = nullptr;
  Counted<Buffer> buffer;  // empty for a tensor that has a shape but no values

  static void destroy(TensorRecord* record) noexcept { delete record; }

  /// Uninitialized values of a known shape.
  /// \throws ShapeError if a dimension is not known, MemoryError if memory is short.
  static Counted<TensorRecord> fresh(const Shape& shape, std::size_t element_size) {
    check_known(shape);
    const std::size_t bytes = static_cast<std::size_t>(shape.size()) * element_size;
    try {
      auto buffer = Buffer::allocate(bytes);
      void* data = buffer->data;
      return make(shape, std::move(buffer), data);
    } catch (const std::bad_alloc&) {
      throw errors::out_of_memory(shape.to_string(), bytes);
    }
  }

  static void check_known(const Shape& shape) {
    if (!shape.is_known()) throw errors::unknown_dimension(shape.to_string());
  }

  static Counted<TensorRecord> make(const Shape& shape, Counted<Buffer> buffer, void* data) {
    auto* record = new TensorRecord;
    record->shape = shape;
    record->data = data;
    record->buffer = std::move(buffer);
    return Counted<TensorRecord>(record);
  }
};

}  // namespace parton::detail
