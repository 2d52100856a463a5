// SPDX-License-Identifier: MIT
#include <parton/random/seed.hpp>

#include <algorithm>
#include <cstdint>
#include <thread>
#include <vector>

#include <parton_test/catch.hpp>

namespace random_detail = parton::random::detail;

TEST_CASE("Each call of seed() is an epoch of its own") {
  const auto before = random_detail::seed_state();
  parton::random::seed(~std::uint64_t{0});
  const auto after = random_detail::seed_state();
  CHECK(after.seed == ~std::uint64_t{0});
  CHECK(after.epoch == before.epoch + 1);
  parton::random::seed(after.seed);
  CHECK(random_detail::seed_state().epoch == before.epoch + 2);
}

TEST_CASE("Positions reserved by many threads do not overlap") {
  parton::random::seed(1);
  constexpr std::uint64_t calls = 1000, count = 3;
  std::vector<std::vector<std::uint64_t>> found(4);
  std::vector<std::thread> threads;
  for (auto& positions : found)
    threads.emplace_back([&positions] {
      for (std::uint64_t i = 0; i < calls; ++i)
        positions.push_back(random_detail::Process::instance().reserve(count).position);
    });
  for (std::thread& thread : threads) thread.join();
  std::vector<std::uint64_t> all;
  for (const auto& positions : found) all.insert(all.end(), positions.begin(), positions.end());
  std::sort(all.begin(), all.end());
  for (std::uint64_t i = 0; i < all.size(); ++i) REQUIRE(all[i] == i * count);
}
