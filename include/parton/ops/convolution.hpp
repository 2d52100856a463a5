// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <parton/autograd/record.hpp>
#include <parton/ops/activation_kind.hpp>
#include <parton/ops/detail/activation_gradient.hpp>
#include <parton/ops/detail/convolution_kernels.hpp>
#include <parton/ops/detail/in_wide.hpp>
#include <parton/ops/detail/operand.hpp>

/// \file Convolutions of one and two dimensions, as neural networks have them: cross-correlations.

namespace parton {

/// What a convolution may be told besides its weight and bias.
template <std::size_t Axes>
struct ConvolutionOptions {
  PerAxis<Axes> strides = 1;
  /// Zeros around the input: `1`, `{1, 2}` for height and width, `{{0, 1}, {0, 1}}` for each side.
  Padding<Axes> padding = 0;
  /// The distance between the taps of the kernel.
  PerAxis<Axes> dilation = 1;
  /// Input and output channels fall into this many groups that do not see each other.
  Index groups = 1;
  ActivationSpec activation = {};
};

namespace detail {

/// Checks all shapes. \throws ShapeError, ValueError
template <std::size_t Axes>
ConvolutionPlan convolution_plan(std::string_view op, const Shape& x, const Shape& weight,
                                 const Shape* bias, const ConvolutionOptions<Axes>& options) {
  constexpr bool flat = Axes == 1;
  check_window(op, "groups", options.groups, 1);
  if (weight.rank() != Axes + 2)
    throw errors::convolution_weight(op,
                                     flat ? "(out_channels, in_channels / groups, kW)"
                                          : "(out_channels, in_channels / groups, kH, kW)",
                                     weight.to_string());
  std::array<Index, Axes> kernel{};
  for (std::size_t i = 0; i < Axes; ++i) kernel[i] = weight.dims()[2 + i];
  const WindowAxes windows = windows_over<Axes>(op, x, PerAxis<Axes>(kernel), options.strides,
                                                options.padding, options.dilation);
  if (x[1] % options.groups != 0 || x[1] / options.groups != weight[1])
    throw errors::convolution_channels(op, x.to_string(), weight.to_string(), options.groups);
  if (weight[0] % options.groups != 0)
    throw errors::convolution_groups(op, weight.to_string(), options.groups);
  if (bias != nullptr && !(bias->rank() == 1 && (*bias)[0] == weight[0]))
    throw errors::convolution_bias(op, bias->to_string(), weight.to_string());
  return {x[0], x[1], weight[0], options.groups, windows};
}

/// The gradient before an activation of z, whose result was y; the activation needs one of them.
template <class Scalar>
Tensor<Scalar> before_activation(ActivationSpec activation, const Tensor<Scalar>& g,
                                 const Tensor<Scalar>& z, const Tensor<Scalar>& y) {
  if (activation.kind == ActivationKind::linear) return g;
  Tensor<Scalar> result = Tensor<Scalar>::empty(g.shape());
  const bool by_input = needs_input(activation);
  activation_backward<Scalar>(activation, by_input ? z.data() : nullptr,
                              by_input ? nullptr : y.data(), g.data(), fresh_data(result),
                              g.size());
  return result;
}

template <class Scalar>
void record_convolution(const char* op, Tensor<Scalar>& y, const ConvolutionPlan& plan,
                        ActivationSpec activation, const Tensor<Scalar>& x,
                        const Tensor<Scalar>& weight, const Tensor<Scalar>* bias,
                        const Tensor<Wide<Scalar>>& z) {
  using Value = Wide<Scalar>;
  const bool by_output = activation.kind != ActivationKind::linear && !needs_input(activation);
  record(op, y, inputs(x, weight, bias),
         saved(save_if(needs_gradient(weight), x), save_if(needs_gradient(x), weight),
               save_if(by_output, y), z),
         [plan, activation, input = x.shape(), kernel = weight.shape()](
             Gradients<Scalar>& grads, const Tensor<Scalar>& saved_x,
             const Tensor<Scalar>& saved_weight, const Tensor<Scalar>& saved_y,
             const Tensor<Value>& saved_z) {
           const Tensor<Value>& wide_y = in_wide(saved_y);
           const Tensor<Value> g =
               before_activation(activation, in_wide(grads.result()), saved_z, wide_y);
           if (grads.needs(0)) {
             const Tensor<Value>& w = in_wide(saved_weight);
             write_in_wide<Scalar>(grads, 0, input, [&](Value* to, bool add) {
               convolution_input_gradient(plan, w.data(), g.data(), to, add);
             });
           }
           if (grads.needs(1)) {
             const Tensor<Value>& values = in_wide(saved_x);
             write_in_wide<Scalar>(grads, 1, kernel, [&](Value* to, bool add) {
               convolution_weight_gradient(plan, values.data(), g.data(), to, add);
             });
           }
           if (grads.needs(2))
             write_in_wide<Scalar>(grads, 2, {plan.outputs}, [&](Value* to, bool add) {
               convolution_bias_gradient(plan, g.data(), to, add);
             });
         });
}

template <std::size_t Axes, class Scalar>
Tensor<Scalar> convolution(const char* op, const Tensor<Scalar>& x, const Tensor<Scalar>& weight,
                           const Tensor<Scalar>* bias, const ConvolutionOptions<Axes>& options) {
  using Value = Wide<Scalar>;
  const ConvolutionPlan plan = convolution_plan(
      op, x.shape(), weight.shape(), bias == nullptr ? nullptr : &bias->shape(), options);
  const Shape shape = window_shape<Axes>(x.shape(), weight.shape()[0], plan.window);
  if (any_shape_only(x, weight, bias)) return Tensor<Scalar>::shape_only(shape);
  const bool recorded = must_record(x, weight, bias);
  const bool keep = recorded && needs_input(options.activation);
  auto wide = Tensor<Value>::empty(shape);
  {
    const Tensor<Value>&input = in_wide(x), &kernel = in_wide(weight);
    const Tensor<Scalar> given = bias == nullptr ? Tensor<Scalar>() : *bias;
    const Tensor<Value>& shift = in_wide(given);
    convolution_forward(plan, input.data(), kernel.data(), bias == nullptr ? nullptr : shift.data(),
                        keep ? ActivationSpec{} : options.activation, fresh_data(wide));
  }
  const Tensor<Value> z = save_if(keep, wide);
  if (keep) {
    wide = Tensor<Value>::empty(shape);
    apply_activation(options.activation, z.data(), fresh_data(wide), z.size());
  }
  Tensor<Scalar> y = from_wide<Scalar>(std::move(wide));
  if (recorded) record_convolution(op, y, plan, options.activation, x, weight, bias, z);
  if (tracer != nullptr)
    trace_windows(op, {x, weight, bias}, y, plan.window, Axes,
                  {{"groups", options.groups},
                   {"activation", options.activation.name()},
                   {"slope", options.activation.slope}});
  return y;
}

}  // namespace detail

/// y[n, o, h, w] = bias[o] + sum over c, i, j of weight[o, c, i, j] x[n, c', h s + i d - p, ...],
/// then the activation; s is the stride, d the dilation, p the padding, c' channel c of o's group.
///
/// x is `(N, C, H, W)`, weight `(out_channels, C / groups, kH, kW)`, bias `(out_channels,)` or
/// null; the result is `(N, out_channels, oH, oW)` with oH = (H + padding - d (kH - 1) - 1) / s +
/// 1, rounded down (PyTorch's Conv2d). half and bfloat16 are computed in float and rounded once.
/// \throws ShapeError if shapes do not fit; ValueError for an option out of its domain.
template <detail::FloatingOperand X, class Scalar = detail::scalar_of<X>>
[[nodiscard]] Tensor<Scalar> conv2d(const X& x, const std::type_identity_t<Tensor<Scalar>>& weight,
                                    const std::type_identity_t<Tensor<Scalar>>* bias = nullptr,
                                    const ConvolutionOptions<2>& options = {}) {
  return detail::convolution<2>("conv2d", detail::as_tensor(x), weight, bias, options);
}

/// The same in one dimension: x `(N, C, W)`, weight `(out_channels, C / groups, kW)`, result
/// `(N, out_channels, oW)`. \throws ShapeError, ValueError as conv2d.
template <detail::FloatingOperand X, class Scalar = detail::scalar_of<X>>
[[nodiscard]] Tensor<Scalar> conv1d(const X& x, const std::type_identity_t<Tensor<Scalar>>& weight,
                                    const std::type_identity_t<Tensor<Scalar>>* bias = nullptr,
                                    const ConvolutionOptions<1>& options = {}) {
  return detail::convolution<1>("conv1d", detail::as_tensor(x), weight, bias, options);
}

}  // namespace parton
