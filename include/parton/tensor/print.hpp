// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <parton/tensor/tensor.hpp>

/// \file Tensors print as NumPy's arrays do, with its default options: eight digits, lines of 75
/// characters, and of more than 1000 elements the first and last three along each axis.
/// Source of the rules: numpy/core/arrayprint.py.

namespace parton {

namespace detail {

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
  // A digit that lies halfway is rounded to even, but at a power of two only one side reads back.
  for (int precision = 0; precision < 9; ++precision)
    for (const float near : {wide, std::nextafter(wide, wide * 2)}) {
      std::array<char, 64> buffer{};
      const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), near,
                                     std::chars_format::scientific, precision)
                           .ptr;
      double back = 0;
      std::from_chars(buffer.data(), end, back);
      if (convert<Scalar>(back) == value) return back;
    }
  return static_cast<double>(wide);
}

/// Numbers of one array in one form, all of one width.
class FloatFormat {
 public:
  using Digits = std::function<std::string(double, std::chars_format, int)>;

  FloatFormat(const std::vector<double>& shown, Digits digits) : digits_(std::move(digits)) {
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
    exponential_ =
        largest > 0 && (largest >= 1e8 || smallest < 0.0001 || largest / smallest > 1000);
    if (any_finite) measure(shown);
    if (any_other) left_ = std::max(left_, (negative_infinity ? 4 : 3) - right_ - 1);
  }

  [[nodiscard]] std::string operator()(double x) const {
    if (!std::isfinite(x)) {
      const std::string text = std::isnan(x) ? "nan" : x < 0 ? "-inf" : "inf";
      return padded(text, left_ + right_ + 1 - static_cast<int>(text.size()));
    }
    std::string text = digits_(x, form(), limit_);
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
      const std::string text = digits_(x, form(), 8);
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

  Digits digits_;
  bool exponential_ = false;
  int left_ = 0, right_ = 0, exponent_ = 0, limit_ = 8;
};

/// Lays the words of an array out in brackets and lines; `word(position)` is one element's text.
class ArrayLayout {
 public:
  static constexpr Index threshold = 1000, edge = 3;
  static constexpr std::size_t line_width = 75;

  explicit ArrayLayout(std::span<const Index> dims) : dims_(dims) {
    Index size = 1;
    for (const Index dim : dims) size *= dim;
    summarized_ = size > threshold;
  }

  /// Calls f(position) for every element that is shown.
  template <class Function>
  void for_each_shown(const Function& f, std::size_t axis = 0, Index position = 0) const {
    if (axis == dims_.size()) return f(position);
    for (Index i = 0; i < dims_[axis]; ++i) {
      if (cuts(axis) && i == edge) i = dims_[axis] - edge;
      for_each_shown(f, axis + 1, position * dims_[axis] + i);
    }
  }

  [[nodiscard]] std::string text(const std::function<std::string(Index)>& word) const {
    return level(word, 0, 0, 1, line_width);
  }

 private:
  [[nodiscard]] bool cuts(std::size_t axis) const { return summarized_ && dims_[axis] > 2 * edge; }

  [[nodiscard]] std::string level(const std::function<std::string(Index)>& word, std::size_t axis,
                                  Index position, std::size_t indent, std::size_t width) const {
    if (axis == dims_.size()) return word(position);
    const std::size_t axes_left = dims_.size() - axis;
    std::string result, line(indent, ' ');
    for (Index i = 0; i < dims_[axis]; ++i) {
      const bool dots = cuts(axis) && i == edge;
      if (dots) i = dims_[axis] - edge - 1;
      const std::string item =
          dots ? "..." : level(word, axis + 1, position * dims_[axis] + i, indent + 1, width - 1);
      const bool last = i + 1 == dims_[axis];
      if (axes_left > 1) {
        result += std::string(indent, ' ') + item + (last ? "" : std::string(axes_left - 1, '\n'));
        continue;
      }
      if (line.size() + item.size() > width - 1 && line.size() > indent) {
        while (line.back() == ' ') line.pop_back();
        result += line + '\n';
        line.assign(indent, ' ');
      }
      line += item + (last ? "" : " ");
    }
    if (axes_left == 1) result += line;
    return "[" + result.substr(indent) + "]";
  }

  std::span<const Index> dims_;
  bool summarized_;
};

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

template <class Scalar>
std::string array_text(const Scalar* data, std::span<const Index> dims, Index size) {
  const ArrayLayout layout(dims);
  if constexpr (FloatingScalar<Scalar>) {
    const auto wide = [data](Index i) { return convert<double>(data[i]); };
    const auto digits = [](double x, std::chars_format format, int limit) {
      if constexpr (std::floating_point<Scalar>)
        return digits_of(static_cast<Scalar>(x), format, limit);
      else
        return digits_of(shortest_as_double(convert<Scalar>(x), format), format, limit);
    };
    if (dims.empty()) {
      if constexpr (std::floating_point<Scalar>)
        return lone_float(*data);
      else
        return lone_float(shortest_as_double(*data, std::chars_format::scientific));
    }
    if (size == 0) return "[]";
    std::vector<double> shown;
    layout.for_each_shown([&](Index i) { shown.push_back(wide(i)); });
    const FloatFormat format(shown, digits);
    return layout.text([&](Index i) { return format(wide(i)); });
  } else {
    const auto plain = [data](Index i) -> std::string {
      if constexpr (std::same_as<Scalar, bool>)
        return data[i] ? "True" : "False";
      else
        return std::to_string(data[i]);
    };
    if (dims.empty()) return plain(0);
    if (size == 0) return "[]";
    std::size_t width = std::same_as<Scalar, bool> ? 5 : 0;
    layout.for_each_shown([&](Index i) { width = std::max(width, plain(i).size()); });
    return layout.text([&](Index i) {
      const std::string word = plain(i);
      return std::string(width - word.size(), ' ') + word;
    });
  }
}

}  // namespace detail

/// Prints as NumPy's `str`: `[[1. 2.]\n [3. 4.]]`. A tensor without values prints its shape.
template <class Scalar>
std::ostream& operator<<(std::ostream& os, const Tensor<Scalar>& tensor) {
  if (!tensor.has_values()) return os << "<shape " << tensor.shape().to_string() << ", no values>";
  return os << detail::array_text(tensor.data(), tensor.shape().dims(), tensor.size());
}

}  // namespace parton
