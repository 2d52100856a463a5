// SPDX-License-Identifier: MIT
#pragma once

#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/unary.hpp>

/// \file Trigonometric and hyperbolic functions of one tensor, element by element, in radians; NaN
/// where they are not defined. Of an Eigen array these are Eigen's own. (tanh is in
/// ops/activation.hpp.)

namespace parton {

namespace detail {

struct Sin : FromInput {
  auto operator()(const auto& x) const { return x.sin(); }
  auto backward(const auto& g, const auto& x) const { return g * x.cos(); }
};

struct Cos : FromInput {
  auto operator()(const auto& x) const { return x.cos(); }
  auto backward(const auto& g, const auto& x) const { return -g * x.sin(); }
};

struct Tan : FromOutput {
  auto operator()(const auto& x) const { return x.tan(); }
  template <class Array>
  auto backward(const auto& g, const Array& y) const {
    using T = typename Array::Scalar;
    return g * (T(1) + y.square());
  }
};

struct Asin : FromInput {
  auto operator()(const auto& x) const { return x.asin(); }
  template <class Array>
  auto backward(const auto& g, const Array& x) const {
    using T = typename Array::Scalar;
    return g / root_of(T(1) - x.square());
  }
};

struct Acos : FromInput {
  auto operator()(const auto& x) const { return x.acos(); }
  template <class Array>
  auto backward(const auto& g, const Array& x) const {
    using T = typename Array::Scalar;
    return -g / root_of(T(1) - x.square());
  }
};

struct Atan : FromInput {
  auto operator()(const auto& x) const { return x.atan(); }
  template <class Array>
  auto backward(const auto& g, const Array& x) const {
    using T = typename Array::Scalar;
    return g / (T(1) + x.square());
  }
};

struct Sinh : FromInput {
  auto operator()(const auto& x) const { return x.sinh(); }
  auto backward(const auto& g, const auto& x) const { return g * x.cosh(); }
};

struct Cosh : FromInput {
  auto operator()(const auto& x) const { return x.cosh(); }
  auto backward(const auto& g, const auto& x) const { return g * x.sinh(); }
};

}  // namespace detail

template <detail::FunctionOperand X>
[[nodiscard]] auto sin(const X& x) {
  return detail::elementwise("sin", detail::Sin{}, detail::as_tensor(x));
}

template <detail::FunctionOperand X>
[[nodiscard]] auto cos(const X& x) {
  return detail::elementwise("cos", detail::Cos{}, detail::as_tensor(x));
}

template <detail::FunctionOperand X>
[[nodiscard]] auto tan(const X& x) {
  return detail::elementwise("tan", detail::Tan{}, detail::as_tensor(x));
}

/// From -pi / 2 to pi / 2; its derivative at -1 and 1 is inf.
template <detail::FunctionOperand X>
[[nodiscard]] auto asin(const X& x) {
  return detail::elementwise("asin", detail::Asin{}, detail::as_tensor(x));
}

/// From 0 to pi; its derivative at -1 and 1 is -inf.
template <detail::FunctionOperand X>
[[nodiscard]] auto acos(const X& x) {
  return detail::elementwise("acos", detail::Acos{}, detail::as_tensor(x));
}

template <detail::FunctionOperand X>
[[nodiscard]] auto atan(const X& x) {
  return detail::elementwise("atan", detail::Atan{}, detail::as_tensor(x));
}

template <detail::FunctionOperand X>
[[nodiscard]] auto sinh(const X& x) {
  return detail::elementwise("sinh", detail::Sinh{}, detail::as_tensor(x));
}

template <detail::FunctionOperand X>
[[nodiscard]] auto cosh(const X& x) {
  return detail::elementwise("cosh", detail::Cosh{}, detail::as_tensor(x));
}

}  // namespace parton
