// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

/// \file How tables and bars write numbers: the same in every locale.

namespace parton::detail {

/// At most `digits` significant digits, as printf's %g writes them; a zero has no sign.
inline std::string short_number(double x, int digits = 4) {
  if (std::isnan(x)) return "nan";
  if (x == 0) return "0";
  char text[48];
  const auto end = std::to_chars(text, text + sizeof text, x, std::chars_format::general, digits);
  return std::string(text, end.ptr);
}

/// Exactly `decimals` digits after the point: `97.3`.
inline std::string fixed_number(double x, int decimals) {
  if (!(std::abs(x) < 1e15)) return short_number(x);
  char text[48];
  const auto end = std::to_chars(text, text + sizeof text, x, std::chars_format::fixed, decimals);
  return std::string(text, end.ptr);
}

/// Spaces up to a width, before or after.
inline std::string padded_left(std::string_view text, std::size_t width) {
  return std::string(text.size() < width ? width - text.size() : 0, ' ').append(text);
}
inline std::string padded_right(std::string_view text, std::size_t width) {
  return std::string(text).append(text.size() < width ? width - text.size() : 0, ' ');
}

}  // namespace parton::detail
