// SPDX-License-Identifier: MIT
#include <filesystem>
#include <string>

#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "seeds.hpp"

// The targets themselves, so that they compile and run with every compiler, without libFuzzer.
TEST_CASE("what the fuzzers once found, and what they start from, breaks no promise") {
  const parton_test::Warnings ignored;
  std::size_t found = 0;
  for (const auto& target : parton_fuzz::targets) {
    const auto seeds = parton_fuzz::seeds(target.name);
    CHECK(!seeds.empty());
    for (const std::string& bytes : seeds) {
      INFO(target.name << ": " << bytes.substr(0, 200));
      CHECK_NOTHROW(target.run(bytes));
    }
    const auto folder = std::filesystem::path(PARTON_FUZZ_CRASHES) / target.name;
    if (!std::filesystem::exists(folder)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      INFO(entry.path().string());
      CHECK_NOTHROW(target.run(io_test::bytes_of(entry.path().string())));
      ++found;
    }
  }
  CHECK(found > 0);
}

TEST_CASE("a target says which promise did not hold") {
  CHECK_THROWS_AS(parton_fuzz::require(false, "this one"), parton_fuzz::Broken);
}
