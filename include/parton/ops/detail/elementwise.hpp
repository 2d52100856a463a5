// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <concepts>
#include <initializer_list>
#include <utility>

#include <Eigen/Core>

#include <parton/autograd/record.hpp>
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

// A function of one number is a struct: `f(x)` is the value, and `f.backward(g, v)` is g times the
// derivative, both on array expressions, where v is the output if `f.from_output()`, else the
// input.

struct FromOutput {
  static constexpr bool from_output() noexcept { return true; }
};
struct FromInput {
  static constexpr bool from_output() noexcept { return false; }
};
/// Of a function whose derivative is 0 everywhere; it needs no `backward`.
struct Flat {};

/// y = f(x) goes on the tape.
template <class Function, FloatingScalar Scalar>
void record_elementwise(const char* name, const Function& f, Tensor<Scalar>& y,
                        const Tensor<Scalar>& x) {
  if constexpr (std::derived_from<Function, Flat>) {
    record(name, y, inputs(x), saved(), [](Gradients<Scalar>& gradients) {
      gradients.add(0, Tensor<Scalar>::zeros(gradients.result().shape()));
    });
  } else {
    record(name, y, inputs(x), saved(f.from_output() ? y : x),
           [f](Gradients<Scalar>& gradients, const Tensor<Scalar>& v) {
             const Tensor<Scalar>& g = gradients.result();
             Tensor<Scalar> to = Tensor<Scalar>::empty(g.shape());
             store(fresh_data(to), f.backward(load(g.data(), g.size()), load(v.data(), g.size())));
             gradients.add(0, std::move(to));
           });
  }
}

/// f of every element, with the shape of x; `name` is that of the op, `options` what a trace shows.
template <class Function, FloatingScalar Scalar>
Tensor<Scalar> elementwise(const char* name, const Function& f, const Tensor<Scalar>& x,
                           std::initializer_list<TraceOption> options = {}) {
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(x.shape());
  Tensor<Scalar> y = Tensor<Scalar>::empty(x.shape());
  map_run(f, x.data(), fresh_data(y), x.size());
  if (must_record(x)) record_elementwise(name, f, y, x);
  if (tracer != nullptr) trace(name, {x}, {y}, options);
  return y;
}

/// op(x, rest...) computed in float where x is half or bfloat16: for ops of several passes, whose
/// intermediate results would otherwise be rounded. `op` takes Tensors of Wide<Scalar>.
template <FloatingScalar Scalar, class Op, class... Rest>
Tensor<Scalar> through_wide(const Op& op, const Tensor<Scalar>& x, const Rest&... rest) {
  if constexpr (std::same_as<Scalar, Wide<Scalar>>)
    return op(x, rest...);
  else {
    const TraceScope silent(nullptr);
    return op(x.template cast<float>(), rest.template cast<float>()...).template cast<Scalar>();
  }
}

}  // namespace parton::detail
