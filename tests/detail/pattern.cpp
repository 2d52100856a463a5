// SPDX-License-Identifier: MIT
#include <parton/detail/pattern.hpp>
#include <parton_test/catch.hpp>
#include <string>

using parton::PatternError;
using parton::detail::compile_pattern;
using parton::detail::matches;

// The examples of API.md, rule 3.
TEST_CASE("a pattern matches from the start of a name, and its end is open") {
  CHECK(matches(compile_pattern("dense1"), "dense10_weight"));
  CHECK(matches(compile_pattern(".*weight"), "dense0_weight"));
  CHECK_FALSE(matches(compile_pattern("weight"), "dense0_weight"));
  CHECK(matches(compile_pattern("dense0_weight|bias"), "dense0_weight"));
  CHECK_FALSE(matches(compile_pattern("dense0_weight|bias"), "dense0_bias"));
}

TEST_CASE("a bad pattern is an error that says where it goes wrong") {
  try {
    static_cast<void>(compile_pattern("dense[0"));
    FAIL("no error");
  } catch (const PatternError& error) {
    CHECK_THAT(error.what(), Catch::Matchers::ContainsSubstring("'dense[0'") &&
                                 Catch::Matchers::ContainsSubstring("position 5"));
  }
  CHECK_THROWS_AS(compile_pattern("*"), PatternError);
}

TEST_CASE("a pattern too long for the regular expression compiler's recursion is an error") {
  CHECK_THROWS_AS(compile_pattern(std::string(100000, '(')), PatternError);
  CHECK_NOTHROW(compile_pattern(std::string(parton::detail::max_pattern_length, 'x')));
}
