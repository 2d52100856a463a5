// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace parton::detail {

/// Numbers of one array in one form, all of one width.
class FloatFormat {
 public:
  /// What depends on the scalar of the array, whose elements come as doubles here.
  struct ScalarText {
    std::string (*digits)(double value, std::chars_format format, int limit);
    double (*rounded)(double value);  // to the scalar
  };

  FloatFormat(const std::vector<double>& shown, const ScalarText& scalar) : scalar_(scalar) {
    double largest = 0, smallest = 0;
    bool any_finite = false, any_other = false, negative_infinity = false;
    for (const double x : shown) {
      if (!std::isfinite(x)) {
        any_other = true;
        negative_infinity = negative_infinity || x < 0;
        continue;
      }
      any_finite = true;
      const double a = std::abs(x);
      if (a > 0 && (smallest <= 0 || a < smallest)) smallest = a;
      largest = std::max(largest, a);
    }
    // NumPy divides in the array's own type: for half 1000.2 is 1000.
    exponential_ = largest > 0 && (largest >= 1e8 || smallest < 0.0001 ||
                                   scalar_.rounded(largest / smallest) > 1000);
    if (any_finite) measure(shown);
    if (any_other) left_ = std::max(left_, (negative_infinity ? 4 : 3) - right_ - 1);
  }

  [[nodiscard]] std::string operator()(double x) const {
    if (!std::isfinite(x)) {
      const std::string text = std::isnan(x) ? "nan" : x < 0 ? "-inf" : "inf";
      return padded(text, left_ + right_ + 1 - static_cast<int>(text.size()));
    }
    std::string text = scalar_.digits(x, form(), limit_);
    const auto point = static_cast<int>(text.find('.'));
    if (!exponential_) {
      text.append(static_cast<std::size_t>(
                      std::max(0, right_ - (static_cast<int>(text.size()) - point - 1))),
                  ' ');
    } else {
      // All have as many digits as the longest: further ones are those of the exact value.
      if (static_cast<int>(text.find('e')) - point - 1 < limit_) {
        std::array<char, 64> buffer{};
        const auto end =
            std::to_chars(buffer.data(), buffer.data() + buffer.size(), x, form(), limit_).ptr;
        text.assign(buffer.data(), end);
      }
      const std::size_t exponent = text.find('e') + 2;
      text.insert(exponent,
                  static_cast<std::size_t>(
                      std::max(0, exponent_ - static_cast<int>(text.size() - exponent))),
                  '0');
    }
    return padded(text, left_ - point);
  }

 private:
  void measure(const std::vector<double>& shown) {
    int fraction = 0;
    for (const double x : shown) {
      if (!std::isfinite(x)) continue;
      const std::string text = scalar_.digits(x, form(), 8);
      const auto point = static_cast<int>(text.find('.'));
      const auto e = static_cast<int>(std::min(text.find('e'), text.size()));
      left_ = std::max(left_, point);
      fraction = std::max(fraction, e - point - 1);
      if (exponential_) exponent_ = std::max(exponent_, static_cast<int>(text.size()) - e - 2);
    }
    limit_ = exponential_ ? fraction : 8;
    right_ = exponential_ ? exponent_ + 2 + fraction : fraction;
  }
  [[nodiscard]] std::chars_format form() const {
    return exponential_ ? std::chars_format::scientific : std::chars_format::fixed;
  }
  static std::string padded(const std::string& text, int blanks) {
    return std::string(static_cast<std::size_t>(std::max(0, blanks)), ' ') + text;
  }

  ScalarText scalar_;
  bool exponential_ = false;
  int left_ = 0, right_ = 0, exponent_ = 0, limit_ = 8;
};

}  // namespace parton::detail
