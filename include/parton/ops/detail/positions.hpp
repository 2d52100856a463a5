// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include <parton/tensor/scalar.hpp>
#include <parton/tensor/tensor.hpp>

/// \file Indices that come as the values of a tensor of any scalar but bool.

namespace parton::detail {

/// The number as a position in [first, n), or nothing: for a fraction, NaN, or one outside.
template <class T>
std::optional<Index> as_position(T value, Index first, Index n) {
  if constexpr (FloatingScalar<T>) {
    const auto real = static_cast<double>(value);
    if (!(real >= static_cast<double>(first) && real < static_cast<double>(n)) ||
        real != std::floor(real))
      return std::nullopt;
    return static_cast<Index>(real);
  } else {
    if (!std::in_range<Index>(value)) return std::nullopt;
    const auto at = static_cast<Index>(value);
    if (at < first || at >= n) return std::nullopt;
    return at;
  }
}

/// A number as an error text shows it.
template <class T>
std::string number_text(T value) {
  if constexpr (FloatingScalar<T>) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", static_cast<double>(value));
    return text;
  } else {
    return std::to_string(value);
  }
}

/// All indices as positions on an axis of n elements; those below 0 count from its end if
/// `from_end`, and are errors otherwise. \throws IndexError for the first that is none.
template <class T>
Tensor<Index> as_positions(const char* operation, const Tensor<T>& indices, bool from_end,
                           Index axis, const Shape& shape) {
  const Index n = shape[axis], first = from_end ? -n : 0;
  Tensor<Index> result = Tensor<Index>::empty(indices.shape());
  Index* to = fresh_data(result);
  for (const T value : indices.span()) {
    const std::optional<Index> at = as_position(value, first, n);
    if (!at)
      throw errors::bad_position(operation, number_text(value), first, n, axis, shape.to_string());
    *to++ = *at < 0 ? *at + n : *at;
  }
  return result;
}

}  // namespace parton::detail
