// SPDX-License-Identifier: MIT
#include <memory>
#include <string>

#include <parton/detail/name_pattern.hpp>
#include <parton/error.hpp>
#include <parton_test/catch.hpp>

using parton::PatternError;
using parton::detail::make_name_pattern;
using parton::detail::matches;

// How patterns match is in pattern.cpp and std_pattern.cpp; here, that one is at hand where only
// its declaration is seen.
TEST_CASE("A name pattern matches from the start with an open end, and may be shared") {
  const auto pattern = make_name_pattern(std::string("dense[0-9]+_w"));
  const std::shared_ptr<const parton::detail::NamePattern> other = pattern;
  CHECK(matches(*other, "dense12_weight"));
  CHECK_FALSE(matches(*other, "dense12_bias"));
  CHECK_FALSE(matches(*other, "sequential0_dense1_weight"));
  CHECK(matches(*make_name_pattern(""), ""));
}

TEST_CASE("What is no pattern is refused when it is made") {
  CHECK_THROWS_AS(make_name_pattern("dense[0"), PatternError);
  CHECK_THROWS_AS(make_name_pattern("(a)\\1"), PatternError);
}
