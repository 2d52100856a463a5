// SPDX-License-Identifier: MIT
#include <parton/threads.hpp>

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <parton_test/catch.hpp>

TEST_CASE("One thread is used unless the user asks for more") {
  CHECK(parton::num_threads() == 1);
  parton::set_num_threads(3);
  CHECK(parton::num_threads() == 3);
  parton::set_num_threads(1);
  CHECK_THROWS_AS(parton::set_num_threads(0), parton::ValueError);
  CHECK_THROWS_WITH(parton::set_num_threads(-2),
                    "set_num_threads: the number of threads must be at least 1, not -2");
  CHECK(parton::num_threads() == 1);
}

TEST_CASE("Every element is worked on once, in runs that begin where they may") {
  for (const int threads : {1, 2, 5}) {
    parton::set_num_threads(threads);
    for (const std::uint64_t count : {0u, 1u, 15u, 16u, 100u, 1000u, 1001u}) {
      std::vector<std::atomic<int>> hits(count);
      std::atomic<bool> aligned{true};
      parton::detail::parallel_for(count, 10, 8, [&](std::uint64_t begin, std::uint64_t end) {
        if (begin % 8 != 0 || end > count) aligned = false;
        for (std::uint64_t i = begin; i < end; ++i) ++hits[i];
      });
      CHECK(aligned);
      for (const auto& hit : hits) REQUIRE(hit == 1);
    }
  }
  parton::set_num_threads(1);
}

TEST_CASE("What one thread throws reaches the caller") {
  parton::set_num_threads(2);
  CHECK_THROWS_AS(parton::detail::parallel_for(100, 10, 1,
                                               [](std::uint64_t begin, std::uint64_t) {
                                                 if (begin > 0) throw std::runtime_error("x");
                                               }),
                  std::runtime_error);
  parton::set_num_threads(1);
}
