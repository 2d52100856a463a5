// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <type_traits>

#include <Eigen/Core>

#include <parton/ops/arithmetic.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/operand.hpp>

/// \file Products of matrices and vectors, all through one seam.

namespace parton {

namespace detail {

/// How the right factor of a product lies in memory.
enum class Right { plain, transposed };

/// c += a b, row-major, with a of `(rows, depth)`, b of `(depth, cols)`, or of `(cols, depth)` if
/// it is transposed, and c of `(rows, cols)`, which overlaps neither.
///
/// The one seam between this library and whatever multiplies matrices. Up to four rows are
/// products of a matrix and a vector, which Eigen does at twice the speed of a thin matrix.
template <Right Order, class Scalar>
requires std::same_as<Scalar, Wide<Scalar>>
void gemm(Index rows, Index cols, Index depth, const Scalar* a, const Scalar* b, Scalar* c) {
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  constexpr bool transposed = Order == Right::transposed;
  if (rows == 0 || cols == 0 || depth == 0) return;
  const Eigen::Map<const Matrix> right(b, transposed ? cols : depth, transposed ? depth : cols);
  if (rows <= 4) {
    for (Index i = 0; i < rows; ++i) {
      const Eigen::Map<const Vector> row(a + i * depth, depth);
      Eigen::Map<Vector> result(c + i * cols, cols);
      if constexpr (transposed)
        result.noalias() += right * row;
      else
        result.noalias() += right.transpose() * row;
    }
    return;
  }
  const Eigen::Map<const Matrix> left(a, rows, depth);
  Eigen::Map<Matrix> result(c, rows, cols);
  if constexpr (transposed)
    result.noalias() += left * right.transpose();
  else
    result.noalias() += left * right;
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
    Result result = Result::zeros(shape);
    if (right.rank() == 2)
      gemm<Right::plain>(rows, right[1], depth, x.data(), y.data(), result.mutable_data());
    else
      gemm<Right::transposed>(1, rows, depth, y.data(), x.data(), result.mutable_data());
    return result;
  };
  return through_wide(multiply, a, b);
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
