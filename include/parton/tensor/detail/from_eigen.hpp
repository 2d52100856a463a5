// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <numeric>
#include <ranges>
#include <type_traits>

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <parton/tensor/shape.hpp>

namespace parton::detail {

// The base is deduced, since a class such as VectorBlock derives from that of another class.
template <class Derived>
void accept_dense(const Eigen::DenseBase<Derived>&);
template <class Derived>
void accept_tensor(const Eigen::TensorBase<Derived, Eigen::ReadOnlyAccessors>&);

/// An Eigen matrix, array, map or coefficient-wise expression.
template <class T>
concept EigenDense = requires(const T& x) {
  accept_dense(x);
};

/// An Eigen tensor, tensor map or tensor expression.
template <class T>
concept EigenTensor = requires(const T& x) {
  accept_tensor(x);
};

/// A std::vector, std::array, std::span or plain array of numbers; neither Eigen's nor a Shape.
template <class T>
concept Values = !std::same_as<T, Shape> && !EigenDense<T> && !EigenTensor<T> &&
                 std::ranges::contiguous_range<const T>;

template <EigenDense Expression>
Shape shape_of_dense(const Expression& expression) {
  if constexpr (Expression::IsVectorAtCompileTime)
    return {expression.size()};
  else
    return {expression.rows(), expression.cols()};
}

/// Evaluates a matrix, array or expression into row-major memory of its size.
template <EigenDense Expression>
void copy_dense(const Expression& expression, typename Expression::Scalar* to) {
  using Scalar = typename Expression::Scalar;
  const Eigen::Index rows = expression.rows(), cols = expression.cols();
  using Kind = typename Eigen::internal::traits<Expression>::XprKind;
  if constexpr (std::same_as<Kind, Eigen::ArrayXpr>) {
    using Plain = Eigen::Array<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Eigen::Map<Plain>(to, rows, cols) = expression;
  } else {
    using Plain = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Eigen::Map<Plain>(to, rows, cols).noalias() = expression;
  }
}

/// A plain Eigen tensor as it is, an expression as its value.
template <class Scalar, int Rank, int Layout, class Size>
const Eigen::Tensor<Scalar, Rank, Layout, Size>& evaluated(
    const Eigen::Tensor<Scalar, Rank, Layout, Size>& tensor) {
  return tensor;
}
template <EigenTensor Expression>
auto evaluated(const Expression& expression) {
  using Traits = Eigen::internal::traits<Expression>;
  using Scalar = std::remove_const_t<typename Traits::Scalar>;
  return Eigen::Tensor<Scalar, Traits::NumDimensions, Traits::Layout, typename Traits::Index>(
      expression);
}

/// The value of an Eigen tensor expression as a fresh Tensor.
template <class Result, EigenTensor Expression>
Result copy_tensor(const Expression& expression) {
  using Scalar = typename Result::value_type;
  using Traits = Eigen::internal::traits<Expression>;
  using Size = typename Traits::Index;
  constexpr int rank = Traits::NumDimensions;
  // Evaluated in its own storage order first: Eigen does not assign across orders.
  const auto& plain = evaluated(expression);
  Result result = Result::empty(Shape(plain.dimensions()));
  Scalar* to = result.mutable_data();
  if constexpr (rank < 2 || Traits::Layout == Eigen::RowMajor) {
    std::copy_n(plain.data(), plain.size(), to);
  } else {
    Eigen::array<int, static_cast<std::size_t>(rank)> reversed;
    std::iota(reversed.rbegin(), reversed.rend(), 0);
    using RowMajor = Eigen::Tensor<Scalar, rank, Eigen::RowMajor, Size>;
    Eigen::TensorMap<RowMajor>(to, plain.dimensions()) = plain.swap_layout().shuffle(reversed);
  }
  return result;
}

}  // namespace parton::detail
