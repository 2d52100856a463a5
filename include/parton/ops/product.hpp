// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <type_traits>

#include <Eigen/Core>

#include <parton/autograd/record.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/gemm.hpp>
#include <parton/ops/detail/operand.hpp>

/// \file Products of matrices and vectors, all through one seam.

namespace parton {

namespace detail {

/// `grad a = g b^T` and `grad b = a^T g`, with everything but the shared axis of a as rows.
template <class Scalar>
void dot_backward(Gradients<Scalar>& gradients, const Tensor<Scalar>& a, const Tensor<Scalar>& b,
                  const Shape& left, const Shape& right) {
  const Index depth = left[-1], rows = left.product(0, left.rank() - 1);
  const Index cols = right.rank() == 2 ? right[1] : 1;
  if constexpr (!std::same_as<Scalar, Wide<Scalar>>) {
    using T = Wide<Scalar>;
    const Tensor<T> g = gradients.result().template cast<T>();
    const auto product = [&](const auto& x, const auto& y, const Shape& shape, bool first) {
      Tensor<T> to = Tensor<T>::empty(shape);
      if (first)
        gemm<Order::plain, Order::transposed>(rows, depth, cols, x.data(), y.data(), fresh_data(to),
                                              false);
      else
        gemm<Order::transposed, Order::plain>(depth, cols, rows, x.data(), y.data(), fresh_data(to),
                                              false);
      return to.template cast<Scalar>();
    };
    if (gradients.needs(0)) gradients.add(0, product(g, b.template cast<T>(), left, true));
    if (gradients.needs(1)) gradients.add(1, product(a.template cast<T>(), g, right, false));
  } else {
    const Scalar* const g = gradients.result().data();
    gradients.write(0, left, [&](Scalar* to, bool add) {
      gemm<Order::plain, Order::transposed>(rows, depth, cols, g, b.data(), to, add);
    });
    gradients.write(1, right, [&](Scalar* to, bool add) {
      gemm<Order::transposed, Order::plain>(depth, cols, rows, a.data(), g, to, add);
    });
  }
}

template <class Scalar>
Tensor<Scalar> dot(const Tensor<Scalar>& a, const Tensor<Scalar>& b) {
  const Shape &left = a.shape(), &right = b.shape();
  if (left.rank() == 0 || right.rank() == 0) return a * b;
  const Index depth = left[-1], rows = left.product(0, left.rank() - 1);
  if (right.rank() > 2 || right[0] != depth)
    throw errors::dot_shapes(left.to_string(), right.to_string());
  // The last axis of a becomes the last one of b, or goes where b has none left.
  const Shape shape =
      right.rank() == 2 ? left.with(-1, right[1]) : Shape(left.dims().first(left.rank() - 1));
  if (any_shape_only(a, b)) return Tensor<Scalar>::shape_only(shape);
  const auto multiply = [&](const auto& x, const auto& y) {
    using Result = std::remove_cvref_t<decltype(x)>;
    Result result = Result::empty(shape);
    if (right.rank() == 2)
      gemm<Order::plain, Order::plain>(rows, right[1], depth, x.data(), y.data(),
                                       fresh_data(result), false);
    else
      gemm<Order::plain, Order::transposed>(1, rows, depth, y.data(), x.data(), fresh_data(result),
                                            false);
    return result;
  };
  Tensor<Scalar> result = through_wide(multiply, a, b);
  if (must_record(a, b))
    record("dot", result, inputs(a, b),
           saved(save_if(needs_gradient(b), a), save_if(needs_gradient(a), b)),
           [left, right](Gradients<Scalar>& gradients, const Tensor<Scalar>& x,
                         const Tensor<Scalar>& y) { dot_backward(gradients, x, y, left, right); });
  if (tracer != nullptr) trace("dot", {a, b}, {result});
  return result;
}

}  // namespace detail

/// The product of NumPy's and MXNet's `dot`: the sum over the last axis of a and the first of b.
///
/// `(..., k)` and `(k, n)` give `(..., n)`; `(..., k)` and `(k,)` give `(...)`, so two vectors give
/// rank 0; with rank 0 on a side it is `a * b`. \throws ShapeError if the two axes differ, or b has
/// a rank above 2.
template <detail::FloatingOperand A, detail::FloatingOperand B>
[[nodiscard]] auto dot(const A& a, const B& b) {
  static_assert(std::same_as<detail::scalar_of<A>, detail::scalar_of<B>>,
                "the two sides of dot must have one scalar: write dot(a.cast<double>(), b)");
  return detail::dot(detail::as_tensor(a), detail::as_tensor(b));
}

}  // namespace parton
