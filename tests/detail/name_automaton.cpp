// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <parton/detail/name_automaton.hpp>
#include <parton/detail/std_pattern.hpp>
#include <parton/random/generator.hpp>
#include <parton_test/catch.hpp>

using parton::detail::LiteralPieces;
using parton::detail::Match;
using parton::detail::NameAutomaton;
using parton::detail::NamePattern;

namespace {

/// Random patterns and names over a small alphabet, so that they often meet.
class PatternMaker {
 public:
  std::string pattern(int depth) {
    std::string result = sequence(depth);
    while (one_in(4)) result += "|" + sequence(depth);
    return result;
  }
  std::string name() {
    static const std::string characters = "aaabbb019__-. A\n\r\xc3";
    std::string result;
    for (auto n = rng_.below(9); n > 0; --n) result += characters[rng_.below(characters.size())];
    return result;
  }
  /// So long that it is looked through in words, with a line end now and then.
  std::string long_name() {
    static const std::string characters = "aaabbb0_-.";
    std::string result;
    for (auto n = rng_.below(40); n > 0; --n) result += characters[rng_.below(characters.size())];
    if (!result.empty() && one_in(3)) result[rng_.below(result.size())] = one_in(2) ? '\n' : '\r';
    return result;
  }
  std::string literal() {
    static const std::vector<std::string> parts{"a", "b", "0", "_", "-", ".*", "\\.", "ab"};
    std::string result;
    for (auto n = rng_.below(5); n > 0; --n) result += parts[rng_.below(parts.size())];
    return result;
  }

 private:
  bool one_in(std::uint64_t n) { return rng_.below(n) == 0; }
  std::string sequence(int depth) {
    std::string result;
    for (auto n = rng_.below(4); n > 0; --n) result += atom(depth) + repetition();
    return result;
  }
  std::string atom(int depth) {
    static const std::vector<std::string> atoms{"a",     "b",   "0",      "_",      ".",      "\\d",
                                                "\\w",   "\\W", "[ab]",   "[^a]",   "[0-9a]", "\\.",
                                                "[b-d]", "\\s", "[\\d_]", "[^\\w]", "^",      "$"};
    if (depth > 0 && one_in(3)) return (one_in(2) ? "(" : "(?:") + pattern(depth - 1) + ")";
    return atoms[rng_.below(atoms.size())];
  }
  std::string repetition() {
    static const std::vector<std::string> all{"*", "+", "?", "{2}", "{1,2}", "{1,}", "*?", "+?"};
    return one_in(3) ? all[rng_.below(all.size())] : "";
  }

  parton::random::Generator rng_{1};
};

}  // namespace

TEST_CASE("A pattern as an automaton and as a table agrees with std::regex") {
  PatternMaker make;
  int known = 0, unknown = 0, matched = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = make.pattern(2);
    std::regex regex;
    try {
      regex = parton::detail::compile_pattern(text);
    } catch (const parton::PatternError&) {
      continue;
    }
    const NameAutomaton automaton(text);
    for (int k = 0; k < 10; ++k) {
      const std::string name = make.name();
      const Match found = automaton.by_table(name);
      const bool expected = parton::detail::matches(regex, name);
      (found == Match::unknown ? unknown : known)++;
      matched += expected;
      if ((found == Match::unknown || (found == Match::yes) == expected) &&
          automaton(name) == expected)
        continue;
      CAPTURE(text, name, expected);
      FAIL("they differ");
    }
  }
  // So the comparison has seen something.
  CHECK(known > 5000);
  CHECK(unknown > 500);
  CHECK(matched > 1000);
}

TEST_CASE("Literals with .* between them agree with std::regex") {
  PatternMaker make;
  int matched = 0, unknown = 0;
  for (int i = 0; i < 6000; ++i) {
    const std::string text = make.literal(), name = i % 2 == 0 ? make.name() : make.long_name();
    const auto pieces = LiteralPieces::of(text);
    REQUIRE(pieces);
    const Match found = (*pieces)(name);
    const bool expected = parton::detail::matches(parton::detail::compile_pattern(text), name);
    matched += found == Match::yes;
    unknown += found == Match::unknown;
    CAPTURE(text, name);
    if (found != Match::unknown) REQUIRE((found == Match::yes) == expected);
    REQUIRE(NamePattern(text)(name) == expected);
  }
  CHECK(matched > 1000);
  CHECK(unknown > 50);
}

TEST_CASE("A table is made of patterns without assertions, the other ones are walked") {
  for (const char* pattern : {"^a", "a$", "(?=a)", "\\bweight", "(a{99}){99}"})
    CHECK_FALSE(NameAutomaton(pattern).has_table());
  for (const char* pattern : {"a", "[[:alpha:]]", "[a-z9-]", "(a|b)*c"})
    CHECK(NameAutomaton(pattern).has_table());
  CHECK_FALSE(LiteralPieces::of("a+"));
  CHECK_FALSE(LiteralPieces::of("a.b"));
  CHECK_FALSE(LiteralPieces::of("\\.*"));
  CHECK_FALSE(LiteralPieces::of(".*?"));
  CHECK(NamePattern("^dense[[:digit:]]+_weight$")("dense12_weight"));
  CHECK_FALSE(NamePattern("^dense[[:digit:]]+_weight$")("dense12_weights"));
}

TEST_CASE("A table that would be large is not made") {
  // Twelve characters back: the table needs all sets of twelve states.
  CHECK_FALSE(NameAutomaton(".*a............b").has_table());
  CHECK(NamePattern(".*a............b")("xxa012345678901b"));
}
