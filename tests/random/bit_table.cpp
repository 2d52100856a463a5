// SPDX-License-Identifier: MIT
#include "bits/table.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <parton_test/catch.hpp>

TEST_CASE("The random bits are those of the committed table, with one thread and with two") {
  // bits.sh makes the same table with other compilers and flags.
  const auto path = std::filesystem::path(__FILE__).parent_path() / "bits.txt";
  std::ifstream file(path);
  std::string line, expected;
  while (std::getline(file, line)) expected += line + '\n';
  REQUIRE_FALSE(expected.empty());
  const int before = parton::num_threads();
  for (const int threads : {1, 2}) {
    parton::set_num_threads(threads);
    const std::string table = parton_test::bits_table();
    parton::set_num_threads(before);
    // Line by line, so that a failure says which.
    std::istringstream found(table), wanted(expected);
    std::string a, b;
    while (std::getline(wanted, b)) {
      std::getline(found, a);
      CHECK(a == b);
    }
    CHECK(table.size() == expected.size());
  }
}
