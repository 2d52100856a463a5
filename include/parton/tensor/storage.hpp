// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include <parton/error.hpp>
#include <parton/tensor/detail/fingerprint.hpp>
#include <parton/tensor/memory.hpp>
#include <parton/tensor/shape.hpp>

/// \file The one place that owns memory: a reference-counted block and the record behind a Tensor.

namespace parton::detail {

/// A counted pointer to something that counts itself: one word, no separate control block.
template <class T>
class Counted {
 public:
  Counted() noexcept = default;
  /// Takes over a fresh object whose count is 1.
  explicit Counted(T* fresh) noexcept : object_(fresh) {}
  Counted(const Counted& other) noexcept : object_(other.object_) {
    if (object_ != nullptr) object_->references.fetch_add(1, std::memory_order_relaxed);
  }
  /// From a counted pointer to a derived class.
  template <class Derived>
  requires std::derived_from<Derived, T> Counted(const Counted<Derived>& other)  // NOLINT
  noexcept : object_(other.get()) {
    if (object_ != nullptr) object_->references.fetch_add(1, std::memory_order_relaxed);
  }
  Counted(Counted&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  // Two of them: clang 14 does not destroy a parameter by value in `x = {}`.
  Counted& operator=(const Counted& other) noexcept {
    Counted copy(other);
    std::swap(object_, copy.object_);
    return *this;
  }
  Counted& operator=(Counted&& other) noexcept {
    Counted taken(std::move(other));
    std::swap(object_, taken.object_);
    return *this;
  }
  ~Counted() {
    if (object_ != nullptr && object_->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      T::destroy(object_);
  }

  /// Lets go of the object. (Not `= {}`: in a template clang 14 forgets to destroy what an
  /// assignment by value has swapped out.)
  void reset() noexcept { Counted empty(std::move(*this)); }

  [[nodiscard]] T* get() const noexcept { return object_; }
  T* operator->() const noexcept { return object_; }
  T& operator*() const noexcept { return *object_; }
  explicit operator bool() const noexcept { return object_ != nullptr; }

 private:
  T* object_ = nullptr;
};

/// The header of bytes in memory, which are aligned for Eigen's widest packets.
///
/// A fresh tensor is one block: room for a few bytes, its record, this header, and its bytes if
/// they are more than a few. So a scalar takes 192. Memory that belongs to somebody else (a mapped
/// file) is held through `owner`.
struct alignas(64) Buffer {
  static constexpr std::size_t alignment = 64;
  /// So many bytes fit in before the record. Under AddressSanitizer none, since an overrun is found
  /// where the block ends.
#ifdef PARTON_DETAIL_ASAN
  static constexpr std::size_t few = 0;
#else
  static constexpr std::size_t few = 16;
#endif
  enum class Place : std::uint8_t { behind, in_front, foreign };

  std::atomic<std::uint32_t> references{1};
  /// Counts the writes, so that a recorded value that was overwritten is found.
  std::uint32_t version = 0;
  /// How many recorded values lie here.
  std::atomic<std::uint32_t> needed{0};
  /// True once somebody was given a way to write that nobody sees: an Eigen view, an element.
  std::atomic<bool> exposed{false};
  /// Where the bytes lie.
  const Place place;
  /// How many bytes of its block lie before this header.
  const std::uint8_t room;
  void* const data;
  const std::size_t bytes;
  std::shared_ptr<void> owner;
  /// What stood here at earlier versions that recorded values still need, the latest first.
  Counted<Buffer> past;
  /// The fingerprint of all bytes when they were first exposed, if recorded values lay here then.
  std::atomic<std::uint64_t> hash{0};

  /// Uninitialized memory of this many bytes, and room before the header, where a few bytes go.
  /// \throws std::bad_alloc
  static Counted<Buffer> allocate(std::size_t bytes, std::uint8_t room_in_front = 0) {
    const Place place = bytes <= few && room_in_front > 0 ? Place::in_front : Place::behind;
    const std::size_t size = block_size(place, room_in_front, bytes);
    auto* const block = static_cast<std::byte*>(detail::allocate(size));
    poison(block + size, MemoryCache::rounded(size) - size);
    std::byte* const header = block + room_in_front;
    std::byte* const data = place == Place::in_front ? block : header + sizeof(Buffer);
    return Counted<Buffer>(new (header) Buffer(place, room_in_front, data, bytes));
  }

  /// Foreign memory, kept alive by `owner`. It may be written to by whoever else has it.
  static Counted<Buffer> adopt(void* data, std::size_t bytes, std::shared_ptr<void> owner) {
    void* const block = detail::allocate(sizeof(Buffer));
    auto* const buffer = new (block) Buffer(Place::foreign, 0, data, bytes);
    buffer->owner = std::move(owner);
    buffer->exposed = true;
    return Counted<Buffer>(buffer);
  }

  static void destroy(Buffer* buffer) noexcept {
    const std::size_t size = block_size(buffer->place, buffer->room, buffer->bytes);
    std::byte* const block = reinterpret_cast<std::byte*>(buffer) - buffer->room;
    buffer->~Buffer();
    deallocate(block, size);
  }

  /// The user gets a way to write here.
  void expose() noexcept {
    if (exposed.load(std::memory_order_relaxed)) return;
    if (needed.load(std::memory_order_relaxed) > 0)
      hash.store(fingerprint(data, bytes), std::memory_order_relaxed);
    exposed.store(true, std::memory_order_relaxed);
  }

 private:
  Buffer(Place where, std::uint8_t room_in_front, void* first, std::size_t size) noexcept
      : place(where), room(room_in_front), data(first), bytes(size) {}

  static std::size_t block_size(Place place, std::size_t room, std::size_t bytes) noexcept {
    return room + sizeof(Buffer) + (place == Place::behind ? bytes : 0);
  }
};

struct GraphNode;

/// What a Tensor handle points to: a shape and where its elements lie. It knows no scalar type.
struct TensorRecord {
  std::atomic<std::uint32_t> references{1};
  /// It lies in the block of its buffer.
  const bool in_block = false;
  void* data = nullptr;
  Counted<Buffer> buffer;   // empty for a tensor that has a shape but no values
  Counted<GraphNode> node;  // what it was recorded as, or the leaf that takes its gradient
  Shape shape;

  explicit TensorRecord(bool is_in_block) noexcept : in_block(is_in_block) {}
  static void* operator new(std::size_t bytes) { return allocate(bytes); }
  static void operator delete(void* memory, std::size_t bytes) noexcept {
    deallocate(memory, bytes);
  }
  static void destroy(TensorRecord* record) noexcept;

  /// Uninitialized values of a known shape.
  /// \throws ShapeError if a dimension is not known, MemoryError if memory is short.
  static Counted<TensorRecord> fresh(const Shape& shape, std::size_t element_size);
  static Counted<TensorRecord> make(const Shape& shape, Counted<Buffer> buffer, void* data);

  static void check_known(const Shape& shape) {
    if (!shape.is_known()) throw errors::unknown_dimension(shape.to_string());
  }
};

/// A step of a recorded computation, or a leaf that takes a gradient. Every parameter has one, so
/// words that are never needed together are one.
struct GraphNode {
  std::atomic<std::uint32_t> references{1};
  /// A leaf is marked by attach_grad() or belongs to a parameter.
  const bool leaf = false;
  /// Whether what it was recorded as is a leaf or a view of one, so that it may be written to.
  bool writable = false;
  union {
    /// Larger than that of each input, so that sorting by it puts results before inputs.
    std::uint64_t order = 0;
    /// In destroy(), when nobody holds the node any more: who is destroyed after it.
    GraphNode* next_doomed;
  };
  /// The last backward that came by a step, or wrote the gradient of a leaf.
  std::uint64_t last_pass = 0;
  /// The gradient that has arrived so far in a backward at a step.
  Counted<TensorRecord> pending;

  explicit GraphNode(bool is_leaf) noexcept : leaf(is_leaf), writable(is_leaf) {}
  GraphNode(const GraphNode&) = delete;
  GraphNode& operator=(const GraphNode&) = delete;
  virtual ~GraphNode() = default;

  /// False for a leaf whose grad_req is null.
  [[nodiscard]] virtual bool wants_gradient() const noexcept = 0;

  static void* operator new(std::size_t bytes) { return allocate(bytes); }
  static void operator delete(void* memory, std::size_t bytes) noexcept {
    deallocate(memory, bytes);
  }
  /// Chains of any length are destroyed without recursion.
  static void destroy(GraphNode* node) noexcept {
    static thread_local GraphNode* doomed = nullptr;
    static thread_local bool busy = false;
    node->next_doomed = doomed;
    doomed = node;
    if (busy) return;
    busy = true;
    while (doomed != nullptr) {
      GraphNode* const one = doomed;
      doomed = one->next_doomed;
      delete one;
    }
    busy = false;
  }
};

inline void TensorRecord::destroy(TensorRecord* record) noexcept {
  if (!record->in_block) {
    delete record;
    return;
  }
  // The memory of both goes when nobody else holds the buffer, a view for example.
  const Counted<Buffer> buffer = std::move(record->buffer);
  record->~TensorRecord();
}

inline Counted<TensorRecord> TensorRecord::make(const Shape& shape, Counted<Buffer> buffer,
                                                void* data) {
  auto* record = new TensorRecord(false);
  record->shape = shape;
  record->data = data;
  record->buffer = std::move(buffer);
  return Counted<TensorRecord>(record);
}

inline Counted<TensorRecord> TensorRecord::fresh(const Shape& shape, std::size_t element_size) {
  check_known(shape);
  const std::size_t bytes = static_cast<std::size_t>(shape.size()) * element_size;
  try {
    constexpr std::size_t room = (Buffer::few + sizeof(TensorRecord) + 63) / 64 * 64;
    // Unless the record would push the block into a class of sizes so much larger that one of its
    // own costs less.
    constexpr std::size_t header = sizeof(Buffer);
    if (bytes > 512 &&
        MemoryCache::rounded(room + header + bytes) > MemoryCache::rounded(header + bytes) + room) {
      auto alone = Buffer::allocate(bytes);
      void* const data = alone->data;
      return make(shape, std::move(alone), data);
    }
    auto buffer = Buffer::allocate(bytes, std::uint8_t{room});
    auto* const place = reinterpret_cast<std::byte*>(buffer.get()) - room + Buffer::few;
    auto* const record = ::new (static_cast<void*>(place)) TensorRecord(true);
    record->shape = shape;
    record->data = buffer->data;
    record->buffer = std::move(buffer);
    return Counted<TensorRecord>(record);
  } catch (const std::bad_alloc&) {
    throw errors::out_of_memory(shape.to_string(), bytes);
  }
}

}  // namespace parton::detail
