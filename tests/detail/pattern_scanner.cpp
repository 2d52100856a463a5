// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <parton/detail/pattern_scanner.hpp>
#include <parton_test/catch.hpp>

using parton::detail::PatternFault;
using parton::detail::PatternScanner;

TEST_CASE("a pattern is read symbol by symbol") {
  using Token = PatternScanner::Token;
  PatternScanner scanner("a.\\D\\x41{12,}[^[:alpha:]-](?!\\b)");
  const std::vector<Token> expected{Token::character,  Token::any,           Token::shorthand,
                                    Token::character,  Token::brace,         Token::number,
                                    Token::comma,      Token::brace_end,     Token::bracket,
                                    Token::class_name, Token::dash,          Token::bracket_end,
                                    Token::open_ahead, Token::word_boundary, Token::close};
  for (std::size_t i = 0; i < expected.size(); ++i, scanner.advance()) {
    CAPTURE(i);
    CHECK(scanner.token() == expected[i]);
    if (i == 0) CHECK(scanner.character() == 'a');
    if (i == 2) CHECK((scanner.negated() && scanner.value() == "D"));
    if (i == 3) CHECK(scanner.character() == 'A');
    if (i == 5) CHECK(scanner.number() == 12);
    if (i == 8 || i == 12) CHECK(scanner.negated());
    if (i == 9) CHECK(scanner.value() == "alpha");
    if (i == 13) CHECK_FALSE(scanner.negated());
  }
  CHECK(scanner.token() == Token::end);
}

// The words are those of libstdc++; std_pattern.cpp compares all of them.
TEST_CASE("what is no symbol is a fault") {
  for (const std::string text : {"\\", "(?", "(?x", "[[:a", "a{x", "\\xg0", "\\c", "[\\"}) {
    CAPTURE(text);
    const auto read = [&] {
      for (PatternScanner scanner(text); scanner.token() != PatternScanner::Token::end;)
        scanner.advance();
    };
    CHECK_THROWS_AS(read(), PatternFault);
  }
}
