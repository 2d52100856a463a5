// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <parton/detail/error_types.hpp>

/// \file What the texts of the errors are put together from.

namespace parton {

namespace detail {

[[gnu::cold]] inline std::string in_quotes(std::string_view text) {
  return "'" + std::string(text) + "'";
}

/// "'a', 'b'"; from eight names on the first three, an ellipsis and the last four.
[[gnu::cold]] inline std::string brief_list(const std::vector<std::string>& names) {
  std::string text;
  const std::size_t n = names.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (n > 7 && i == 3) {
      text += ", ...";
      i = n - 5;
      continue;
    }
    text += (i > 0 ? ", " : "") + in_quotes(names[i]);
  }
  return text;
}

[[gnu::cold]] inline std::string did_you_mean(const std::vector<std::string>& nearest) {
  return nearest.empty() ? std::string() : " Did you mean " + brief_list(nearest) + "?";
}

}  // namespace detail

namespace errors {

using Text = std::string_view;
using detail::in_quotes;
using std::string;
using std::to_string;

[[gnu::cold]] inline string shown(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

[[gnu::cold]] inline string place_in_tree(Text path) {
  return path.empty() ? string("the outermost block") : in_quotes(path);
}

}  // namespace errors

}  // namespace parton
