// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include <parton/autograd/record.hpp>
#include <parton/ops/detail/in_wide.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/detail/pooling_kernels.hpp>

/// \file Pooling over windows of one and two dimensions, and over all of an image.

namespace parton {

/// What a pooling may be told besides the size of its windows.
template <std::size_t Axes>
struct PoolingOptions {
  /// 0 is the size of the windows.
  PerAxis<Axes> strides = 0;
  /// Around the input; smaller than the windows.
  Padding<Axes> padding = 0;
  PerAxis<Axes> dilation = 1;
  /// Let the last window reach beyond the padded input, if it begins within the input or the
  /// padding before it (PyTorch's rule).
  bool ceil_mode = false;
};

/// The same for averages.
template <std::size_t Axes>
struct AveragePoolingOptions {
  PerAxis<Axes> strides = 0;
  Padding<Axes> padding = 0;
  PerAxis<Axes> dilation = 1;
  bool ceil_mode = false;
  /// Divide by the size of the window within the padded input, else by that within the input.
  bool count_include_pad = true;
};

namespace detail {

/// \throws ValueError for options out of their domain, or a padding that no window reaches across.
template <std::size_t Axes>
void check_pooling(std::string_view op, const PerAxis<Axes>& size, const PerAxis<Axes>& strides,
                   const Padding<Axes>& padding, const PerAxis<Axes>& dilation) {
  check_windows(op, size, strides, padding, dilation);
  for (std::size_t i = 0; i < Axes; ++i) {
    const Index most = std::max(padding[i].begin, padding[i].end);
    const Index reach = (size[i] - 1) * dilation[i] + 1;
    if (most >= reach) throw errors::pooling_padding(op, most, reach);
  }
}

/// The windows of a pooling. \throws ShapeError, ValueError
template <std::size_t Axes, class Options>
WindowAxes pooling_windows(std::string_view op, const Shape& x, const PerAxis<Axes>& size,
                           const Options& options) {
  const PerAxis<Axes>& strides = options.strides == 0 ? size : options.strides;
  check_pooling(op, size, strides, options.padding, options.dilation);
  const WindowAxes result = windows_over<Axes>(op, x, size, strides, options.padding,
                                               options.dilation, options.ceil_mode);
  if (x.product(2) == 0) throw errors::pooling_of_nothing(op, x.to_string());
  // Taps are counted in floats.
  if (result[0].kernel * result[1].kernel > Index{1} << 24)
    throw errors::pooling_too_large(op, "a window", "2^24", x.to_string());
  return result;
}

/// Windows that are the whole image. \throws ShapeError
inline WindowAxes whole_image(std::string_view op, const Shape& x) {
  if (x.rank() < 3) throw errors::window_input(op, "(N, C, ...)", x.to_string());
  const Index size = x.product(2);
  if (size == 0) throw errors::pooling_of_nothing(op, x.to_string());
  if (size > std::numeric_limits<std::int32_t>::max())
    throw errors::pooling_too_large(op, "an image", "2^31 - 1", x.to_string());
  WindowAxes result;
  result[1].in = result[1].kernel = size;
  return result;
}
inline Shape one_pixel(Shape shape) {
  for (std::size_t i = 2; i < shape.rank(); ++i) shape = shape.with(static_cast<Index>(i), 1);
  return shape;
}

template <class Scalar>
Tensor<Scalar> max_pool(const char* op, const Tensor<Scalar>& x, const WindowAxes& windows,
                        const Shape& shape) {
  using Value = Wide<Scalar>;
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(shape);
  const PoolingPlan plan(windows);
  const Index planes = x.shape()[0] * x.shape()[1];
  const Index from = plan.input_size(), to = plan.output_size();
  const bool recorded = must_record(x);
  auto wide = Tensor<Value>::empty(shape);
  auto where = Tensor<std::int32_t>::empty(recorded ? shape : Shape{0});
  {
    const Tensor<Value>& values = in_wide(x);
    MaxPooling<Value> pool(plan, recorded);
    Value* result = fresh_data(wide);
    std::int32_t* taps = recorded ? fresh_data(where) : nullptr;
    for (Index i = 0; i < planes; ++i)
      pool(values.data() + i * from, result + i * to, recorded ? taps + i * to : nullptr);
  }
  Tensor<Scalar> y = from_wide<Scalar>(std::move(wide));
  if (recorded)
    record(op, y, inputs(x), saved(where),
           [input = x.shape(), windows, planes, from, to](Gradients<Scalar>& grads,
                                                          const Tensor<std::int32_t>& taps) {
             const Tensor<Value>& g = in_wide(grads.result());
             const Tensor<Index> offsets = tap_offsets(windows);
             write_in_wide<Scalar>(grads, 0, input, [&](Value* sum, bool add) {
               if (!add) std::fill_n(sum, planes * from, Value(0));
               for (Index i = 0; i < planes; ++i)
                 max_pool_plane_gradient(windows, offsets.data(), g.data() + i * to,
                                         taps.data() + i * to, sum + i * from);
             });
           });
  return y;
}

template <class Scalar>
Tensor<Scalar> average_pool(const char* op, const Tensor<Scalar>& x, const WindowAxes& windows,
                            const Shape& shape, bool include_padding) {
  using Value = Wide<Scalar>;
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(shape);
  const PoolingPlan plan(windows);
  const Index planes = x.shape()[0] * x.shape()[1];
  const Index from = plan.input_size(), to = plan.output_size();
  auto factors = Tensor<Value>::empty({to}), wide = Tensor<Value>::empty(shape);
  average_factors(windows, include_padding, fresh_data(factors));
  const Tensor<Value>& values = in_wide(x);
  Value* result = fresh_data(wide);
  for (Index i = 0; i < planes; ++i)
    average_pool_plane(plan, values.data() + i * from, factors.data(), result + i * to);
  Tensor<Scalar> y = from_wide<Scalar>(std::move(wide));
  if (must_record(x))
    record(op, y, inputs(x), saved(factors),
           [input = x.shape(), windows, planes](Gradients<Scalar>& grads,
                                                const Tensor<Value>& shares) {
             const PoolingPlan again(windows);
             const Index in = again.input_size(), out = again.output_size();
             const Tensor<Value>& g = in_wide(grads.result());
             write_in_wide<Scalar>(grads, 0, input, [&](Value* sum, bool add) {
               if (!add) std::fill_n(sum, planes * in, Value(0));
               for (Index i = 0; i < planes; ++i)
                 average_pool_plane_gradient(again, g.data() + i * out, shares.data(),
                                             sum + i * in);
             });
           });
  return y;
}

template <std::size_t Axes, class Scalar>
Tensor<Scalar> max_pool(const char* op, const Tensor<Scalar>& x, const PerAxis<Axes>& size,
                        const PoolingOptions<Axes>& options) {
  const WindowAxes windows = pooling_windows(op, x.shape(), size, options);
  Tensor<Scalar> y = max_pool(op, x, windows, window_shape<Axes>(x.shape(), x.shape()[1], windows));
  if (tracer != nullptr && y.has_values())
    trace_windows(op, {x}, y, windows, Axes, {{"ceil_mode", options.ceil_mode}});
  return y;
}

template <std::size_t Axes, class Scalar>
Tensor<Scalar> average_pool(const char* op, const Tensor<Scalar>& x, const PerAxis<Axes>& size,
                            const AveragePoolingOptions<Axes>& options) {
  const WindowAxes windows = pooling_windows(op, x.shape(), size, options);
  Tensor<Scalar> y =
      average_pool(op, x, windows, window_shape<Axes>(x.shape(), x.shape()[1], windows),
                   options.count_include_pad);
  if (tracer != nullptr && y.has_values())
    trace_windows(
        op, {x}, y, windows, Axes,
        {{"ceil_mode", options.ceil_mode}, {"count_include_pad", options.count_include_pad}});
  return y;
}

}  // namespace detail

/// The maximum of each window of x `(N, C, H, W)`: `(N, C, oH, oW)` with oH = (H + padding -
/// dilation (size - 1) - 1) / stride + 1, rounded down, or up with ceil_mode (PyTorch's MaxPool2d).
///
/// Padding is never the maximum, NaN always is. The gradient goes to the first of equal maxima, in
/// the order of the rows. \throws ShapeError if x does not fit; ValueError for an option out of its
/// domain.
template <detail::FloatingOperand X>
[[nodiscard]] auto max_pool2d(const X& x, const PerAxis<2>& size,
                              const PoolingOptions<2>& options = {}) {
  return detail::max_pool<2>("max_pool2d", detail::as_tensor(x), size, options);
}

/// The same for `(N, C, W)`.
template <detail::FloatingOperand X>
[[nodiscard]] auto max_pool1d(const X& x, const PerAxis<1>& size,
                              const PoolingOptions<1>& options = {}) {
  return detail::max_pool<1>("max_pool1d", detail::as_tensor(x), size, options);
}

/// The average of each window of x `(N, C, H, W)`; shapes and errors as max_pool2d (PyTorch's
/// AvgPool2d).
///
/// The sum is divided by the number of elements of the window that lie within the padded input, or
/// with count_include_pad off within the input.
template <detail::FloatingOperand X>
[[nodiscard]] auto avg_pool2d(const X& x, const PerAxis<2>& size,
                              const AveragePoolingOptions<2>& options = {}) {
  return detail::average_pool<2>("avg_pool2d", detail::as_tensor(x), size, options);
}

/// The same for `(N, C, W)`.
template <detail::FloatingOperand X>
[[nodiscard]] auto avg_pool1d(const X& x, const PerAxis<1>& size,
                              const AveragePoolingOptions<1>& options = {}) {
  return detail::average_pool<1>("avg_pool1d", detail::as_tensor(x), size, options);
}

/// The maximum of each channel: x `(N, C, ...)` gives `(N, C, 1, ...)`. \throws ShapeError for a
/// rank below 3 or an empty image.
template <detail::FloatingOperand X>
[[nodiscard]] auto global_max_pool(const X& x) {
  const auto& input = detail::as_tensor(x);
  auto y = detail::max_pool("global_max_pool", input,
                            detail::whole_image("global_max_pool", input.shape()),
                            detail::one_pixel(input.shape()));
  if (detail::tracer != nullptr && y.has_values()) detail::trace("global_max_pool", {input}, {y});
  return y;
}

/// The average of each channel: x `(N, C, ...)` gives `(N, C, 1, ...)`. \throws ShapeError for a
/// rank below 3 or an empty image.
template <detail::FloatingOperand X>
[[nodiscard]] auto global_avg_pool(const X& x) {
  const auto& input = detail::as_tensor(x);
  auto y = detail::average_pool("global_avg_pool", input,
                                detail::whole_image("global_avg_pool", input.shape()),
                                detail::one_pixel(input.shape()), true);
  if (detail::tracer != nullptr && y.has_values()) detail::trace("global_avg_pool", {input}, {y});
  return y;
}

}  // namespace parton
