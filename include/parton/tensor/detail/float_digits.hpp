// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include <parton/tensor/scalar.hpp>

namespace parton::detail {

/// A number as text: shortest digits that read back as the same number, at most `limit` after the
/// point, trailing zeros cut, the point kept.
template <class Real>
std::string digits_of(Real value, std::chars_format format, int limit) {
  std::array<char, 512> buffer{};
  auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format).ptr;
  std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const auto fraction = [](std::string_view t) {
    const std::size_t point = t.find('.'), exponent = std::min(t.find('e'), t.size());
    return point == std::string_view::npos ? std::size_t{0} : exponent - point - 1;
  };
  if (fraction(text) > static_cast<std::size_t>(limit)) {
    end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, limit).ptr;
    text = std::string_view(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  }
  const std::size_t exponent = std::min(text.find('e'), text.size());
  std::string number(text.substr(0, exponent));
  if (number.find('.') == std::string::npos) number += '.';
  while (number.back() == '0') number.pop_back();
  return number.append(text.substr(exponent));
}

/// For half and bfloat16: the fewest significant digits that read back as the same number; a whole
/// number that is written in full keeps all of its digits.
template <class Scalar>
double shortest_as_double(Scalar value, std::chars_format format = std::chars_format::fixed) {
  const auto wide = static_cast<float>(value);
  if (!std::isfinite(wide) || (format == std::chars_format::fixed && std::floor(wide) >= wide))
    return static_cast<double>(wide);
  // Below a power of two the neighbour is nearer than above it, so that the decimal next to the
  // number may not read back where the one on its other side does.
  for (int precision = 0; precision < 9; ++precision) {
    double near = wide;
    for (int side = 0; side < 2; ++side) {
      std::array<char, 64> buffer{};
      const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), near,
                                     std::chars_format::scientific, precision)
                           .ptr;
      double back = 0;
      std::from_chars(buffer.data(), end, back);
      if (convert<Scalar>(back) == value) return back;
      near = 2.0 * wide - back;
    }
  }
  return static_cast<double>(wide);
}

/// The text of a floating number that stands alone, as Python prints a NumPy scalar.
template <class Real>
std::string lone_float(Real value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  const double magnitude = std::abs(static_cast<double>(value));
  std::string text = digits_of(value, std::chars_format::scientific, 400);
  const std::size_t e = text.find('e');
  if (magnitude > 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    if (text[e - 1] == '.') text.erase(e - 1, 1);
    return text;
  }
  // The shortest digits with the point moved to its place, and zeros where they end before it.
  const int exponent = std::stoi(text.substr(e + 1));
  const std::string sign(text[0] == '-' ? 1 : 0, '-');
  std::string digits =
      text.substr(sign.size(), 1) + text.substr(sign.size() + 2, e - sign.size() - 2);
  if (exponent < 0)
    return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() < whole + 1) digits.append(whole + 1 - digits.size(), '0');
  return sign + digits.insert(whole, ".");
}

}  // namespace parton::detail
