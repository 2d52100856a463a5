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

TEST_CASE("random numbers and initializations go on from a state that was read") {
  const parton::random::State before = parton::random::state();
  auto& process = random_detail::Process::instance();
  parton::random::seed(3);
  static_cast<void>(process.reserve(10));
  const parton::random::State seeded = parton::random::state();
  CHECK(seeded == parton::random::State{3, 10, true, before.initializations});
  const auto next = process.reserve(1);
  parton::random::seed(4);
  const auto epoch = random_detail::seed_state().epoch;
  parton::random::set_state(seeded);
  CHECK(parton::random::state() == seeded);
  CHECK(random_detail::seed_state().epoch == epoch + 1);
  CHECK(process.reserve(1).position == next.position);
  // As if nobody had called seed(); the epoch of the next call is a new one all the same.
  parton::random::set_state({5, 6, false, 7});
  CHECK(random_detail::seed_state().epoch == 0);
  CHECK(process.count_initialization() == 8);
  parton::random::seed(0);
  CHECK(random_detail::seed_state().epoch == epoch + 2);
}
