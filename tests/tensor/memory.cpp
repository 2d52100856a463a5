// SPDX-License-Identifier: MIT
#include <parton/tensor/memory.hpp>

#include <cstdint>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include <parton/tensor/tensor.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

/// Restores the limit, so that the other tests keep theirs.
struct CacheLimit {
  std::size_t before = detail::memory_cache_limit;
  ~CacheLimit() { set_memory_cache_limit(before); }
};

}  // namespace

TEST_CASE("Memory is aligned, and as large as asked for, in every size class") {
  std::vector<std::pair<void*, std::size_t>> blocks;
  for (std::size_t bytes = 0; bytes < 5000; bytes += 37) {
    void* const memory = detail::allocate(bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(memory) % 64 == 0);
    std::memset(memory, 1, bytes);
    blocks.emplace_back(memory, bytes);
  }
  for (const auto& [memory, bytes] : blocks) detail::deallocate(memory, bytes);
}

TEST_CASE("A request is rounded up by at most an eighth beyond 512 bytes") {
  for (std::size_t bytes = 1; bytes < 200'000; bytes += bytes / 9 + 1) {
    const std::size_t rounded = detail::MemoryCache::rounded(bytes);
    CHECK(rounded >= bytes);
    CHECK(rounded <= (bytes <= 512 ? bytes + 63 : bytes + bytes / 8 + 1));
    CHECK(detail::MemoryCache::rounded(rounded) == rounded);
  }
}

TEST_CASE("What was freed is used again by the next of its size") {
  void* const first = detail::allocate(1000);
  detail::deallocate(first, 1000);
  void* const second = detail::allocate(990);
  CHECK(first == second);
  detail::deallocate(second, 990);
}

TEST_CASE("The cache can be measured, limited and given back") {
  const CacheLimit restore;
  release_memory_cache();
  CHECK(memory_cache_size() == 0);
  { const auto big = Tensor<float>::empty({1000}); }
  CHECK(memory_cache_size() >= 4000);
  release_memory_cache();
  CHECK(memory_cache_size() == 0);
  set_memory_cache_limit(2000);
  { const auto big = Tensor<float>::empty({1000}); }
  CHECK(memory_cache_size() <= 2000);
}

TEST_CASE("Of smaller pieces a thread keeps fewer, so that the next large net lies in order") {
  using Limit = std::pair<std::size_t, std::size_t>;  // of pieces of a size, in bytes
  for (const auto& [piece, most] :
       {Limit{512, std::size_t{2} << 20}, Limit{std::size_t{64} << 10, std::size_t{128} << 20}}) {
    release_memory_cache();
    const std::size_t size = detail::MemoryCache::rounded(piece);
    std::vector<void*> pieces(most / size + 3);
    for (void*& one : pieces) one = detail::allocate(piece);
    for (void* const one : pieces) detail::deallocate(one, piece);
    CHECK(memory_cache_size() == most);
    // What is taken again makes room.
    void* const one = detail::allocate(piece);
    CHECK(memory_cache_size() == most - size);
    detail::deallocate(one, piece);
    CHECK(memory_cache_size() == most);
  }
  // Above, the limit of all is the only one.
  release_memory_cache();
  constexpr std::size_t large = std::size_t{96} << 10;
  std::vector<void*> pieces(1500);
  for (void*& one : pieces) one = detail::allocate(large);
  for (void* const one : pieces) detail::deallocate(one, large);
  CHECK(memory_cache_size() == pieces.size() * detail::MemoryCache::rounded(large));
  release_memory_cache();
  CHECK(memory_cache_size() == 0);
}

TEST_CASE("Memory may be freed by another thread than the one that took it, and after its end") {
  Tensor<float> kept;
  std::thread([&] { kept = Tensor<float>::full({100}, 2); }).join();
  CHECK(kept.data()[99] == 2);
  auto local = Tensor<float>::full({100}, 3);
  std::thread([moved = std::move(local)]() mutable { moved = Tensor<float>(); }).join();
  CHECK(kept.data()[0] == 2);
}

TEST_CASE("A small tensor may go when the cache of its thread, or any cache, has gone") {
  static float seen = 0;
  struct Late {
    Tensor<float> kept;
    ~Late() {
      const Tensor<float> fresh = kept.copy();
      seen = fresh.data()[2];
    }
  };
  std::thread([] {
    thread_local Late late;  // made before the thread's first tensor, so it goes after the cache
    late.kept = Tensor<float>::full({3}, 2);
  }).join();
  CHECK(seen == 2);
  // A thread that has taken nothing so far.
  auto local = Tensor<float>::full({3}, 3);
  std::thread([moved = std::move(local)]() mutable {
    moved = Tensor<float>();
    CHECK(memory_cache_size() == 0);
  }).join();
}

TEST_CASE("A size that no memory has is a MemoryError and not a wrapped-around one") {
  CHECK_THROWS_AS(detail::allocate(SIZE_MAX / 2), std::bad_alloc);
  CHECK_THROWS_AS(detail::allocate(SIZE_MAX), std::bad_alloc);
}
