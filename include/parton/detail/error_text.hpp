// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <parton/detail/error_types.hpp>
#include <parton/detail/phrase.hpp>

/// \file What the texts of the errors are put together from.

namespace parton {

namespace detail {

[[gnu::cold]] inline Phrase in_quotes(std::string_view text) { return "'" + Phrase(text) + "'"; }

/// "'a', 'b'"; from eight names on the first three, an ellipsis and the last four.
[[gnu::cold]] inline Phrase brief_list(const std::vector<std::string>& names) {
  Phrase text;
  const std::size_t n = names.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (n > 7 && i == 3) {
      text += ", ...";
      i = n - 5;
      continue;
    }
    if (i > 0) text += ", ";
    text += in_quotes(names[i]);
  }
  return text;
}

[[gnu::cold]] inline Phrase did_you_mean(const std::vector<std::string>& nearest) {
  return nearest.empty() ? Phrase() : " Did you mean " + brief_list(nearest) + "?";
}

}  // namespace detail

namespace errors {

using Text = std::string_view;
using detail::in_quotes;
using string = detail::Phrase;

[[gnu::cold]] inline string to_string(double number) { return string(std::to_string(number)); }
template <std::integral Number>
[[gnu::cold]] string to_string(Number number) {
  if constexpr (std::signed_integral<Number>)
    return string::of(static_cast<long long>(number));
  else
    return string::of(static_cast<unsigned long long>(number));
}

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
