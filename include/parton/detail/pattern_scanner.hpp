// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

/// \file The symbols that a pattern consists of.

namespace parton::detail {

/// Why a text is no pattern, in the words of libstdc++.
struct PatternFault {
  const char* what;

  static constexpr const char* paren = "Mismatched '(' and ')' in regular expression";
  static constexpr const char* brace = "Mismatched '{' and '}' in regular expression";
  static constexpr const char* badbrace = "Invalid range in '{}' in regular expression";
};

/// Reads a pattern symbol by symbol, one symbol ahead of its reader.
class PatternScanner {
 public:
  enum class Token {
    end,
    character,
    any,            // .
    shorthand,      // \d and the like
    line_begin,     // ^
    line_end,       // $
    word_boundary,  // \b
    reference,      // \1
    star,
    plus,
    question,
    bar,
    open,
    open_plain,  // (?:
    open_ahead,  // (?= or (?!
    close,
    brace,
    number,
    comma,
    brace_end,
    bracket,
    dash,
    class_name,   // [:alpha:]
    symbol,       // [.hyphen.]
    equivalents,  // [=a=]
    bracket_end
  };

  /// \throws PatternFault, as advance() does
  explicit PatternScanner(std::string_view text) : text_(text) { advance(); }

  [[nodiscard]] Token token() const { return token_; }
  /// Of a character.
  [[nodiscard]] char character() const { return character_; }
  /// Whether the token is the opposite of its like: `\B`, `\D`, `(?!`, `[^`.
  [[nodiscard]] bool negated() const { return negated_; }
  /// The name of a class or of a symbol.
  [[nodiscard]] std::string_view value() const { return value_; }
  [[nodiscard]] int number() const { return read(value_, 10); }

  void advance() {
    negated_ = false;
    if (at_ == text_.size())
      token_ = Token::end;
    else if (where_ == in_text)
      scan_text();
    else if (where_ == in_bracket)
      scan_bracket();
    else
      scan_brace();
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  static int read(std::string_view digits, unsigned base) {
    unsigned long long value = 0;
    for (const char c : digits)
      value = value * base + static_cast<unsigned>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    return static_cast<int>(value);
  }

  void take(char c) {
    token_ = Token::character;
    character_ = c;
  }

  void scan_text() {
    const char c = text_[at_++];
    switch (c) {
      case '\\':
        if (at_ == text_.size()) throw PatternFault{"Invalid escape at end of regular expression"};
        return escape();
      case '(':
        return group();
      case '[':
        where_ = in_bracket;
        token_ = Token::bracket;
        negated_ = peek() == '^' && at_ < text_.size();
        if (negated_) ++at_;
        return;
      case '{':
        where_ = in_brace;
        token_ = Token::brace;
        return;
      default:
        constexpr std::string_view signs = ")^$.*+?|";
        constexpr Token tokens[] = {Token::close, Token::line_begin, Token::line_end, Token::any,
                                    Token::star,  Token::plus,       Token::question, Token::bar};
        if (const std::size_t which = signs.find(c); which != std::string_view::npos)
          token_ = tokens[which];
        else
          take(c);
    }
  }

  void group() {
    token_ = Token::open;
    if (peek() != '?') return;
    if (++at_ == text_.size()) throw PatternFault{PatternFault::paren};
    const char c = text_[at_];
    if (c != ':' && c != '=' && c != '!')
      throw PatternFault{"Invalid '(?...)' zero-width assertion in regular expression"};
    ++at_;
    token_ = c == ':' ? Token::open_plain : Token::open_ahead;
    negated_ = c == '!';
  }

  void scan_bracket() {
    const char c = text_[at_++];
    if (c == '-') {
      token_ = Token::dash;
    } else if (c == '[') {
      if (at_ == text_.size())
        throw PatternFault{"Incomplete '[[' character class in regular expression"};
      const char kind = text_[at_];
      if (kind != '.' && kind != ':' && kind != '=') return take(c);
      ++at_;
      token_ = kind == '.' ? Token::symbol : kind == ':' ? Token::class_name : Token::equivalents;
      const std::size_t end = text_.find(kind, at_);
      if (end == std::string_view::npos || end + 1 >= text_.size() || text_[end + 1] != ']')
        throw PatternFault{kind == ':' ? "Invalid character class in regular expression"
                                       : "Invalid collating element in regular expression"};
      value_ = text_.substr(at_, end - at_);
      at_ = end + 2;
    } else if (c == ']') {
      token_ = Token::bracket_end;
      where_ = in_text;
    } else if (c == '\\') {
      escape();
    } else {
      take(c);
    }
  }

  void scan_brace() {
    const char c = text_[at_];
    if (is_digit(c)) {
      token_ = Token::number;
      number_at(at_);
      return;
    }
    ++at_;
    if (c == ',') {
      token_ = Token::comma;
    } else if (c == '}') {
      where_ = in_text;
      token_ = Token::brace_end;
    } else {
      throw PatternFault{PatternFault::badbrace};
    }
  }

  void number_at(std::size_t begin) {
    at_ = begin;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    value_ = text_.substr(begin, at_ - begin);
  }

  /// What follows a backslash.
  void escape() {
    if (at_ == text_.size()) throw PatternFault{"Invalid escape in regular expression"};
    const char c = text_[at_++];
    switch (c) {
      case '0':
        return take('\0');
      case 'f':
        return take('\f');
      case 'n':
        return take('\n');
      case 'r':
        return take('\r');
      case 't':
        return take('\t');
      case 'v':
        return take('\v');
      case 'b':
        if (where_ == in_bracket) return take('\b');
        [[fallthrough]];
      case 'B':
        token_ = Token::word_boundary;
        negated_ = c == 'B';
        return;
      case 'd':
      case 'D':
      case 's':
      case 'S':
      case 'w':
      case 'W':
        token_ = Token::shorthand;
        negated_ = c < 'a';
        value_ = text_.substr(at_ - 1, 1);
        return;
      case 'c':
        if (at_ == text_.size())
          throw PatternFault{"invalid '\\cX' control character in regular expression"};
        return take(text_[at_++]);
      case 'x':
        return hexadecimal(2, "Invalid '\\xNN' control character in regular expression");
      case 'u':
        return hexadecimal(4, "Invalid '\\uNNNN' control character in regular expression");
      default:
        if (!is_digit(c)) return take(c);
        token_ = Token::reference;
        number_at(at_ - 1);
    }
  }

  void hexadecimal(std::size_t digits, const char* fault) {
    const std::size_t begin = at_;
    for (; at_ < begin + digits; ++at_) {
      const char c = peek();
      if (!is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
        throw PatternFault{fault};
    }
    take(static_cast<char>(read(text_.substr(begin, digits), 16)));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  enum { in_text, in_bracket, in_brace } where_ = in_text;
  Token token_ = Token::end;
  char character_ = 0;
  bool negated_ = false;
  std::string_view value_;
};

}  // namespace parton::detail
