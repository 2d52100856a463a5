// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <parton/detail/name_automaton.hpp>
#include <parton/detail/name_pattern.hpp>
#include <parton/error.hpp>

/// \file Patterns on names, as filters and init::Mixed take them.

namespace parton::detail {

/// The longest pattern: its reader recurses for every bracket.
inline constexpr std::size_t max_pattern_length = 1024;

/// How large a pattern may grow when its repetitions are written out: its states are that many.
inline constexpr std::size_t max_pattern_size = 10000;

/// What makes a pattern dangerous, found before it is compiled.
struct PatternScan {
  std::size_t back_reference = std::string_view::npos;  // where one is, such as `\1`
  std::size_t size = 0;                                 // with repetitions written out

  explicit PatternScan(std::string_view pattern) {
    std::vector<std::size_t> outer;  // the sizes before each open group
    std::size_t last = 0;            // the size of what a repetition would repeat
    const auto take = [&](std::size_t amount) {
      last = amount;
      size = std::min(size + amount, limit);
    };
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const char c = pattern[i];
      if (c == '\\' && i + 1 < pattern.size()) {
        if (const char next = pattern[++i]; next >= '1' && next <= '9')
          back_reference = std::min(back_reference, i - 1);
        take(1);
      } else if (c == '[') {
        for (++i; i < pattern.size() && pattern[i] != ']'; ++i)
          if (pattern[i] == '\\') ++i;
        take(1);
      } else if (c == '(') {
        outer.push_back(size);
        size = 2;
      } else if (c == ')' && !outer.empty()) {
        const std::size_t inner = size;
        size = outer.back();
        outer.pop_back();
        take(inner);
      } else if (c == '{') {
        const std::size_t times = largest_number(pattern, i);
        size = std::min(size + last * (std::max<std::size_t>(times, 1) - 1), limit);
        last = std::min(last * std::max<std::size_t>(times, 1), limit);
      } else if (c != '*' && c != '+' && c != '?') {
        take(1);
      }
    }
    for (const std::size_t before : outer) size = std::min(size + before, limit);
  }

 private:
  static constexpr std::size_t limit = 1'000'000;  // so that no product overflows

  /// The larger number of `{3,7}`; `at` moves to its last character.
  static std::size_t largest_number(std::string_view pattern, std::size_t& at) {
    std::size_t largest = 0, number = 0;
    while (++at < pattern.size() && pattern[at] != '}') {
      const char c = pattern[at];
      number = c >= '0' && c <= '9'
                   ? std::min(number * 10 + static_cast<std::size_t>(c - '0'), limit)
                   : 0;
      largest = std::max(largest, number);
    }
    return largest;
  }
};

/// What `compile` makes of a pattern; it throws a Fault, whose reason `why` tells, for what is
/// none. \throws PatternError that says where it goes wrong.
template <class Fault, class Compile, class Why>
auto compile_checked(std::string_view pattern, const Compile& compile, const Why& why) {
  if (pattern.size() > max_pattern_length)
    throw errors::pattern_too_long(pattern.size(), max_pattern_length);
  const PatternScan scan(pattern);
  // Only backtracking can follow a back-reference, and that may take exponential time.
  if (scan.back_reference != std::string_view::npos)
    throw errors::back_reference(pattern, scan.back_reference);
  if (scan.size > max_pattern_size)
    throw errors::pattern_repeats_too_much(pattern, max_pattern_size);
  try {
    return compile(pattern);
  } catch (const Fault& fault) {
    // Where it goes wrong: the longest beginning that is a pattern ends right before it.
    std::size_t good = pattern.size(), work = 0;
    while (good-- > 0) {
      // To compile each beginning of a pattern of many repetitions takes seconds.
      if ((work += scan.size) > 200'000) throw errors::bad_pattern(pattern, why(fault));
      try {
        static_cast<void>(compile(pattern.substr(0, good)));
        break;
      } catch (const Fault&) {
        continue;
      }
    }
    throw errors::bad_pattern(pattern, good, why(fault));
  }
}

/// Literal pieces with `.*` between them, which are looked for one after the other.
class LiteralPieces {
 public:
  /// Nothing for any other pattern.
  static std::optional<LiteralPieces> of(std::string_view pattern) {
    LiteralPieces result;
    result.pieces_.emplace_back();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const char c = pattern[i];
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '_' || c == '-';
      const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
      if (plain && std::string_view("*+?{").find(next) == std::string_view::npos)
        result.pieces_.back() += c;
      else if (c == '\\' && next == '.' && pattern.find_first_of("*+?{", i + 2) != i + 2)
        result.pieces_.back() += '.', ++i;
      else if (c == '.' && next == '*' && pattern.find_first_of("*+?{", i + 2) != i + 2)
        result.pieces_.emplace_back(), ++i;
      else
        return std::nullopt;
    }
    return result;
  }

  [[nodiscard]] Match operator()(std::string_view name) const noexcept {
    const std::size_t begin = pieces_[0].size();
    if (begin > 0 && !name.starts_with(pieces_[0])) return Match::no;
    std::size_t at = begin, found = begin;
    for (std::size_t i = 1; i < pieces_.size(); ++i) {
      const std::string_view piece = pieces_[i];
      // The last piece often ends the name: `.*weight`. Any place will do for it, since what
      // follows is open.
      if (i + 1 == pieces_.size() && name.size() - at >= piece.size() && name.ends_with(piece))
        found = name.size() - piece.size();
      else if ((found = name.find(piece, at)) == std::string_view::npos)
        return Match::no;
      at = found + piece.size();
    }
    // `.` does not cross lines.
    return has_line_end(name.substr(begin, found - begin)) ? Match::unknown : Match::yes;
  }

 private:
  /// Whether there is a `\n` or `\r`, looked for in eight characters at once.
  static bool has_line_end(std::string_view text) noexcept {
    constexpr std::size_t word_size = 8;
    constexpr std::uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    const auto has = [](std::uint64_t word, char c) {
      const std::uint64_t zero = word ^ (ones * static_cast<unsigned char>(c));
      return ((zero - ones) & ~zero & tops) != 0;
    };
    const auto found_at = [&](std::size_t at) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, word_size);
      return has(word, '\n') || has(word, '\r');
    };
    if (text.size() < word_size)
      return std::any_of(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; });
    for (std::size_t at = 0; at + word_size < text.size(); at += word_size)
      if (found_at(at)) return true;
    return found_at(text.size() - word_size);
  }

  std::vector<std::string> pieces_;
};

/// A pattern on names, compiled for many of them. May be used by many threads.
class NamePattern {
 public:
  /// \throws PatternError that says where it goes wrong.
  explicit NamePattern(std::string_view pattern)
      : automaton_(compile_checked<PatternFault>(
            pattern, [](std::string_view text) { return NameAutomaton(text); },
            [](const PatternFault& fault) { return fault.what; })),
        pieces_(LiteralPieces::of(pattern)) {}

  /// True if the pattern matches from the start of the name; its end is open.
  [[nodiscard]] bool operator()(std::string_view name) const {
    const Match quick = pieces_ ? (*pieces_)(name) : Match::unknown;
    return quick == Match::unknown ? automaton_(name) : quick == Match::yes;
  }

 private:
  NameAutomaton automaton_;
  std::optional<LiteralPieces> pieces_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE std::shared_ptr<const NamePattern> make_name_pattern(
    std::string_view pattern) {
  return std::make_shared<const NamePattern>(pattern);
}

PARTON_DETAIL_INLINE bool matches(const NamePattern& pattern, std::string_view name) {
  return pattern(name);
}

#endif

}  // namespace parton::detail
