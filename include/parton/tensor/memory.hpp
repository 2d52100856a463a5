// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <utility>

#include <parton/detail/build_guard.hpp>
#include <parton/detail/compiled.hpp>
#include <parton/tensor/slab.hpp>

#ifdef PARTON_DETAIL_ASAN
#include <sanitizer/asan_interface.h>
#endif

/// \file Where all tensors and graph nodes get their memory: each thread keeps what it frees, by
/// size, and takes it again, so that a training step after the first ones asks the system for
/// nothing (of what set_memory_cache_limit() lets it keep).

namespace parton {

namespace detail {

/// The most that a thread keeps, in bytes.
inline std::atomic<std::size_t> memory_cache_limit{std::size_t{1} << 30};

/// Memory that nobody may touch for now, as far as AddressSanitizer can tell.
#ifdef PARTON_DETAIL_ASAN
inline void poison(void* memory, std::size_t bytes) noexcept {
  __asan_poison_memory_region(memory, bytes);
}
inline void unpoison(void* memory, std::size_t bytes) noexcept {
  __asan_unpoison_memory_region(memory, bytes);
}
#else
inline void poison(void*, std::size_t) noexcept {}
inline void unpoison(void*, std::size_t) noexcept {}
#endif

/// One thread's free blocks: eight size classes an octave, so at most an eighth is wasted.
class MemoryCache {
 public:
  static constexpr std::size_t alignment = 64;

  MemoryCache() = default;
  MemoryCache(const MemoryCache&) = delete;
  MemoryCache& operator=(const MemoryCache&) = delete;
  ~MemoryCache() { release(); }

  /// \throws std::bad_alloc
  void* allocate(std::size_t bytes) {
    const std::size_t at = class_of(bytes);
    if (Block* block = free_[at]; block != nullptr) {
      unpoison(block, size_of(at));
      free_[at] = block->next;
      cached_ -= size_of(at);
      kept_[tier_of(bytes)] -= size_of(at);
      return block;
    }
    return is_small(bytes) ? carver_.carve(size_of(at)) : fresh(bytes);
  }

  /// Keeps a block of so many bytes for the next one who asks.
  void deallocate(void* memory, std::size_t bytes) noexcept {
    const std::size_t at = class_of(bytes), size = size_of(at);
    std::size_t& kept = kept_[tier_of(bytes)];
    if (cached_ + size > memory_cache_limit.load(std::memory_order_relaxed) ||
        kept + size > most_kept[tier_of(bytes)])
      return free(memory, bytes);
    kept += size;
    auto* block = new (memory) Block{free_[at]};
    free_[at] = block;
    cached_ += size;
    poison(block, size);
  }

  void release() noexcept {
    for (std::size_t at = 0; at < free_.size(); ++at) {
      while (Block* block = free_[at]) {
        unpoison(block, size_of(at));
        free_[at] = block->next;
        free(block, size_of(at));
      }
    }
    cached_ = 0;
    kept_.fill(0);
    carver_.let_go();
  }

  [[nodiscard]] std::size_t size() const noexcept { return cached_; }

  /// A block that lies with no others. \throws std::bad_alloc
  static void* fresh(std::size_t bytes) {
    if (bytes > std::numeric_limits<std::size_t>::max() / 4) throw std::bad_alloc();
    const std::size_t size = rounded(bytes);
    return is_small(bytes) ? Slab::single(size)
                           : ::operator new (size, std::align_val_t{alignment});
  }
  /// Gives back a block of so many bytes, of whatever thread.
  static void free(void* memory, std::size_t bytes) noexcept {
    if (is_small(bytes))
      Slab::give_back(memory);
    else
      ::operator delete (memory, std::align_val_t{alignment});
  }

  /// The size that a request is rounded up to.
  static std::size_t rounded(std::size_t bytes) noexcept { return size_of(class_of(bytes)); }

 private:
  struct Block {
    Block* next;
  };

  // Classes 0 to 7 are 64, 128, ..., 512 bytes; each further eight divide an octave.
  static std::size_t class_of(std::size_t bytes) noexcept {
    if (bytes <= 512) return bytes == 0 ? 0 : (bytes - 1) / 64;
    const auto octave = static_cast<std::size_t>(std::bit_width(bytes - 1)) - 1;
    return (octave - 8) * 8 + (((bytes - 1) >> (octave - 3)) & 7);
  }
  static std::size_t size_of(std::size_t at) noexcept {
    if (at < 8) return (at + 1) * 64;
    const std::size_t octave = at / 8 + 8;
    return (std::size_t{1} << octave) + ((at % 8 + 1) << (octave - 3));
  }

  // Whether it lies in a slab. Under AddressSanitizer each block is the system's, so that a leak or
  // an overrun is told of the block.
#ifdef PARTON_DETAIL_ASAN
  static bool is_small(std::size_t) noexcept { return false; }
#else
  static bool is_small(std::size_t bytes) noexcept { return bytes <= Slab::largest_block; }
#endif

  // Blocks come back in any order: whoever built a large net of those of another one would have it
  // all over the memory, and the processor could not fetch ahead. So of the smaller ones only as
  // many are kept as a training step may use; the others are taken anew, in order.
  static constexpr std::array<std::size_t, 3> most_kept{
      std::size_t{2} << 20, std::size_t{128} << 20, std::numeric_limits<std::size_t>::max()};
  static std::size_t tier_of(std::size_t bytes) noexcept {
    return bytes <= Slab::largest_block ? 0 : bytes <= (std::size_t{64} << 10) ? 1 : 2;
  }

  std::array<Block*, 56 * 8> free_{};
  std::size_t cached_ = 0;
  std::array<std::size_t, most_kept.size()> kept_{};  // of cached_, by tier
  SlabCarver carver_;
};

/// This thread's cache, or null before the first use and after the thread's end has begun.
inline thread_local MemoryCache* memory_cache = nullptr;
inline thread_local bool memory_cache_gone = false;

MemoryCache* make_memory_cache();

#if PARTON_DETAIL_BODIES
PARTON_DETAIL_INLINE MemoryCache* make_memory_cache() {
  struct Owner {
    MemoryCache cache;
    Owner() { memory_cache = &cache; }
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;
    ~Owner() {
      memory_cache = nullptr;
      memory_cache_gone = true;
    }
  };
  if (memory_cache_gone) return nullptr;
  static thread_local Owner owner;
  return &owner.cache;
}
#endif

/// Memory aligned to 64 bytes. \throws std::bad_alloc
inline void* allocate(std::size_t bytes) {
  MemoryCache* cache = memory_cache != nullptr ? memory_cache : make_memory_cache();
  return cache != nullptr ? cache->allocate(bytes) : MemoryCache::fresh(bytes);
}
/// Gives back what `allocate(bytes)` gave, on any thread.
inline void deallocate(void* memory, std::size_t bytes) noexcept {
  if (memory_cache != nullptr)
    memory_cache->deallocate(memory, bytes);
  else
    MemoryCache::free(memory, bytes);
}

/// The allocator of containers that live in the graph.
template <class T>
struct PoolAllocator {
  using value_type = T;
  PoolAllocator() noexcept = default;
  template <class U>
  PoolAllocator(const PoolAllocator<U>&) noexcept {}  // NOLINT: implicit, as allocators are
  static T* allocate(std::size_t n) {
    if (n > std::numeric_limits<std::size_t>::max() / sizeof(T) / 8) throw std::bad_alloc();
    return static_cast<T*>(detail::allocate(n * sizeof(T)));
  }
  static void deallocate(T* memory, std::size_t n) noexcept {
    detail::deallocate(memory, n * sizeof(T));
  }
  friend bool operator==(const PoolAllocator&, const PoolAllocator&) noexcept { return true; }
};

/// As std::make_shared, from that memory.
template <class T, class... Args>
std::shared_ptr<T> make_pooled(Args&&... args) {
  static_assert(alignof(T) <= MemoryCache::alignment);
  return std::allocate_shared<T>(PoolAllocator<T>(), std::forward<Args>(args)...);
}

}  // namespace detail

/// How many bytes of freed tensors each thread keeps at most for the tensors to come: 1 GiB from
/// the start; 0 gives everything back to the system at once. For all threads.
///
/// Of that, pieces of up to 64 KiB are at most 128 MiB, those of up to 512 bytes at most 2 MiB. The
/// latter share slabs of 32 KiB: such a slab goes back to the system with the last piece in it, and
/// beside the limit a thread holds the slab that it takes pieces from.
inline void set_memory_cache_limit(std::size_t bytes) noexcept {
  detail::memory_cache_limit.store(bytes, std::memory_order_relaxed);
}

/// The bytes of freed tensors that this thread keeps at the moment.
[[nodiscard]] inline std::size_t memory_cache_size() noexcept {
  return detail::memory_cache != nullptr ? detail::memory_cache->size() : 0;
}

/// Gives what this thread keeps back to the system: of a slab, once nothing in it is in use.
inline void release_memory_cache() noexcept {
  if (detail::memory_cache != nullptr) detail::memory_cache->release();
}

}  // namespace parton
