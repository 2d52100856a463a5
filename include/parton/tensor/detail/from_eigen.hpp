// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <type_traits>

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <parton/tensor/shape.hpp>

namespace parton::detail {

/// An Eigen matrix, array, map or coefficient-wise expression.
template <class T>
concept EigenDense = std::derived_from<T, Eigen::DenseBase<T>>;

/// An Eigen tensor, tensor map or tensor expression.
template <class T>
concept EigenTensor = std::derived_from<T, Eigen::TensorBase<T, Eigen::ReadOnlyAccessors>>;

template <EigenDense Expression>
Shape shape_of_dense(const Expression& expression) {
  if constexpr (Expression::IsVectorAtCompileTime) return {expression.size()};
  else return {expression.rows(), expression.cols()};
}

/// Evaluates a matrix, array or expression into row-major memory of its size.
template <EigenDense Expression>
void copy_dense(const Expression& expression, typename Expression::Scalar* to) {
  using Scalar = typename Expression::Scalar;
  const Eigen::Index rows = expression.rows(), cols = expression.cols();
  using Kind = typename Eigen::internal::traits<Expression>::XprKind;
  if constexpr (std::same_as<Kind, Eigen::ArrayXpr>) {
    using Plain = Eigen::Array<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Eigen::Map<Plain>(to, rows, cols) = expression.derived();
  } else {
    using Plain = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Eigen::Map<Plain>(to, rows, cols).noalias() = expression.derived();
  }
}

/// Evaluates a tensor expression into row-major memory that `allocate` gives for its shape.
template <class Scalar, EigenTensor Expression, class Allocate>
void copy_tensor(const Expression& expression, Allocate allocate) {
  using Traits = Eigen::internal::traits<Expression>;
  constexpr int rank = Traits::NumDimensions;
  constexpr int layout = Traits::Layout;
  // Evaluated in its own storage order first: Eigen does not assign across orders.
  const Eigen::Tensor<Scalar, rank, layout> plain = expression;
  std::array<Index, static_cast<std::size_t>(rank > 0 ? rank : 1)> dims{};
  Eigen::array<int, static_cast<std::size_t>(rank)> reversed{};
  for (int i = 0; i < rank; ++i) {
    dims[static_cast<std::size_t>(i)] = plain.dimension(static_cast<std::size_t>(i));
    reversed[static_cast<std::size_t>(i)] = rank - 1 - i;
  }
  const Shape shape(std::span<const Index>(dims.data(), static_cast<std::size_t>(rank)));
  Scalar* to = allocate(shape);
  if constexpr (layout == Eigen::RowMajor) {
    std::copy_n(plain.data(), plain.size(), to);
  } else {
    const Eigen::Tensor<Scalar, rank, Eigen::RowMajor> turned = plain.swap_layout().shuffle(reversed);
    std::copy_n(turned.data(), turned.size(), to);
  }
}

}  // namespace parton::detail
