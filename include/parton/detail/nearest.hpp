// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/detail/compiled.hpp>

/// \file The nearest names to a misspelt one, for error texts.

namespace parton::detail {

/// The number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`
/// (optimal string alignment distance).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Up to three of `candidates`, the nearest first, none of them hopelessly far from `name`.
std::vector<std::string> nearest_names(std::string_view name,
                                       const std::vector<std::string>& candidates);

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE std::size_t edit_distance(std::string_view a, std::string_view b) {
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

PARTON_DETAIL_INLINE std::vector<std::string> nearest_names(
    std::string_view name, const std::vector<std::string>& candidates) {
  // Whoever passes a whole file as a name shall not wait for its distance to every candidate.
  const std::string_view beginning = name.substr(0, 256);
  const std::size_t limit = std::max<std::size_t>(2, beginning.size() / 2);
  constexpr std::size_t most = 3;
  std::size_t distances[most] = {};
  std::vector<std::string> result;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(beginning, candidate);
    // Behind those that are as near.
    std::size_t at = result.size();
    while (at > 0 && distances[at - 1] > distance) --at;
    if (distance > limit || at == most) continue;
    if (result.size() < most) result.emplace_back();
    for (std::size_t i = result.size() - 1; i > at; --i) {
      result[i].swap(result[i - 1]);
      distances[i] = distances[i - 1];
    }
    result[at] = candidate;
    distances[at] = distance;
  }
  return result;
}

#endif

}  // namespace parton::detail
