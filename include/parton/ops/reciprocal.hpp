// SPDX-License-Identifier: MIT
#pragma once

#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/unary.hpp>

/// \file 1 / x and 1 / sqrt(x), element by element.

namespace parton {

namespace detail {

struct Rsqrt : FromOutput {
  auto operator()(const auto& x) const { return root_of(x).inverse(); }
  template <class Array>
  auto backward(const auto& g, const Array& y) const {
    using T = typename Array::Scalar;
    return g * T(-0.5) * y.cube();
  }
};

struct Reciprocal : FromOutput {
  auto operator()(const auto& x) const { return x.inverse(); }
  auto backward(const auto& g, const auto& y) const { return -g * y.square(); }
};

}  // namespace detail

/// 1 / sqrt(x): inf of 0, NaN below.
template <detail::FunctionOperand X>
[[nodiscard]] auto rsqrt(const X& x) {
  return detail::elementwise("rsqrt", detail::Rsqrt{}, detail::as_tensor(x));
}

/// 1 / x; inf of 0.
template <detail::FloatingOperand X>
[[nodiscard]] auto reciprocal(const X& x) {
  return detail::elementwise("reciprocal", detail::Reciprocal{}, detail::as_tensor(x));
}

}  // namespace parton
