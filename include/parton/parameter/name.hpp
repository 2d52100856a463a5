// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/error.hpp>

namespace parton {

/// The longest name that a block, a child or a parameter may have. It bounds every full name, and so
/// the recursion of a regular expression that is matched against one.
inline constexpr std::size_t max_name_length = 128;

namespace detail {

/// Checks a name that becomes part of names and paths: letters, digits, '_' and '-', at most
/// max_name_length of them. \throws NameError
inline void check_name(std::string_view name) {
  if (name.empty()) throw errors::empty_name();
  if (name.size() > max_name_length) throw errors::name_too_long(name.substr(0, 32), name.size(), max_name_length);
  for (const char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
      throw errors::bad_name_character(name);
}

/// The number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`
/// (optimal string alignment distance).
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) current[j] = std::min(current[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

/// Up to three of `candidates`, the nearest first, none of them hopelessly far from `name`.
inline std::vector<std::string> nearest_names(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string_view short_name = name.substr(0, 2 * max_name_length);
  const std::size_t limit = std::max<std::size_t>(2, short_name.size() / 2);
  std::vector<std::pair<std::size_t, const std::string*>> found;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(short_name, candidate);
    if (distance <= limit) found.emplace_back(distance, &candidate);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> result;
  for (std::size_t i = 0; i < found.size() && i < 3; ++i) result.push_back(*found[i].second);
  return result;
}

}  // namespace detail

}  // namespace parton
