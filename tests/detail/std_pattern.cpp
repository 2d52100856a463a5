// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <parton/detail/std_pattern.hpp>
#include <parton/random/generator.hpp>
#include <parton_test/catch.hpp>

using parton::PatternError;
using parton::detail::compile_pattern;
using parton::detail::matches;
using parton::detail::NamePattern;

namespace {

/// Whether a pattern is one, and if not, the whole text of the error.
template <class Compile>
std::string pattern_fault_of(const std::string& pattern, const Compile& compile) {
  try {
    compile(pattern);
    return {};
  } catch (const PatternError& error) {
    return error.what();
  }
}

/// Random texts of what patterns consist of, most of which are none.
std::string pattern_scrap(parton::random::Generator& rng) {
  static const std::vector<std::string> parts{
      "a",     "b",       "A",         "1",       "_",       "-",     ".",         "*",
      "+",     "?",       "{2}",       "{1,2}",   "{0,}",    "{3,1}", "{",         "}",
      "(",     "(?:",     "(?=",       "(?!",     ")",       ")",     "|",         "^",
      "$",     "\\b",     "\\B",       "\\d",     "\\W",     "\\s",   "[",         "[",
      "[^",    "]",       "]",         "a-z",     "0-9",     ",",     "\\x61",     "\\u0062",
      "\\ca",  "\\0",     "\\-",       "\\]",     "\\",      "\\x",   "\n",        "\xc3",
      "[:W:]", "[:nope:", "[:alpha:]", "[.nul.]", "[.NUL.]", "[=b=]", "[.hyphen.]"};
  std::string result;
  for (auto n = rng.below(7) + 1; n > 0; --n) result += parts[rng.below(parts.size())];
  return result;
}

/// Compares the errors, and what the pattern says of names, with std::regex; true if it is one.
bool pattern_agrees(const std::string& pattern) {
  static const std::vector<std::string> names{"",  "a",  "b",    "ab", "ba",  "a-b", "1",  "]",
                                              "-", "\n", "a\nb", "_",  "aaa", "A",   " a", "\xc3z"};
  const std::string fault = pattern_fault_of(pattern, [](const auto& text) { NamePattern{text}; });
  const std::string expected =
      pattern_fault_of(pattern, [](const auto& text) { static_cast<void>(compile_pattern(text)); });
  CAPTURE(pattern);
  REQUIRE(fault == expected);
  if (!fault.empty()) return false;
  const NamePattern own(pattern);
  const std::regex regex = compile_pattern(pattern);
  for (const std::string& name : names) {
    CAPTURE(name);
    REQUIRE(own(name) == matches(regex, name));
  }
  return true;
}

}  // namespace

TEST_CASE("Patterns are those of std::regex: the same texts, errors and matches") {
  int good = 0, bad = 0;
  // All short ones.
  const std::string signs = "ab1^$\\.*+?()[]{}|-,:=!";
  for (const char a : signs)
    for (const char b : signs) {
      (pattern_agrees({a, b}) ? good : bad)++;
      if (a == '(' || a == '[' || a == '\\' || b == '{')
        for (const char c : signs) (pattern_agrees({a, b, c}) ? good : bad)++;
    }
  parton::random::Generator rng{2};
  for (int i = 0; i < 3000; ++i) (pattern_agrees(pattern_scrap(rng)) ? good : bad)++;
  // So the comparison has seen something.
  CHECK(good > 1000);
  CHECK(bad > 1000);
}

TEST_CASE("The limit of states is that of std::regex") {
  int good = 0, bad = 0;
  for (const std::string unit : {"(a)", "(a|b)", "(?:a?)", "(?=a*)", "(a{2,3})", "[ab]+"}) {
    const std::string stars(900, '*');
    for (const int times : {90, 99, 105, 110, 111, 112, 120}) {
      const std::string pattern = "(" + unit + "a" + stars + "){" + std::to_string(times) + "}";
      const std::string expected = pattern_fault_of(
          pattern, [](const auto& text) { static_cast<void>(compile_pattern(text)); });
      CHECK(pattern_fault_of(pattern, [](const auto& text) { NamePattern{text}; }) == expected);
      (expected.empty() ? good : bad)++;
    }
  }
  CHECK(good > 10);
  CHECK(bad > 10);
}

TEST_CASE("An escape may hide a back-reference from the first look, but it is an error") {
  CHECK(pattern_agrees("\\c[a]"));
  CHECK_FALSE(pattern_agrees("(a)\\c[\\1"));
}

// A repetition that copies what it repeats would take 2^250 states here.
TEST_CASE("Repetitions of repetitions take no more states for each level than for one") {
  for (const std::string repetition : {"+", "+?", "*", "?", "{1,}", "{0,}"}) {
    const int levels = repetition.size() > 2 ? 30 : 250;
    std::string stacked = "a", nested = "ba";
    for (int i = 0; i < levels; ++i) {
      stacked += repetition;
      nested = "(" + nested + ")" + repetition;
    }
    // Thirty times one copy more than that are refused, by both.
    CHECK(pattern_agrees(stacked) == (repetition != "{1,}"));
    CHECK(pattern_agrees(nested) == (repetition != "{1,}"));
  }
  for (const std::string pattern :
       {"(a+b?)+a", "((a|b)+_?)+$", "(a{2,}b*)+b", "(?:a+){2,}", "(a{1,}){3,}b", "((a+)+){2}",
        "(a*)+", "(a?)+b", "(^a?)+b", "(?=(a+)+b)a", "(a{0,})+$"})
    CHECK(pattern_agrees(pattern));
}
