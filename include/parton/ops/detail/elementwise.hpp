// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <concepts>

#include <Eigen/Core>

#include <parton/ops/detail/operand.hpp>

/// \file The one way from memory to Eigen arrays and back, and the driver of all unary ops.

namespace parton::detail {

/// A run of elements as an array expression of the type in which they are computed with: half and
/// bfloat16 are read as float, so that a formula rounds once, when it is stored.
template <FloatingScalar Scalar>
auto load(const Scalar* from, Index n) {
  const Eigen::Map<const Eigen::Array<Scalar, Eigen::Dynamic, 1>> run(from, n);
  if constexpr (std::same_as<Scalar, Wide<Scalar>>)
    return run;
  else
    return run.template cast<Wide<Scalar>>();
}

/// Evaluates an expression made of loads. It may read `to` itself, but not overlap it otherwise.
template <FloatingScalar Scalar, class Expression>
void store(Scalar* to, const Expression& expression) {
  Eigen::Map<Eigen::Array<Scalar, Eigen::Dynamic, 1>> run(to, expression.size());
  if constexpr (std::same_as<Scalar, Wide<Scalar>>)
    run = expression;
  else
    run = expression.template cast<Scalar>();
}

/// The larger of each two elements, NaN if either is: Eigen's own max leaves that open.
template <class A, class B>
auto max_of(const A& a, const B& b) {
  using T = typename A::Scalar;
  return a.binaryExpr(b, Eigen::internal::scalar_max_op<T, T, Eigen::PropagateNaN>());
}
template <class A, class B>
auto min_of(const A& a, const B& b) {
  using T = typename A::Scalar;
  return a.binaryExpr(b, Eigen::internal::scalar_min_op<T, T, Eigen::PropagateNaN>());
}

/// The correctly rounded root: Eigen's vectorised one makes NaN of inf, and 0 of the smallest
/// numbers.
template <class Array>
auto root_of(const Array& x) {
  return x.unaryExpr([](typename Array::Scalar v) { return std::sqrt(v); });
}

/// One number as an array as long as x.
template <class Array>
auto constant_like(const Array& x, typename Array::Scalar value) {
  return Eigen::Array<typename Array::Scalar, Eigen::Dynamic, 1>::Constant(x.size(), value);
}

/// to[i] = f(from[i]), where f maps array expressions.
template <class Function, FloatingScalar Scalar>
void map_run(const Function& f, const Scalar* from, Scalar* to, Index n) {
  store(to, f(load(from, n)));
}

/// f of every element, with the shape of x.
template <class Function, FloatingScalar Scalar>
Tensor<Scalar> elementwise(const Function& f, const Tensor<Scalar>& x) {
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(x.shape());
  Tensor<Scalar> y = Tensor<Scalar>::empty(x.shape());
  map_run(f, x.data(), y.mutable_data(), x.size());
  return y;
}

/// op(x, rest...) computed in float where x is half or bfloat16: for ops of several passes, whose
/// intermediate results would otherwise be rounded. `op` takes Tensors of Wide<Scalar>.
template <FloatingScalar Scalar, class Op, class... Rest>
Tensor<Scalar> through_wide(const Op& op, const Tensor<Scalar>& x, const Rest&... rest) {
  if constexpr (std::same_as<Scalar, Wide<Scalar>>)
    return op(x, rest...);
  else
    return op(x.template cast<float>(), rest.template cast<float>()...).template cast<Scalar>();
}

}  // namespace parton::detail
