// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <limits>

#include <parton/error.hpp>
#include <parton/tensor/scalar.hpp>
#include <parton/tensor/shape.hpp>
#include <parton/tensor/tensor.hpp>

/// \file Tensors of a shape: `zeros({2, 3})`, `full<double>({4}, 0.5)`, `arange(10)`.

namespace parton {

/// All elements 0. \throws ShapeError if a dimension is not known, as in each of these.
template <TensorScalar Scalar = float>
[[nodiscard]] Tensor<Scalar> zeros(const Shape& shape) {
  return Tensor<Scalar>::full(shape, Scalar(0));
}

/// All elements 1.
template <TensorScalar Scalar = float>
[[nodiscard]] Tensor<Scalar> ones(const Shape& shape) {
  return Tensor<Scalar>::full(shape, Scalar(1));
}

/// All elements `value`. \throws ValueError for an integer that Scalar cannot hold.
template <TensorScalar Scalar = float, NumberFor<Scalar> T>
[[nodiscard]] Tensor<Scalar> full(const Shape& shape, T value) {
  return Tensor<Scalar>::full(shape, value);
}

/// 0, 1, ..., n - 1, of shape `(n,)`.
/// \throws ValueError for a negative n, or one up to which Scalar cannot count exactly.
template <TensorScalar Scalar = float>
requires(!std::same_as<Scalar, bool>) [[nodiscard]] Tensor<Scalar> arange(Dim size) {
  const Index n = size.value();
  // The highest value is 2^digits for a floating scalar, and 2^digits - 1 for an integer.
  constexpr int digits = std::numeric_limits<Scalar>::digits;
  constexpr Index limit = digits >= 63
                              ? std::numeric_limits<Index>::max()
                              : (Index{1} << (digits % 63)) + (FloatingScalar<Scalar> ? 1 : 0);
  if (n < 0 || n > limit) throw errors::bad_arange(n, dtype_name<Scalar>(), limit);
  Tensor<Scalar> result = Tensor<Scalar>::empty({n});
  Scalar* to = detail::fresh_data(result);
  for (Index i = 0; i < n; ++i) to[i] = detail::convert<Scalar>(i);
  return result;
}

/// The identity matrix of shape `(n, n)`. \throws ShapeError for a negative n.
template <TensorScalar Scalar = float>
[[nodiscard]] Tensor<Scalar> eye(Dim size) {
  const Index n = size.value();
  Tensor<Scalar> result = zeros<Scalar>({n, n});
  Scalar* to = detail::fresh_data(result);
  for (Index i = 0; i < n; ++i) to[i * (n + 1)] = Scalar(1);
  return result;
}

}  // namespace parton
