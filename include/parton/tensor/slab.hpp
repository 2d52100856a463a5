// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

/// \file Where small blocks of memory come from: many lie side by side in one slab, since the
/// system takes as long for a small block as for a large one and puts its own words beside each.

namespace parton::detail {

/// The head of a piece of memory that small blocks are carved from. It begins at a multiple of
/// 32 KiB and is shorter, so that a block's address tells where its slab begins.
///
/// Blocks come back on any thread. Whoever brings back the last one frees the slab.
struct alignas(64) Slab {
  /// With twice as much malloc would map each slab by itself, and room to align it in as well.
  static constexpr std::size_t alignment = std::size_t{32} << 10;
  /// A line less than the next slab begins at, or malloc's own words would push that one to the
  /// multiple after.
  static constexpr std::size_t bytes = alignment - 64;
  /// What is carved from it, in bytes, at most.
  static constexpr std::size_t largest_block = 512;

  /// How many blocks are out, and while a thread still carves, `carving` more.
  std::atomic<std::uint32_t> live;
  static constexpr std::uint32_t carving = 1u << 30;

  explicit Slab(std::uint32_t count) noexcept : live(count) {}

  /// \throws std::bad_alloc
  static Slab* make(std::size_t size, std::uint32_t count) {
    return new (::operator new (size, std::align_val_t{alignment})) Slab(count);
  }
  /// A block that has a slab to itself: for a thread that has no other. \throws std::bad_alloc
  static void* single(std::size_t size) { return make(sizeof(Slab) + size, 1) + 1; }

  /// Says that so many of `live` are out no more; true if the slab went with them.
  bool drop(std::uint32_t count) noexcept {
    if (live.fetch_sub(count, std::memory_order_acq_rel) != count) return false;
    this->~Slab();
    ::operator delete (this, std::align_val_t{alignment});
    return true;
  }
  /// Gives back a block of any slab, on any thread; true if the slab went with it.
  static bool give_back(void* block) noexcept {
    auto* const at = static_cast<std::byte*>(block);
    const std::size_t offset = reinterpret_cast<std::uintptr_t>(block) % alignment;
    return std::launder(reinterpret_cast<Slab*>(at - offset))->drop(1);
  }
};

/// The slab that a thread carves blocks from, one after the other.
class SlabCarver {
 public:
  SlabCarver() = default;
  SlabCarver(const SlabCarver&) = delete;
  SlabCarver& operator=(const SlabCarver&) = delete;
  ~SlabCarver() { let_go(); }

  /// A block of so many bytes, a multiple of 64 up to Slab::largest_block. \throws std::bad_alloc
  void* carve(std::size_t bytes) {
    if (bytes > left_) renew();
    ++carved_;
    left_ -= bytes;
    return std::exchange(next_, next_ + bytes);
  }

  /// Leaves the rest uncarved, so that the slab goes with its last block; true if it went at once.
  bool let_go() noexcept {
    if (slab_ == nullptr) return false;
    left_ = 0;
    return std::exchange(slab_, nullptr)->drop(Slab::carving - std::exchange(carved_, 0));
  }

 private:
  void renew() {
    let_go();
    slab_ = Slab::make(Slab::bytes, Slab::carving);
    next_ = reinterpret_cast<std::byte*>(slab_ + 1);
    left_ = Slab::bytes - sizeof(Slab);
  }

  Slab* slab_ = nullptr;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::uint32_t carved_ = 0;
};

}  // namespace parton::detail
