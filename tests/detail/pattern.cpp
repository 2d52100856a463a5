// SPDX-License-Identifier: MIT
#include <parton/detail/pattern.hpp>
#include <parton/parameter/name.hpp>
#include <parton_test/catch.hpp>
#include <string>

using parton::PatternError;
using parton::detail::NamePattern;

// The examples of API.md, rule 3.
TEST_CASE("a pattern matches from the start of a name, and its end is open") {
  CHECK(NamePattern("dense1")("dense10_weight"));
  CHECK(NamePattern(".*weight")("dense0_weight"));
  CHECK_FALSE(NamePattern("weight")("dense0_weight"));
  CHECK(NamePattern("dense0_weight|bias")("dense0_weight"));
  CHECK_FALSE(NamePattern("dense0_weight|bias")("dense0_bias"));
}

TEST_CASE("a bad pattern is an error that says where it goes wrong") {
  try {
    static_cast<void>(NamePattern("dense[0"));
    FAIL("no error");
  } catch (const PatternError& error) {
    CHECK_THAT(error.what(), Catch::Matchers::ContainsSubstring("'dense[0'") &&
                                 Catch::Matchers::ContainsSubstring("position 5"));
  }
  CHECK_THROWS_AS(NamePattern("*"), PatternError);
  // Where it goes wrong is looked for as long as that is quick.
  CHECK_THROWS_WITH(NamePattern("(x{9000}" + std::string(100, 'x')),
                    Catch::Matchers::ContainsSubstring("is not a regular expression (") &&
                        !Catch::Matchers::ContainsSubstring("position"));
}

TEST_CASE("a pattern too long for its reader's recursion is an error") {
  CHECK_THROWS_AS(NamePattern(std::string(100000, '(')), PatternError);
  CHECK_NOTHROW(NamePattern(std::string(parton::detail::max_pattern_length, 'x')));
}

TEST_CASE("a pattern that refers back to a group is an error that says where, since it may hang") {
  for (const char* pattern : {"(.*)\\1", "(x+x+)+\\1y", "(x*)*\\1\\1y"})
    CHECK_THROWS_WITH(NamePattern(pattern),
                      Catch::Matchers::ContainsSubstring("refers back to a group at position") &&
                          Catch::Matchers::ContainsSubstring("'\\1'") &&
                          Catch::Matchers::ContainsSubstring("predicate"));
  CHECK_THROWS_AS(NamePattern("(.*)\\1"), PatternError);
  CHECK_THROWS_WITH(NamePattern("[\\1](a)\\1"), Catch::Matchers::ContainsSubstring("position 7"));
  CHECK(NamePattern("\\w+[(]1")("a(1"));
}

TEST_CASE("patterns that are known to explode are matched in bounded time") {
  const std::string longest(parton::max_name_length, 'x');
  std::string nested = "x", optional;
  for (int i = 0; i < 300; ++i) nested = "(" + nested + ")*";
  for (int i = 0; i < 250; ++i) optional += "(x?)";
  for (const std::string& pattern :
       {std::string("(a*)*b"), std::string("(x+x+)+y"), std::string("(x*)*y"),
        std::string("(?:(?:(?:a|x)*)*)*b"), std::string("(|x|xx|xxx)*y"), std::string("(?=(x*)*y)"),
        nested + "y", optional + "y"})
    CHECK_FALSE(NamePattern(pattern)(longest));
  CHECK(NamePattern("(x?){128}x{128}")(longest + longest));
}

TEST_CASE("repetitions that would grow beyond all bounds are an error, and moderate ones are not") {
  for (const char* pattern : {"(a?){9999}", "(a{100}){1000}", "((a{100}){100}){100}",
                              "a{99999999999}", "(((((x?)))){50}){50}", "((a{200}){200}"})
    CHECK_THROWS_WITH(NamePattern(pattern),
                      Catch::Matchers::ContainsSubstring("repetitions written out") &&
                          Catch::Matchers::ContainsSubstring("10000"));
  CHECK(NamePattern("[a-z]{1,20}[0-9]{1,4}_x{0,100}weight")("dense12_weight"));
  CHECK(NamePattern("(?:(ab){2,3}_){2}")("abab_ababab_"));
  CHECK_THROWS_AS(NamePattern("a{2,1}"), PatternError);
}
