// SPDX-License-Identifier: MIT
#pragma once

#include <regex>
#include <string>
#include <string_view>

#include <parton/detail/pattern.hpp>

/// \file Patterns as std::regex, for what replaces groups. Templates, since std::regex takes
/// seconds to compile, which only those shall wait for who use it.

namespace parton::detail {

/// Compiles a pattern with the checks of NamePattern. \throws PatternError that says where it goes
/// wrong.
template <class Regex = std::regex>
Regex compile_pattern(std::string_view pattern) {
  const auto compile = [](std::string_view view) {
    // A copy that ends in a zero: after a last '(' libstdc++ looks at one character more.
    const std::string text(view);
    auto syntax = Regex::ECMAScript;
#ifdef __GLIBCXX__
    syntax |= std::regex_constants::__polynomial;  // a pattern like (a*)*b in bounded time
#endif
    return Regex(text, syntax);
  };
  return compile_checked<std::regex_error>(
      pattern, compile, [](const std::regex_error& error) { return error.what(); });
}

/// True if the pattern matches from the start of the name; its end is open.
template <class Regex>
bool matches(const Regex& pattern, std::string_view name) {
  return std::regex_search(name.begin(), name.end(), pattern,
                           std::regex_constants::match_continuous);
}

}  // namespace parton::detail
