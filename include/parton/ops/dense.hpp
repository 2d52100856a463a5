// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <type_traits>
#include <utility>

#include <parton/autograd/record.hpp>
#include <parton/ops/activation_kind.hpp>
#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/activation_gradient.hpp>
#include <parton/ops/detail/gemm.hpp>
#include <parton/ops/detail/operand.hpp>

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

/// y = activation(x W^T + b), where y starts as b: adding to it costs no pass of its own. `before`
/// gets what the activation is applied to, if it is not null.
template <class Scalar>
void dense_into(Tensor<Scalar>& y, const Tensor<Scalar>& x, const Tensor<Scalar>& weight,
                const Tensor<Scalar>* bias, ActivationSpec activation, Tensor<Scalar>* before) {
  const Index units = weight.shape()[0], depth = weight.shape()[1];
  const Index rows = units == 0 ? 0 : y.size() / units;
  Scalar* const to = fresh_data(y);
  for (Index i = 0; bias != nullptr && i < rows; ++i)
    std::copy_n(bias->data(), units, to + i * units);
  gemm<Order::plain, Order::transposed>(rows, units, depth, x.data(), weight.data(), to,
                                        bias != nullptr);
  if (before != nullptr) {
    const TraceScope silent(nullptr);
    *before = y.copy();
  }
  apply_activation(activation, to, y.size());
}

/// What the backward of a dense layer needs to know beside values.
struct DenseStep {
  Shape x, weight;
  ActivationSpec activation;
};

/// With g times the derivative of the activation: grad x = g W, grad W = g^T x, and grad b the sum
/// over the rows of g. `y` and `before` are the result and what the activation was applied to; only
/// one of them is needed, see needs_input().
template <class Scalar>
void dense_backward(Gradients<Scalar>& gradients, const DenseStep& step, const Tensor<Scalar>& x,
                    const Tensor<Scalar>& weight, const Tensor<Scalar>& y,
                    const Tensor<Scalar>& before) {
  const Index units = step.weight[0], depth = step.weight[1];
  Tensor<Scalar> g = gradients.result();
  if (step.activation.kind != ActivationKind::linear) {
    Tensor<Scalar> inner = Tensor<Scalar>::empty(g.shape());
    activation_backward(step.activation, before.data(), y.data(), g.data(), fresh_data(inner),
                        g.size());
    g = std::move(inner);
  }
  const Index rows = units == 0 ? 0 : g.size() / units;
  gradients.write(1, step.weight, [&](Scalar* to, bool add) {
    gemm<Order::transposed, Order::plain>(units, depth, rows, g.data(), x.data(), to, add);
  });
  gradients.write(2, Shape{units}, [&](Scalar* to, bool add) {
    if (!add) std::fill_n(to, units, Scalar(0));
    for (Index i = 0; i < rows; ++i) store(to, load(to, units) + load(g.data() + i * units, units));
  });
  gradients.write(0, step.x, [&](Scalar* to, bool add) {
    gemm<Order::plain, Order::plain>(rows, depth, units, g.data(), weight.data(), to, add);
  });
}

/// dense of float or double, on the tape.
template <class Scalar>
Tensor<Scalar> dense_recorded(const Shape& shape, const Tensor<Scalar>& x,
                              const Tensor<Scalar>& weight, const Tensor<Scalar>* bias,
                              ActivationSpec activation) {
  Tensor<Scalar> y = Tensor<Scalar>::empty(shape), before;
  const bool records = must_record(x, weight, bias), by_input = needs_input(activation);
  dense_into(y, x, weight, bias, activation, records && by_input ? &before : nullptr);
  if (records)
    record("dense", y, inputs(x, weight, bias),
           saved(save_if(needs_gradient(weight), x), save_if(needs_gradient(x), weight),
                 save_if(!by_input && activation.kind != ActivationKind::linear, y), before),
           [step = DenseStep{x.shape(), weight.shape(), activation}](Gradients<Scalar>& gradients,
                                                                     const auto&... values) {
             dense_backward(gradients, step, values...);
           });
  return y;
}

/// dense of any scalar. half and bfloat16 go through casts that are on the tape too, so the
/// gradients are computed in float and rounded once.
template <class Scalar>
Tensor<Scalar> dense_computed(const Shape& shape, const Tensor<Scalar>& x,
                              const Tensor<Scalar>& weight, const Tensor<Scalar>* bias,
                              ActivationSpec activation) {
  if constexpr (std::same_as<Scalar, Wide<Scalar>>) {
    return dense_recorded(shape, x, weight, bias, activation);
  } else {
    const TraceScope silent(nullptr);
    const Tensor<float> wide_bias =
        bias == nullptr ? Tensor<float>() : bias->template cast<float>();
    return dense_recorded(shape, x.template cast<float>(), weight.template cast<float>(),
                          bias == nullptr ? nullptr : &wide_bias, activation)
        .template cast<Scalar>();
  }
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
  Tensor<Scalar> y = detail::dense_computed(shape, input, weight, bias, activation);
  if (detail::tracer != nullptr)
    detail::trace(
        "dense", {input, weight, bias}, {y},
        {{"activation", activation.name()}, {"slope", activation.slope}, {"flatten", flatten}});
  return y;
}

}  // namespace parton
