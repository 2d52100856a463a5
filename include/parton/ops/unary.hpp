// SPDX-License-Identifier: MIT
#pragma once

#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/elementwise.hpp>

/// \file Functions of one tensor, element by element: any shape in, the same shape out. Where a
/// function is not defined the result is NaN. Of an Eigen array these are Eigen's own functions.

namespace parton {

namespace detail {

template <class T>
concept FunctionOperand = OperandUnlessArray<T> && FloatingOperand<T>;

}  // namespace detail

template <detail::FunctionOperand X>
[[nodiscard]] auto exp(const X& x) {
  return detail::elementwise(detail::Exp{}, detail::as_tensor(x));
}

/// The natural logarithm; -inf of 0.
template <detail::FunctionOperand X>
[[nodiscard]] auto log(const X& x) {
  return detail::elementwise([](const auto& a) { return a.log(); }, detail::as_tensor(x));
}

template <detail::FunctionOperand X>
[[nodiscard]] auto sqrt(const X& x) {
  return detail::elementwise([](const auto& a) { return detail::root_of(a); },
                             detail::as_tensor(x));
}

template <detail::FunctionOperand X>
[[nodiscard]] auto abs(const X& x) {
  return detail::elementwise([](const auto& a) { return a.abs(); }, detail::as_tensor(x));
}

template <detail::FunctionOperand X>
[[nodiscard]] auto square(const X& x) {
  return detail::elementwise([](const auto& a) { return a.square(); }, detail::as_tensor(x));
}

/// 1, 0 or -1; NaN of NaN.
template <detail::FunctionOperand X>
[[nodiscard]] auto sign(const X& x) {
  const auto of = [](auto v) { return v > 0 ? decltype(v)(1) : v < 0 ? decltype(v)(-1) : v; };
  return detail::elementwise([of](const auto& a) { return a.unaryExpr(of); }, detail::as_tensor(x));
}

/// x to the power of a number: NaN for a negative x unless the number is whole.
template <detail::FunctionOperand X, Number T>
[[nodiscard]] auto pow(const X& x, T exponent) {
  using Wide = detail::Wide<detail::scalar_of<X>>;
  const auto power = detail::convert<Wide>(exponent);
  return detail::elementwise([power](const auto& a) { return a.pow(power); }, detail::as_tensor(x));
}

/// x, but low where it is smaller and high where it is larger.
/// \throws ValueError unless low <= high.
template <detail::FloatingOperand X>
[[nodiscard]] auto clip(const X& x, double low, double high) {
  if (!(low <= high)) throw errors::clip_bounds(low, high);
  using Wide = detail::Wide<detail::scalar_of<X>>;
  const auto bound = [lowest = static_cast<Wide>(low),
                      highest = static_cast<Wide>(high)](const auto& a) {
    return detail::max_of(detail::min_of(a, detail::constant_like(a, highest)),
                          detail::constant_like(a, lowest));
  };
  return detail::elementwise(bound, detail::as_tensor(x));
}

}  // namespace parton
