// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// \file The nearest names to a misspelt one, for error texts.

namespace parton::detail {

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
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        current[j] = std::min(current[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

/// Up to three of `candidates`, the nearest first, none of them hopelessly far from `name`.
inline std::vector<std::string> nearest_names(std::string_view name,
                                              const std::vector<std::string>& candidates) {
  // Whoever passes a whole file as a name shall not wait for its distance to every candidate.
  const std::string_view beginning = name.substr(0, 256);
  const std::size_t limit = std::max<std::size_t>(2, beginning.size() / 2);
  std::vector<std::pair<std::size_t, const std::string*>> found;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(beginning, candidate);
    if (distance <= limit) found.emplace_back(distance, &candidate);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> result;
  for (std::size_t i = 0; i < found.size() && i < 3; ++i) result.push_back(*found[i].second);
  return result;
}

}  // namespace parton::detail
