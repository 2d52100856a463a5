// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <regex>
#include <string_view>

#include <parton/error.hpp>

/// \file Patterns on names, as filters and init::Mixed take them.

namespace parton::detail {

/// The longest pattern: the compiler of std::regex recurses for every bracket.
inline constexpr std::size_t max_pattern_length = 1024;

/// Compiles a pattern. \throws PatternError that says where it goes wrong.
inline std::regex compile_pattern(std::string_view pattern) {
  if (pattern.size() > max_pattern_length)
    throw errors::pattern_too_long(pattern.size(), max_pattern_length);
  const auto compile = [](std::string_view text) {
#ifdef __GLIBCXX__
    // Backtracking takes exponential time for a pattern like (a*)*b; only back-references need it.
    try {
      return std::regex(text.data(), text.size(),
                        std::regex::ECMAScript | std::regex_constants::__polynomial);
    } catch (const std::regex_error& error) {
      if (error.code() != std::regex_constants::error_complexity) throw;
    }
#endif
    return std::regex(text.data(), text.size(), std::regex::ECMAScript);
  };
  try {
    return compile(pattern);
  } catch (const std::regex_error& error) {
    // The standard does not tell where: the longest beginning that is a pattern ends right before
    // it.
    std::size_t good = pattern.size();
    while (good-- > 0) {
      try {
        static_cast<void>(compile(pattern.substr(0, good)));
        break;
      } catch (const std::regex_error&) {
        continue;
      }
    }
    throw errors::bad_pattern(pattern, good, error.what());
  }
}

/// True if the pattern matches from the start of the name; its end is open.
inline bool matches(const std::regex& pattern, std::string_view name) {
  return std::regex_search(name.begin(), name.end(), pattern,
                           std::regex_constants::match_continuous);
}

}  // namespace parton::detail
