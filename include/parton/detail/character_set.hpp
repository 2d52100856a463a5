// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <locale>
#include <string>
#include <string_view>

/// \file Sets of characters, as patterns name them.

namespace parton::detail {

/// Which of the 256 characters are meant.
class CharacterSet {
 public:
  void add(char c) { words_[code(c) / 64] |= std::uint64_t{1} << (code(c) % 64); }
  void flip() {
    for (std::uint64_t& word : words_) word = ~word;
  }
  [[nodiscard]] bool contains(char c) const {
    return (words_[code(c) / 64] >> (code(c) % 64) & 1) != 0;
  }

  template <class Predicate>
  void add_if(const Predicate& is_meant) {
    for (int i = 0; i < 256; ++i)
      if (const auto c = static_cast<char>(i); is_meant(c)) add(c);
  }

 private:
  static std::size_t code(char c) { return static_cast<unsigned char>(c); }
  std::uint64_t words_[4] = {};
};

/// `alpha`, `w` and the other classes, of the program's locale, whatever the case of their name.
/// False for a name that is none of them.
[[gnu::cold]] inline bool add_class(CharacterSet& set, std::string_view name, bool inverted) {
  using Ctype = std::ctype<char>;
  struct Named {
    std::string_view name;
    Ctype::mask mask;
  };
  static constexpr Named classes[] = {
      {"d", Ctype::digit},     {"w", Ctype::alnum},     {"s", Ctype::space},
      {"alnum", Ctype::alnum}, {"alpha", Ctype::alpha}, {"blank", Ctype::blank},
      {"cntrl", Ctype::cntrl}, {"digit", Ctype::digit}, {"graph", Ctype::graph},
      {"lower", Ctype::lower}, {"print", Ctype::print}, {"punct", Ctype::punct},
      {"space", Ctype::space}, {"upper", Ctype::upper}, {"xdigit", Ctype::xdigit}};
  const std::locale locale;
  const auto& ctype = std::use_facet<Ctype>(locale);
  const auto alike = [&](std::string_view wanted) {
    if (wanted.size() != name.size()) return false;
    for (std::size_t i = 0; i < name.size(); ++i)
      if (ctype.tolower(name[i]) != wanted[i]) return false;
    return true;
  };
  for (const Named& one : classes) {
    if (!alike(one.name)) continue;
    set.add_if([&](char c) {
      return (ctype.is(one.mask, c) || (c == '_' && one.name == "w")) != inverted;
    });
    return true;
  }
  return false;
}

/// The character of a name of POSIX, such as `hyphen` or `a`; -1 for any other name.
///
/// Source: POSIX.1-2017, XBD 6.1, the portable character set.
[[gnu::cold]] inline int named_character(std::string_view name) {
  static constexpr std::string_view until_a =
      "NUL SOH STX ETX EOT ENQ ACK alert backspace tab newline vertical-tab form-feed "
      "carriage-return SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC IS4 IS3 IS2 IS1 space "
      "exclamation-mark quotation-mark number-sign dollar-sign percent-sign ampersand apostrophe "
      "left-parenthesis right-parenthesis asterisk plus-sign comma hyphen period slash zero one "
      "two "
      "three four five six seven eight nine colon semicolon less-than-sign equals-sign "
      "greater-than-sign question-mark commercial-at ";
  static constexpr std::string_view between =
      "left-square-bracket backslash right-square-bracket circumflex underscore grave-accent ";
  static constexpr std::string_view after =
      "left-curly-bracket vertical-line right-curly-bracket tilde DEL ";
  if (name.size() == 1 &&
      ((name[0] >= 'A' && name[0] <= 'Z') || (name[0] >= 'a' && name[0] <= 'z')))
    return name[0];
  const auto place = [&](std::string_view names, int code) {
    for (std::size_t at = 0; at < names.size(); ++code) {
      const std::size_t end = names.find(' ', at);
      if (names.substr(at, end - at) == name) return code;
      at = end + 1;
    }
    return -1;
  };
  if (const int found = place(until_a, 0); found >= 0) return found;
  if (const int found = place(between, '['); found >= 0) return found;
  return place(after, '{');
}

/// All that differ from a character by their case alone, of the program's locale.
[[gnu::cold]] inline void add_equivalents(CharacterSet& set, char of) {
  const std::locale locale;
  const auto& ctype = std::use_facet<std::ctype<char>>(locale);
  const auto& collate = std::use_facet<std::collate<char>>(locale);
  const auto key = [&](char c) {
    c = ctype.tolower(c);
    return collate.transform(&c, &c + 1);
  };
  const std::string wanted = key(of);
  set.add_if([&](char c) { return key(c) == wanted; });
}

}  // namespace parton::detail
