// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <parton/detail/character_set.hpp>
#include <parton/detail/pattern_scanner.hpp>

/// \file The structure of a pattern.

namespace parton::detail {

/// A part of a pattern. Parts of parts are chained: `first`, its `sibling`, and so on.
struct PatternNode {
  enum Kind : unsigned char {
    characters,     // one of a set
    sequence,       // its parts one after the other
    choice,         // one of its parts
    repeat,         // its part, `least` to `most` times
    line_begin,     // ^
    line_end,       // $
    word_boundary,  // \b, or \B if negated
    ahead           // (?=...), or (?!...) if negated
  };
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  Kind kind;
  bool negated = false;
  std::uint32_t first = none, sibling = none;
  std::uint32_t set = 0;
  std::uint32_t least = 0, most = 0;
  std::size_t weight = 0;  // the states that a copy of it takes in std::regex
};

/// A pattern as a tree. It takes what std::regex takes as an ECMAScript expression without
/// back-references, gives up at the same place for the same reason, and counts states as that does,
/// so that it has the same limit.
///
/// Source: ECMA-262 3rd edition, 15.10, with the changes of [re.grammar] in the C++ standard.
struct PatternParser {
  std::vector<PatternNode> nodes;
  std::vector<CharacterSet> sets;
  std::uint32_t root = 0;

  /// \throws PatternFault
  explicit PatternParser(std::string_view text) : scanner_(text) {
    count(1);
    root = alternatives();
    if (scanner_.token() != Token::end) throw PatternFault{fault_paren};
    count(2);
  }

 private:
  using Token = PatternScanner::Token;
  using Id = std::uint32_t;
  static constexpr std::size_t max_states = 100000;

  bool skip(Token token) {
    if (scanner_.token() != token) return false;
    scanner_.advance();
    return true;
  }
  void count(std::size_t states) {
    if ((states_ += states) > max_states) throw PatternFault{fault_space};
  }
  Id add(PatternNode node) {
    nodes.push_back(node);
    return static_cast<Id>(nodes.size() - 1);
  }
  Id add_set(const CharacterSet& set) {
    count(1);
    sets.push_back(set);
    PatternNode node{PatternNode::characters};
    node.set = static_cast<Id>(sets.size() - 1);
    node.weight = 1;
    return add(node);
  }
  /// What the current token holds, in a set of its own; goes on to the next one.
  Id add_one(bool (*fill)(CharacterSet&, const PatternScanner&)) {
    CharacterSet set;
    fill(set, scanner_);
    scanner_.advance();
    return add_set(set);
  }

  Id alternatives() {
    const Id one = sequence();
    if (scanner_.token() != Token::bar) return one;
    PatternNode choice{PatternNode::choice};
    choice.first = one;
    choice.weight = nodes[one].weight;
    for (Id last = one; skip(Token::bar);) {
      const Id next = sequence();
      count(2);
      choice.weight += nodes[next].weight + 2;
      nodes[last].sibling = next;
      last = next;
    }
    return add(choice);
  }

  Id sequence() {
    PatternNode result{PatternNode::sequence};
    for (Id last = PatternNode::none;;) {
      const Id next = term();
      if (next == PatternNode::none) break;
      (last == PatternNode::none ? result.first : nodes[last].sibling) = next;
      last = next;
      result.weight += nodes[next].weight;
    }
    count(1);
    ++result.weight;
    return add(result);
  }

  /// none at what begins no term.
  Id term() {
    const Token token = scanner_.token();
    if (token == Token::line_begin || token == Token::line_end || token == Token::word_boundary ||
        token == Token::open_ahead) {
      PatternNode node{token == Token::line_begin      ? PatternNode::line_begin
                       : token == Token::line_end      ? PatternNode::line_end
                       : token == Token::word_boundary ? PatternNode::word_boundary
                                                       : PatternNode::ahead};
      node.negated = scanner_.negated();
      node.weight = 1;
      scanner_.advance();
      if (token == Token::open_ahead) {
        node.first = alternatives();
        close();
        count(1);
        node.weight = nodes[node.first].weight + 2;
      }
      count(1);
      return add(node);
    }
    Id result = atom();
    if (result != PatternNode::none)
      while (repeated(result)) continue;
    return result;
  }

  void close() {
    if (!skip(Token::close)) throw PatternFault{fault_paren};
  }

  Id atom() {
    switch (scanner_.token()) {
      case Token::any:
        return add_one([](CharacterSet& set, const PatternScanner&) {
          set.add('\n'), set.add('\r'), set.flip();
          return true;
        });
      case Token::character:
        return add_one([](CharacterSet& set, const PatternScanner& scanner) {
          set.add(scanner.character());
          return true;
        });
      case Token::shorthand:
        return add_one([](CharacterSet& set, const PatternScanner& scanner) {
          return add_class(set, scanner.value(), scanner.negated());
        });
      case Token::reference:
        scanner_.advance();
        throw PatternFault{"Unexpected back-reference in polynomial mode."};
      case Token::open:
      case Token::open_plain: {
        const bool counted = scanner_.token() == Token::open;
        scanner_.advance();
        count(1);
        const Id inner = alternatives();
        close();
        if (counted) count(1);
        // A node of its own, whose sibling is not that of its content.
        PatternNode group{PatternNode::sequence};
        group.first = inner;
        group.weight = nodes[inner].weight + (counted ? 2 : 1);
        return add(group);
      }
      case Token::bracket:
        return bracket();
      default:
        return PatternNode::none;
    }
  }

  Id repetition(Id part, std::uint32_t least, std::uint32_t most, std::size_t weight) {
    PatternNode node{PatternNode::repeat};
    node.first = part;
    node.least = least;
    node.most = most;
    node.weight = weight;
    return add(node);
  }

  /// Lazy or greedy: a match is a match.
  bool repeated(Id& part) {
    const std::size_t weight = nodes[part].weight;
    switch (scanner_.token()) {
      case Token::star:
      case Token::plus: {
        const std::uint32_t least = scanner_.token() == Token::plus ? 1 : 0;
        scanner_.advance();
        skip(Token::question);
        count(1);
        part = repetition(part, least, PatternNode::none, weight + 1);
        return true;
      }
      case Token::question:
        scanner_.advance();
        skip(Token::question);
        count(2);
        part = repetition(part, 0, 1, weight + 2);
        return true;
      case Token::brace:
        scanner_.advance();
        part = times(part, weight);
        return true;
      default:
        return false;
    }
  }

  Id times(Id part, std::size_t weight) {
    if (scanner_.token() != Token::number) throw PatternFault{fault_badbrace};
    const int least = scanner_.number();
    scanner_.advance();
    count(1);
    long long most = least;
    bool endless = false;
    if (skip(Token::comma)) {
      endless = scanner_.token() != Token::number;
      if (!endless) {
        most = scanner_.number();
        scanner_.advance();
      }
    }
    if (!skip(Token::brace_end)) throw PatternFault{fault_brace};
    skip(Token::question);
    std::size_t total = 1;
    const auto copies = [&](long long n, std::size_t states) {
      for (long long i = 0; i < n; ++i) count(states), total += states;
    };
    copies(least, weight);
    if (endless) {
      copies(1, weight + 1);
    } else {
      if (most < least) throw PatternFault{fault_badbrace};
      copies(1, 1);
      copies(most - least, weight + 1);
    }
    const std::uint32_t from = least < 0 ? 0 : static_cast<std::uint32_t>(least);
    return repetition(part, from,
                      endless ? PatternNode::none : static_cast<std::uint32_t>(most < 0 ? 0 : most),
                      total);
  }

  Id bracket() {
    const bool inverted = scanner_.negated();
    scanner_.advance();
    CharacterSet set;
    // What stands before a dash: a character that may begin a range, a class, or nothing.
    enum { nothing, single, other } before = nothing;
    char last = 0;
    const auto push = [&](char c) { set.add(c), last = c, before = single; };
    if (scanner_.token() == Token::character) {
      push(scanner_.character());
      scanner_.advance();
    } else if (skip(Token::dash)) {
      push('-');
    }
    while (!skip(Token::bracket_end)) {
      const PatternScanner at = scanner_;
      if (skip(Token::symbol)) {
        const int found = named_character(at.value());
        if (found < 0) throw PatternFault{"Invalid collate element."};
        push(static_cast<char>(found));
      } else if (skip(Token::equivalents)) {
        const int found = named_character(at.value());
        if (found < 0) throw PatternFault{"Invalid equivalence class."};
        add_equivalents(set, static_cast<char>(found));
        before = other;
      } else if (skip(Token::class_name)) {
        if (!add_class(set, at.value(), false)) throw PatternFault{"Invalid character class."};
        before = other;
      } else if (skip(Token::character)) {
        push(at.character());
      } else if (skip(Token::dash)) {
        if (skip(Token::bracket_end)) {
          push('-');
          break;
        }
        if (before == other)
          throw PatternFault{"Invalid start of '[x-x]' range in regular expression"};
        if (before == single) {
          const PatternScanner end = scanner_;
          if (!skip(Token::character) && !skip(Token::dash))
            throw PatternFault{"Invalid end of '[x-x]' range in regular expression"};
          const char to = end.token() == Token::dash ? '-' : end.character();
          if (last > to) throw PatternFault{"Invalid range in bracket expression."};
          set.add_if([&](char c) { return last <= c && c <= to; });
          before = nothing;
        } else {
          push('-');
        }
      } else if (skip(Token::shorthand)) {
        add_class(set, at.value(), at.negated());
        before = other;
      } else {
        throw PatternFault{"Unexpected character within '[...]' in regular expression"};
      }
    }
    if (inverted) set.flip();
    return add_set(set);
  }

  static constexpr const char* fault_paren = PatternFault::paren;
  static constexpr const char* fault_brace = PatternFault::brace;
  static constexpr const char* fault_badbrace = PatternFault::badbrace;
  static constexpr const char* fault_space =
      "Number of NFA states exceeds limit. Please use shorter regex string, or use smaller brace "
      "expression, or make _GLIBCXX_REGEX_STATE_LIMIT larger.";

  PatternScanner scanner_;
  std::size_t states_ = 0;
};

}  // namespace parton::detail
