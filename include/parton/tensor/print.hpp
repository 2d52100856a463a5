// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <parton/tensor/detail/array_layout.hpp>
#include <parton/tensor/detail/float_digits.hpp>
#include <parton/tensor/detail/float_format.hpp>
#include <parton/tensor/scalar.hpp>
#include <parton/tensor/tensor.hpp>

/// \file Tensors print as NumPy's arrays do, with its default options: eight digits, lines of 75
/// characters, and of more than 1000 elements the first and last three along each axis.
/// Source of the rules: numpy/core/arrayprint.py.

namespace parton {

namespace detail {

template <class Scalar>
std::string digits_of_scalar(double x, std::chars_format format, int limit) {
  if constexpr (std::floating_point<Scalar>)
    return digits_of(static_cast<Scalar>(x), format, limit);
  else
    return digits_of(shortest_as_double(convert<Scalar>(x), format), format, limit);
}

template <class Scalar>
double rounded_to(double x) {
  // NumPy has no bfloat16 of its own, so the ratio is that of floats.
  using Type = std::conditional_t<std::same_as<Scalar, Eigen::bfloat16>, float, Scalar>;
  return convert<double>(convert<Type>(x));
}

template <class Scalar>
std::string array_text(const Scalar* data, std::span<const Index> dims, Index size) {
  const ArrayLayout layout(dims);
  if constexpr (FloatingScalar<Scalar>) {
    const auto wide = [data](Index i) { return convert<double>(data[i]); };
    if (dims.empty()) {
      if constexpr (std::floating_point<Scalar>)
        return lone_float(*data);
      else
        return lone_float(shortest_as_double(*data, std::chars_format::scientific));
    }
    if (size == 0) return "[]";
    std::vector<double> shown;
    layout.for_each_shown([&](Index i) { shown.push_back(wide(i)); });
    const FloatFormat format(shown, {digits_of_scalar<Scalar>, rounded_to<Scalar>});
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
/// The stream's flags, precision, width and locale have no say; a width is used up.
template <class Scalar>
std::ostream& operator<<(std::ostream& os, const Tensor<Scalar>& tensor) {
  os.width(0);
  if (!tensor.has_values()) return os << "<shape " << tensor.shape().to_string() << ", no values>";
  return os << detail::array_text(tensor.data(), tensor.shape().dims(), tensor.size());
}

}  // namespace parton
