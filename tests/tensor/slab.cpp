// SPDX-License-Identifier: MIT
#include <parton/tensor/slab.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include <parton_test/catch.hpp>

using parton::detail::Slab;
using parton::detail::SlabCarver;

namespace {

std::uintptr_t slab_of(const void* block) {
  return reinterpret_cast<std::uintptr_t>(block) / Slab::alignment;
}

/// Gives all back, in this order; at which of them slabs went.
std::vector<std::size_t> slabs_gone(const std::vector<void*>& blocks) {
  std::vector<std::size_t> gone;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    if (Slab::give_back(blocks[i])) gone.push_back(i);
  return gone;
}

}  // namespace

TEST_CASE("Blocks of mixed sizes lie side by side, aligned to 64 bytes, and overlap nowhere") {
  SlabCarver carver;
  std::vector<std::pair<std::byte*, std::size_t>> blocks;
  std::set<std::uintptr_t> slabs;
  for (std::size_t i = 0; i < 1000; ++i) {
    const std::size_t bytes = 64 * (i * 5 % 8 + 1);
    auto* const block = static_cast<std::byte*>(carver.carve(bytes));
    REQUIRE(reinterpret_cast<std::uintptr_t>(block) % 64 == 0);
    std::memset(block, static_cast<int>(i % 251), bytes);
    if (!blocks.empty() && slab_of(block) == slab_of(blocks.back().first))
      REQUIRE(block == blocks.back().first + blocks.back().second);
    REQUIRE(slab_of(block) == slab_of(block + bytes - 1));
    slabs.insert(slab_of(block));
    blocks.emplace_back(block, bytes);
  }
  // 1000 blocks of 288 bytes on average, and at the end of a slab less than the largest is lost.
  CHECK(slabs.size() == 1000 * 288 / (Slab::bytes - 64 - 512) + 1);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    std::byte* const block = blocks[i].first;
    const std::size_t bytes = blocks[i].second;
    REQUIRE(
        std::all_of(block, block + bytes, [&](std::byte b) { return b == std::byte(i % 251); }));
    Slab::give_back(block);
  }
}

TEST_CASE("A slab goes with its last block, once its thread carves no more from it") {
  SlabCarver carver;
  std::vector<void*> blocks;
  for (int i = 0; i < 3; ++i) blocks.push_back(carver.carve(128));
  CHECK(slabs_gone(blocks).empty());
  CHECK(carver.let_go());
  CHECK_FALSE(carver.let_go());

  blocks = {carver.carve(64), carver.carve(512)};
  CHECK_FALSE(carver.let_go());
  void* const next = carver.carve(64);
  CHECK(slab_of(next) != slab_of(blocks[0]));
  CHECK(slabs_gone(blocks) == std::vector<std::size_t>{1});
  CHECK_FALSE(Slab::give_back(next));
}

TEST_CASE("A full slab goes with its last block, whichever that is") {
  SlabCarver carver;
  const std::size_t full = (Slab::bytes - 64) / 128;
  std::vector<void*> blocks;
  for (std::size_t i = 0; i < 2 * full + 1; ++i) blocks.push_back(carver.carve(128));
  CHECK(slab_of(blocks[0]) == slab_of(blocks[full - 1]));
  CHECK(slab_of(blocks[0]) != slab_of(blocks[full]));
  std::swap(blocks[0], blocks[2 * full]);  // first of the first slab after all others
  CHECK(slabs_gone(blocks) == std::vector<std::size_t>{2 * full - 1, 2 * full});
}

TEST_CASE("A block with a slab to itself takes it along") {
  void* const block = Slab::single(512);
  CHECK(reinterpret_cast<std::uintptr_t>(block) % Slab::alignment == 64);
  std::memset(block, 1, 512);
  CHECK(Slab::give_back(block));
}

TEST_CASE("Blocks come back on other threads, also after the end of the one that carved them") {
  std::vector<void*> blocks;
  std::thread([&] {
    SlabCarver carver;
    for (int i = 0; i < 4000; ++i) blocks.push_back(carver.carve(64));
  }).join();
  const std::size_t slabs = 4000 * 64 / (Slab::bytes - 64) + 1;
  std::vector<std::size_t> gone(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < gone.size(); ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < blocks.size(); i += gone.size())
        gone[t] += Slab::give_back(blocks[i]) ? 1 : 0;
    });
  for (std::thread& one : threads) one.join();
  CHECK(gone[0] + gone[1] + gone[2] + gone[3] == slabs);
}
