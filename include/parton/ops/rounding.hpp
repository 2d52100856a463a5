// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/unary.hpp>

/// \file Whole numbers from others, element by element. The gradient of each is 0.

namespace parton {

namespace detail {

struct Floor : Flat {
  auto operator()(const auto& x) const { return x.floor(); }
};

struct Ceil : Flat {
  auto operator()(const auto& x) const { return x.ceil(); }
};

struct Round : Flat {
  auto operator()(const auto& x) const {
    return x.unaryExpr([](auto v) { return std::nearbyint(v); });
  }
};

struct Trunc : Flat {
  auto operator()(const auto& x) const {
    return x.unaryExpr([](auto v) { return std::trunc(v); });
  }
};

}  // namespace detail

/// The largest whole number that is not above x.
template <detail::FunctionOperand X>
[[nodiscard]] auto floor(const X& x) {
  return detail::elementwise("floor", detail::Floor{}, detail::as_tensor(x));
}

/// The smallest whole number that is not below x.
template <detail::FunctionOperand X>
[[nodiscard]] auto ceil(const X& x) {
  return detail::elementwise("ceil", detail::Ceil{}, detail::as_tensor(x));
}

/// The nearest whole number, of two the even one, as in NumPy: `round(2.5)` is 2.
template <detail::FunctionOperand X>
[[nodiscard]] auto round(const X& x) {
  return detail::elementwise("round", detail::Round{}, detail::as_tensor(x));
}

/// The whole part: rounded towards 0.
template <detail::FunctionOperand X>
[[nodiscard]] auto trunc(const X& x) {
  return detail::elementwise("trunc", detail::Trunc{}, detail::as_tensor(x));
}

}  // namespace parton
