// SPDX-License-Identifier: MIT
#pragma once

#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/fused.hpp>

/// \file Functions of one tensor, element by element: any shape in, the same shape out. Where a
/// function is not defined the result is NaN. Of an Eigen array these are Eigen's own functions.

namespace parton {

namespace detail {

template <class T>
concept FunctionOperand = OperandUnlessArray<T> && FloatingOperand<T>;

struct Log : FromInput {
  auto operator()(const auto& x) const { return x.log(); }
  auto backward(const auto& g, const auto& x) const { return g / x; }
};

struct Sqrt : FromOutput {
  auto operator()(const auto& x) const { return root_of(x); }
  auto backward(const auto& g, const auto& y) const { return g / (y + y); }
};

struct Sign : Flat {
  auto operator()(const auto& x) const {
    return x.unaryExpr([](auto v) { return v > 0 ? decltype(v)(1) : v < 0 ? decltype(v)(-1) : v; });
  }
};

struct Abs : FromInput {
  auto operator()(const auto& x) const { return x.abs(); }
  auto backward(const auto& g, const auto& x) const { return g * x.sign(); }
};

struct Square : FromInput {
  auto operator()(const auto& x) const { return x.square(); }
  auto backward(const auto& g, const auto& x) const { return g * (x + x); }
};

/// x to a power; that to the power of 0 has the derivative 0 everywhere.
template <class T>
struct Power : FromInput {
  explicit Power(T number) : exponent(number) {}
  T exponent;
  auto operator()(const auto& x) const { return x.pow(exponent); }
  auto backward(const auto& g, const auto& x) const {
    return g * (x.pow(exponent == 0 ? T(1) : exponent - T(1)) * exponent);
  }
};

struct Clip : FromInput {
  Clip(double lowest, double highest) : low(lowest), high(highest) {}
  double low, high;
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return max_of(min_of(x, constant_like(x, T(high))), constant_like(x, T(low)));
  }
  auto backward(const auto& g, const auto& x) const {
    return fused(WhereInside<>{low, high}, g, x);
  }
};

}  // namespace detail

template <detail::FunctionOperand X>
[[nodiscard]] auto exp(const X& x) {
  return detail::elementwise("exp", detail::Exp{}, detail::as_tensor(x));
}

/// The natural logarithm; -inf of 0.
template <detail::FunctionOperand X>
[[nodiscard]] auto log(const X& x) {
  return detail::elementwise("log", detail::Log{}, detail::as_tensor(x));
}

/// The square root, whose derivative at 0 is inf.
template <detail::FunctionOperand X>
[[nodiscard]] auto sqrt(const X& x) {
  return detail::elementwise("sqrt", detail::Sqrt{}, detail::as_tensor(x));
}

/// |x|, whose derivative at 0 is taken to be 0.
template <detail::FunctionOperand X>
[[nodiscard]] auto abs(const X& x) {
  return detail::elementwise("abs", detail::Abs{}, detail::as_tensor(x));
}

template <detail::FunctionOperand X>
[[nodiscard]] auto square(const X& x) {
  return detail::elementwise("square", detail::Square{}, detail::as_tensor(x));
}

/// 1, 0 or -1; NaN of NaN. Its derivative is 0.
template <detail::FunctionOperand X>
[[nodiscard]] auto sign(const X& x) {
  return detail::elementwise("sign", detail::Sign{}, detail::as_tensor(x));
}

/// x to the power of a number: NaN for a negative x unless the number is whole.
template <detail::FunctionOperand X, Number T>
[[nodiscard]] auto pow(const X& x, T exponent) {
  const auto number = detail::convert<detail::Wide<detail::scalar_of<X>>>(exponent);
  return detail::elementwise("pow", detail::Power(number), detail::as_tensor(x),
                             {{"exponent", number}});
}

/// x, but low where it is smaller and high where it is larger; the derivative is 1 from low to
/// high, and 0 elsewhere. \throws ValueError unless low <= high.
template <detail::FloatingOperand X>
[[nodiscard]] auto clip(const X& x, double low, double high) {
  if (!(low <= high)) throw errors::clip_bounds(low, high);
  return detail::elementwise("clip", detail::Clip(low, high), detail::as_tensor(x),
                             {{"low", low}, {"high", high}});
}

}  // namespace parton
