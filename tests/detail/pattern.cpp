// SPDX-License-Identifier: MIT
#include <parton/detail/pattern.hpp>
#include <parton/parameter/name.hpp>
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
  // Where it goes wrong is looked for as long as that is quick.
  CHECK_THROWS_WITH(compile_pattern("(x{9000}" + std::string(100, 'x')),
                    Catch::Matchers::ContainsSubstring("is not a regular expression (") &&
                        !Catch::Matchers::ContainsSubstring("position"));
}

TEST_CASE("a pattern too long for the regular expression compiler's recursion is an error") {
  CHECK_THROWS_AS(compile_pattern(std::string(100000, '(')), PatternError);
  CHECK_NOTHROW(compile_pattern(std::string(parton::detail::max_pattern_length, 'x')));
}

TEST_CASE("a pattern that refers back to a group is an error that says where, since it may hang") {
  for (const char* pattern : {"(.*)\\1", "(x+x+)+\\1y", "(x*)*\\1\\1y"})
    CHECK_THROWS_WITH(compile_pattern(pattern),
                      Catch::Matchers::ContainsSubstring("refers back to a group at position") &&
                          Catch::Matchers::ContainsSubstring("'\\1'") &&
                          Catch::Matchers::ContainsSubstring("predicate"));
  CHECK_THROWS_AS(compile_pattern("(.*)\\1"), PatternError);
  CHECK_THROWS_WITH(compile_pattern("[\\1](a)\\1"),
                    Catch::Matchers::ContainsSubstring("position 7"));
  CHECK(matches(compile_pattern("\\w+[(]1"), "a(1"));
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
    CHECK_FALSE(matches(compile_pattern(pattern), longest));
  CHECK(matches(compile_pattern("(x?){128}x{128}"), longest + longest));
}

TEST_CASE("repetitions that would grow beyond the stack are an error, and moderate ones are not") {
  for (const char* pattern : {"(a?){9999}", "(a{100}){1000}", "((a{100}){100}){100}",
                              "a{99999999999}", "(((((x?)))){50}){50}", "((a{200}){200}"})
    CHECK_THROWS_WITH(compile_pattern(pattern),
                      Catch::Matchers::ContainsSubstring("repetitions written out") &&
                          Catch::Matchers::ContainsSubstring("10000"));
  CHECK(matches(compile_pattern("[a-z]{1,20}[0-9]{1,4}_x{0,100}weight"), "dense12_weight"));
  CHECK(matches(compile_pattern("(?:(ab){2,3}_){2}"), "abab_ababab_"));
  CHECK_THROWS_AS(compile_pattern("a{2,1}"), PatternError);
}
