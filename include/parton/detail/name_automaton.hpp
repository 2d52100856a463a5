// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

/// \file Patterns as tables, many times faster than std::regex over the names of a large net.

namespace parton::detail {

/// What a fast matcher says of a name; `unknown` for what only std::regex can tell.
enum class Match { no, yes, unknown };

/// A pattern without assertions and back-references as an automaton that takes a step for each
/// character. Its answers are those of std::regex: a match from the start with an open end.
///
/// Source: Thompson, "Regular expression search algorithm", 1968, and the subset construction, done
/// once at the start, so that a const automaton may be used by many threads.
class NameAutomaton {
 public:
  /// Nothing for a pattern that is not so simple, or whose table would be large. `pattern` is one
  /// that std::regex takes.
  static std::optional<NameAutomaton> of(std::string_view pattern) {
    Parser parser{pattern};
    const auto root = parser.alternatives(0);
    if (!root || parser.at != pattern.size()) return std::nullopt;
    std::vector<State> states{State{}};  // the first one accepts
    const std::size_t start = emit(parser.nodes, *root, 0, states);
    NameAutomaton result;
    if (states.size() > max_states || !result.tabulate(states, start)) return std::nullopt;
    return result;
  }

  [[nodiscard]] Match operator()(std::string_view name) const noexcept {
    const std::uint16_t* const table = table_.data();
    std::size_t row = first_row_;
    if (row <= accepting) return row == accepting ? Match::yes : Match::no;
    for (const char c : name) {
      const std::size_t column = column_of(c);
      if (column >= columns) return Match::unknown;  // lines and other alphabets: leave it
      row = table[row + column];
      if (row <= accepting) return row == accepting ? Match::yes : Match::no;
    }
    return Match::no;
  }

 private:
  static constexpr std::size_t columns = 95;  // the printable characters of ASCII
  static constexpr std::size_t max_states = 400, max_rows = 200, max_depth = 50;
  // Rows are known by where they begin in the table. Two of them decide.
  static constexpr std::size_t failing = 0, accepting = columns;
  static constexpr std::size_t endless = std::numeric_limits<std::size_t>::max();
  using Set = std::bitset<columns>;

  static std::size_t column_of(char c) noexcept {
    return static_cast<std::size_t>(static_cast<unsigned char>(c)) - 32;
  }

  struct Node {
    enum Kind { set, sequence, choice, repeat } kind;
    Set characters = {};
    std::vector<std::size_t> parts = {};
    std::size_t least = 0, most = 0;
  };

  /// Reads what it can, and gives up on everything else.
  struct Parser {
    std::string_view text;
    std::size_t at = 0;
    std::vector<Node> nodes = {};
    using Found = std::optional<std::size_t>;

    [[nodiscard]] bool is_at(char c) const { return at < text.size() && text[at] == c; }
    bool skip(char c) { return is_at(c) && (++at, true); }
    Found add(Node node) {
      nodes.push_back(std::move(node));
      return nodes.size() - 1;
    }

    Found alternatives(std::size_t depth) {
      Node result{Node::choice};
      do {
        const Found one = sequence(depth);
        if (!one) return std::nullopt;
        result.parts.push_back(*one);
      } while (skip('|'));
      return add(std::move(result));
    }

    Found sequence(std::size_t depth) {
      Node result{Node::sequence};
      while (at < text.size() && !is_at('|') && !is_at(')')) {
        Found one = atom(depth);
        if (one) one = repeated(*one);
        if (!one) return std::nullopt;
        result.parts.push_back(*one);
      }
      return add(std::move(result));
    }

    Found atom(std::size_t depth) {
      const char c = text[at++];
      if (c == '(') {
        if (depth == max_depth) return std::nullopt;
        if (skip('?') && !skip(':')) return std::nullopt;
        const Found inner = alternatives(depth + 1);
        return skip(')') ? inner : std::nullopt;
      }
      Set set;
      if (c == '.')
        set.set();
      else if (c == '[')
        return bracket(set) ? add({Node::set, set}) : std::nullopt;
      else if (c == '\\')
        return escape(set) ? add({Node::set, set}) : std::nullopt;
      else if (std::string_view("^$*+?{}])").find(c) != std::string_view::npos ||
               column_of(c) >= columns)
        return std::nullopt;
      else
        set.set(column_of(c));
      return add({Node::set, set});
    }

    /// After a backslash: punctuation for itself, or a class.
    bool escape(Set& set) {
      if (at == text.size()) return false;
      const char c = text[at++];
      const std::size_t column = column_of(c);
      if (column >= columns) return false;
      if (c == 'd' || c == 'D')
        add_range(set, '0', '9');
      else if (c == 'w' || c == 'W')
        add_range(set, '0', '9'), add_range(set, 'a', 'z'), add_range(set, 'A', 'Z'),
            set.set(column_of('_'));
      else if (c == 's' || c == 'S')
        set.set(column_of(' '));
      else if (is_letter(c) || is_digit(c) || c == '_')
        return false;
      else
        set.set(column);
      if (c == 'D' || c == 'W' || c == 'S') set.flip();
      return true;
    }

    bool bracket(Set& set) {
      const bool inverted = skip('^');
      while (!is_at(']')) {
        if (at == text.size()) return false;
        const char c = text[at++];
        // Ranges of letters or of digits; what else may stand in brackets is left to std::regex.
        if (c == '\\') {
          Set one;
          if (!escape(one) || is_at('-')) return false;
          set |= one;
          continue;
        }
        if (!is_letter(c) && !is_digit(c) && c != '_' && c != '.') return false;
        char last = c;
        if (skip('-')) {
          if (at == text.size()) return false;
          last = text[at++];
          const bool alike = (is_digit(c) && is_digit(last)) || (is_lower(c) && is_lower(last)) ||
                             (is_upper(c) && is_upper(last));
          if (!alike || last < c) return false;
        }
        add_range(set, c, last);
      }
      if (set.none() || !skip(']')) return false;
      if (inverted) set.flip();
      return true;
    }

    Found repeated(std::size_t part) {
      std::size_t least = 1, most = 1;
      if (skip('*'))
        least = 0, most = endless;
      else if (skip('+'))
        most = endless;
      else if (skip('?'))
        least = 0;
      else if (skip('{')) {
        if (!read_number(least)) return std::nullopt;
        most = least;
        if (skip(',') && !read_number(most)) most = endless;
        if (!skip('}') || most < least) return std::nullopt;
      } else {
        return part;
      }
      skip('?');  // lazy or greedy: a match is a match
      if (is_at('*') || is_at('+') || is_at('?') || is_at('{')) return std::nullopt;
      return add({Node::repeat, {}, {part}, least, most});
    }

    bool read_number(std::size_t& number) {
      if (at == text.size() || !is_digit(text[at])) return false;
      number = 0;
      while (at < text.size() && is_digit(text[at]))
        number = std::min<std::size_t>(number * 10 + static_cast<std::size_t>(text[at++] - '0'),
                                       max_states);
      return true;
    }

    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
    static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
    static bool is_letter(char c) { return is_lower(c) || is_upper(c); }
    static void add_range(Set& set, char first, char last) {
      for (char c = first; c <= last; ++c) set.set(column_of(c));
    }
  };

  /// Goes on to `next` at one of the characters, or, without characters, to all of `also`.
  struct State {
    Set characters = {};
    std::size_t next = 0;
    std::vector<std::size_t> also = {};
  };

  /// The state from which a node's matches lead to `next`. Stops adding once there are too many.
  static std::size_t emit(const std::vector<Node>& nodes, std::size_t which, std::size_t next,
                          std::vector<State>& states) {
    const auto add = [&](State state) {
      states.push_back(std::move(state));
      return states.size() - 1;
    };
    if (states.size() > max_states) return next;
    const Node& node = nodes[which];
    switch (node.kind) {
      case Node::set:
        return add({node.characters, next});
      case Node::sequence:
        for (std::size_t i = node.parts.size(); i-- > 0;)
          next = emit(nodes, node.parts[i], next, states);
        return next;
      case Node::choice: {
        State fork;
        for (const std::size_t part : node.parts)
          fork.also.push_back(emit(nodes, part, next, states));
        return add(std::move(fork));
      }
      case Node::repeat: {
        std::size_t start = next;
        if (node.most == endless) {
          start = add({{}, 0, {next}});
          const std::size_t body = emit(nodes, node.parts[0], start, states);
          states[start].also.push_back(body);
        } else {
          for (std::size_t i = node.least; i < node.most && states.size() <= max_states; ++i)
            start = add({{}, 0, {next, emit(nodes, node.parts[0], start, states)}});
        }
        for (std::size_t i = 0; i < node.least && states.size() <= max_states; ++i)
          start = emit(nodes, node.parts[0], start, states);
        return start;
      }
    }
    return next;
  }

  using Active = std::vector<std::size_t>;  // sorted

  /// Adds a state and all that are reached from it without a character.
  static void reach(const std::vector<State>& states, std::size_t state, std::vector<bool>& seen,
                    Active& active) {
    Active open{state};
    while (!open.empty()) {
      const std::size_t one = open.back();
      open.pop_back();
      if (seen[one]) continue;
      seen[one] = true;
      active.push_back(one);
      open.insert(open.end(), states[one].also.begin(), states[one].also.end());
    }
  }

  /// False if there would be too many rows.
  bool tabulate(const std::vector<State>& states, std::size_t start) {
    std::map<Active, std::size_t> rows;
    std::vector<Active> todo{{}, {}};
    const auto row_of = [&](const Active& from) -> std::size_t {
      Active active;
      std::vector<bool> seen(states.size());
      for (const std::size_t state : from) reach(states, state, seen, active);
      if (active.empty()) return failing;
      if (seen[0]) return accepting;
      std::sort(active.begin(), active.end());
      const auto [at, fresh] = rows.emplace(std::move(active), todo.size() * columns);
      if (fresh) todo.push_back(at->first);
      return at->second;
    };
    first_row_ = row_of({start});
    table_.assign(2 * columns, 0);
    for (std::size_t row = 2; row < todo.size(); ++row) {
      if (row == max_rows) return false;
      const Active active = todo[row];
      for (std::size_t column = 0; column < columns; ++column) {
        Active next;
        for (const std::size_t state : active)
          if (states[state].characters[column]) next.push_back(states[state].next);
        table_.push_back(static_cast<std::uint16_t>(row_of(next)));
      }
    }
    return true;
  }

  std::vector<std::uint16_t> table_;  // a row of columns for each set of states
  std::size_t first_row_ = failing;
};

}  // namespace parton::detail
