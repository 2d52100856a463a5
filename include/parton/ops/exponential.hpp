// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/unary.hpp>

/// \file Exponentials and logarithms beside exp and log, and the error function: element by
/// element. Of an Eigen array they are Eigen's own.

namespace parton {

namespace detail {

struct Log1p : FromInput {
  auto operator()(const auto& x) const { return x.log1p(); }
  template <class Array>
  auto backward(const auto& g, const Array& x) const {
    using T = typename Array::Scalar;
    return g / (x + T(1));
  }
};

struct Expm1 : FromOutput {
  auto operator()(const auto& x) const {
    return x.unaryExpr([](auto v) { return std::expm1(v); });
  }
  template <class Array>
  auto backward(const auto& g, const Array& y) const {
    using T = typename Array::Scalar;
    return g * (y + T(1));
  }
};

struct Exp2 : FromOutput {
  auto operator()(const auto& x) const {
    return x.unaryExpr([](auto v) { return std::exp2(v); });
  }
  template <class Array>
  auto backward(const auto& g, const Array& y) const {
    using T = typename Array::Scalar;
    return g * y * T(0.69314718055994530942);
  }
};

struct Log2 : FromInput {
  auto operator()(const auto& x) const {
    return x.unaryExpr([](auto v) { return std::log2(v); });
  }
  template <class Array>
  auto backward(const auto& g, const Array& x) const {
    using T = typename Array::Scalar;
    return g / (x * T(0.69314718055994530942));
  }
};

struct Log10 : FromInput {
  auto operator()(const auto& x) const { return x.log10(); }
  template <class Array>
  auto backward(const auto& g, const Array& x) const {
    using T = typename Array::Scalar;
    return g / (x * T(2.30258509299404568402));
  }
};

/// The derivative is 2 / sqrt(pi) exp(-x^2).
struct Erf : FromInput {
  auto operator()(const auto& x) const { return x.erf(); }
  template <class Array>
  auto backward(const auto& g, const Array& x) const {
    using T = typename Array::Scalar;
    return g * T(1.12837916709551257390) * Exp{}(-x.square());
  }
};

}  // namespace detail

/// log(1 + x), precise where x is small.
template <detail::FunctionOperand X>
[[nodiscard]] auto log1p(const X& x) {
  return detail::elementwise("log1p", detail::Log1p{}, detail::as_tensor(x));
}

/// exp(x) - 1, precise where x is small.
template <detail::FunctionOperand X>
[[nodiscard]] auto expm1(const X& x) {
  return detail::elementwise("expm1", detail::Expm1{}, detail::as_tensor(x));
}

/// 2 to the power of x.
template <detail::FunctionOperand X>
[[nodiscard]] auto exp2(const X& x) {
  return detail::elementwise("exp2", detail::Exp2{}, detail::as_tensor(x));
}

/// The logarithm to the base 2; -inf of 0.
template <detail::FunctionOperand X>
[[nodiscard]] auto log2(const X& x) {
  return detail::elementwise("log2", detail::Log2{}, detail::as_tensor(x));
}

/// The logarithm to the base 10; -inf of 0.
template <detail::FunctionOperand X>
[[nodiscard]] auto log10(const X& x) {
  return detail::elementwise("log10", detail::Log10{}, detail::as_tensor(x));
}

/// The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.
template <detail::FunctionOperand X>
[[nodiscard]] auto erf(const X& x) {
  return detail::elementwise("erf", detail::Erf{}, detail::as_tensor(x));
}

}  // namespace parton
