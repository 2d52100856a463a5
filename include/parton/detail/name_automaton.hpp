// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/detail/pattern_parser.hpp>

/// \file Patterns as automata: compiled much faster than std::regex, and many times faster over the
/// names of a large net.

namespace parton::detail {

/// What a fast matcher says of a name; `unknown` for what it leaves to a slower one.
enum class Match { no, yes, unknown };

/// A pattern as an automaton. Its answers are those of std::regex: a match from the start with an
/// open end.
///
/// Source: Thompson, "Regular expression search algorithm", 1968, and the subset construction, done
/// once at the start, so that a const automaton may be used by many threads.
class NameAutomaton {
 public:
  /// \throws PatternFault for a text that is no pattern
  explicit NameAutomaton(std::string_view pattern) : NameAutomaton(PatternParser(pattern)) {}

  [[nodiscard]] bool operator()(std::string_view name) const {
    const Match quick = by_table(name);
    return quick == Match::unknown ? search(start_, name) : quick == Match::yes;
  }

  /// A step for each character of the name, if there is a table and it knows all of them.
  [[nodiscard]] Match by_table(std::string_view name) const noexcept {
    if (table_.empty()) return Match::unknown;
    const std::uint16_t* const table = table_.data();
    std::size_t row = first_row_;
    if (row <= accepting) return row == accepting ? Match::yes : Match::no;
    for (const char c : name) {
      const std::size_t column = column_of(c);
      if (column >= columns) return Match::unknown;  // lines and other alphabets
      row = table[row + column];
      if (row <= accepting) return row == accepting ? Match::yes : Match::no;
    }
    return Match::no;
  }
  /// False for a pattern with assertions, and for one whose table would be large.
  [[nodiscard]] bool has_table() const noexcept { return !table_.empty(); }

 private:
  using Id = std::uint32_t;
  static constexpr std::size_t columns = 95;  // the printable characters of ASCII
  static constexpr std::size_t max_states = 400, max_rows = 200;
  // Rows are known by where they begin in the table. Two of them decide.
  static constexpr std::size_t failing = 0, accepting = columns;

  static std::size_t column_of(char c) noexcept {
    return static_cast<std::size_t>(static_cast<unsigned char>(c)) - 32;
  }

  /// Goes on to `next` at one of the characters of `other`, if an assertion holds, or as a fork to
  /// both `next` and `other`.
  struct State {
    enum Kind : unsigned char { accept, characters, fork, assertion } kind = accept;
    PatternNode::Kind asserted = PatternNode::characters;
    bool negated = false;
    Id next = 0, other = 0;
  };

  explicit NameAutomaton(PatternParser parser) : sets_(std::move(parser.sets)) {
    states_.push_back({});  // the first one accepts
    start_ = emit(parser.nodes, parser.root, 0);
    tabulate();
  }

  Id add(State state) {
    states_.push_back(state);
    return static_cast<Id>(states_.size() - 1);
  }
  Id fork(Id next, Id other) {
    return add({State::fork, PatternNode::characters, false, next, other});
  }

  /// The state from which a node's matches lead to `next`.
  Id emit(const std::vector<PatternNode>& nodes, Id which, Id next) {
    const PatternNode& node = nodes[which];
    switch (node.kind) {
      case PatternNode::characters:
        return add({State::characters, node.kind, false, next, node.set});
      case PatternNode::sequence: {
        std::vector<Id> parts;
        for (Id at = node.first; at != PatternNode::none; at = nodes[at].sibling)
          parts.push_back(at);
        for (std::size_t i = parts.size(); i-- > 0;) next = emit(nodes, parts[i], next);
        return next;
      }
      case PatternNode::choice: {
        Id start = emit(nodes, node.first, next);
        for (Id at = nodes[node.first].sibling; at != PatternNode::none; at = nodes[at].sibling)
          start = fork(start, emit(nodes, at, next));
        return start;
      }
      case PatternNode::repeat: {
        Id start = next, copies = node.least;
        if (node.most == PatternNode::none) {
          start = fork(next, next);
          const Id body = emit(nodes, node.first, start);
          states_[start].other = body;
          // `+` is one copy, entered at its beginning: two would double with each level of them.
          if (copies > 0) --copies, start = body;
        } else {
          for (Id i = node.least; i < node.most; ++i)
            start = fork(next, emit(nodes, node.first, start));
        }
        for (; copies > 0; --copies) start = emit(nodes, node.first, start);
        return start;
      }
      case PatternNode::ahead: {
        const Id inner = emit(nodes, node.first, 0);
        return add({State::assertion, node.kind, node.negated, next, inner});
      }
      default:
        return add({State::assertion, node.kind, node.negated, next, 0});
    }
  }

  /// Walks all states that the name leads to at once. As in std::regex, what looks ahead takes its
  /// own place for the beginning.
  [[nodiscard]] bool search(Id start, std::string_view name) const {
    std::vector<Id> open{start}, following;
    std::vector<std::size_t> seen(states_.size(), std::string_view::npos);  // at which place
    for (std::size_t at = 0;; ++at) {
      following.clear();
      while (!open.empty()) {
        const Id one = open.back();
        open.pop_back();
        if (seen[one] == at) continue;
        seen[one] = at;
        const State& state = states_[one];
        switch (state.kind) {
          case State::accept:
            return true;
          case State::characters:
            if (at < name.size() && sets_[state.other].contains(name[at]))
              following.push_back(state.next);
            break;
          case State::fork:
            open.push_back(state.other);
            open.push_back(state.next);
            break;
          case State::assertion:
            if (holds(state, name, at) != state.negated) open.push_back(state.next);
            break;
        }
      }
      if (following.empty()) return false;
      open.swap(following);
    }
  }

  [[nodiscard]] bool holds(const State& state, std::string_view name, std::size_t at) const {
    switch (state.asserted) {
      case PatternNode::line_begin:
        return at == 0;
      case PatternNode::line_end:
        return at == name.size();
      case PatternNode::ahead:
        return search(state.other, name.substr(at));
      default: {
        const bool before = at > 0 && words_.contains(name[at - 1]);
        return before != (at < name.size() && words_.contains(name[at]));
      }
    }
  }

  using Active = std::vector<Id>;  // sorted states

  /// All states that are reached from some without a character.
  [[nodiscard]] Active reached(Active open) const {
    std::vector<bool> seen(states_.size());
    while (!open.empty()) {
      const Id one = open.back();
      open.pop_back();
      if (seen[one]) continue;
      seen[one] = true;
      if (states_[one].kind != State::fork) continue;
      open.push_back(states_[one].other);
      open.push_back(states_[one].next);
    }
    Active active;
    for (Id one = 0; one < states_.size(); ++one)
      if (seen[one] && states_[one].kind != State::fork) active.push_back(one);
    return active;
  }

  /// Makes the table, unless the pattern is not so simple or the table would be large.
  void tabulate() {
    const auto is_assertion = [](const State& state) { return state.kind == State::assertion; };
    if (std::any_of(states_.begin(), states_.end(), is_assertion)) {
      add_class(words_, "w", false);
      return;
    }
    if (states_.size() > max_states) return;
    std::vector<Active> rows(2);
    const auto row_of = [&](Active from) -> std::size_t {
      Active active = reached(std::move(from));
      if (active.empty()) return failing;
      if (active[0] == 0) return accepting;
      const auto at = std::find(rows.begin() + 2, rows.end(), active);
      const auto row = static_cast<std::size_t>(at - rows.begin());
      if (at == rows.end()) rows.push_back(std::move(active));
      return row * columns;
    };
    first_row_ = row_of({start_});
    std::vector<std::uint16_t> table(2 * columns);
    for (std::size_t row = 2; row < rows.size(); ++row) {
      if (row == max_rows) return;
      const Active active = rows[row];
      Active last, next;  // neighbours often lead to the same states
      for (std::size_t column = 0; column < columns; ++column) {
        next.clear();
        for (const Id state : active)
          if (sets_[states_[state].other].contains(static_cast<char>(column + 32)))
            next.push_back(states_[state].next);
        table.push_back(column > 0 && next == last ? table.back()
                                                   : static_cast<std::uint16_t>(row_of(next)));
        last.swap(next);
      }
    }
    table_ = std::move(table);
  }

  std::vector<CharacterSet> sets_;
  std::vector<State> states_;
  Id start_ = 0;
  CharacterSet words_;                // for \b
  std::vector<std::uint16_t> table_;  // a row of columns for each set of states
  std::size_t first_row_ = failing;
};

}  // namespace parton::detail
