// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <type_traits>

#include <parton/ops/activation_kind.hpp>
#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/product.hpp>

namespace parton {

namespace detail {

/// The shape of a dense layer's result. \throws ShapeError
inline Shape dense_shape(const Shape& x, const Shape& weight, const Shape* bias, bool flatten) {
  if (weight.rank() != 2) throw errors::dense_weight(weight.to_string());
  if (x.rank() == 0 || (flatten ? x.product(1) : x[-1]) != weight[1])
    throw errors::dense_shapes(x.to_string(), weight.to_string(), flatten);
  if (bias != nullptr && (bias->rank() != 1 || (*bias)[0] != weight[0]))
    throw errors::dense_bias(bias->to_string(), weight.to_string());
  return flatten ? Shape{x[0], weight[0]} : x.with(-1, weight[0]);
}

/// y = activation(x W^T + b), where y starts as b: adding to it costs no pass of its own.
template <class Scalar>
void dense_into(Tensor<Scalar>& y, const Tensor<Scalar>& x, const Tensor<Scalar>& weight,
                const Tensor<Scalar>* bias, ActivationSpec activation) {
  const Index units = weight.shape()[0], depth = weight.shape()[1];
  const Index rows = units == 0 ? 0 : y.size() / units;
  Scalar* to = y.mutable_data();
  if (bias == nullptr) {
    std::fill_n(to, y.size(), Scalar(0));
  } else {
    for (Index i = 0; i < rows; ++i) std::copy_n(bias->data(), units, to + i * units);
  }
  gemm<Order::plain, Order::transposed>(rows, units, depth, x.data(), weight.data(), to, true);
  apply_activation(activation, to, y.size());
}

}  // namespace detail

/// A fully connected layer as one op: y = activation(x W^T + b).
///
/// weight is `(units, in_units)`, bias `(units,)` or null. With flatten, x of `(N, ...)` is read as
/// `(N, in_units)` and gives `(N, units)`; x of `(N,)` has in_units = 1. Without, the last axis is
/// transformed: `(..., in_units)` gives `(..., units)`. half and bfloat16 are computed in float and
/// rounded once. \throws ShapeError if the shapes do not fit, or x is a scalar.
template <detail::FloatingOperand X, class Scalar = detail::scalar_of<X>>
[[nodiscard]] Tensor<Scalar> dense(const X& x, const std::type_identity_t<Tensor<Scalar>>& weight,
                                   const std::type_identity_t<Tensor<Scalar>>* bias = nullptr,
                                   ActivationSpec activation = {}, bool flatten = true) {
  const Tensor<Scalar>& input = detail::as_tensor(x);
  const Shape shape = detail::dense_shape(input.shape(), weight.shape(),
                                          bias == nullptr ? nullptr : &bias->shape(), flatten);
  if (detail::any_shape_only(input, weight, bias)) return Tensor<Scalar>::shape_only(shape);
  if constexpr (std::same_as<Scalar, detail::Wide<Scalar>>) {
    Tensor<Scalar> y = Tensor<Scalar>::empty(shape);
    detail::dense_into(y, input, weight, bias, activation);
    return y;
  } else {
    Tensor<float> y = Tensor<float>::empty(shape);
    const Tensor<float> wide_bias =
        bias == nullptr ? Tensor<float>() : bias->template cast<float>();
    detail::dense_into(y, input.template cast<float>(), weight.template cast<float>(),
                       bias == nullptr ? nullptr : &wide_bias, activation);
    return y.template cast<Scalar>();
  }
}

}  // namespace parton
