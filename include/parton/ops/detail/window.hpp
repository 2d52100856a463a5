// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include <parton/autograd/trace.hpp>
#include <parton/ops/per_axis.hpp>

/// \file The windows of convolution and pooling: how many there are on an axis, and where they lie.

namespace parton::detail {

constexpr Index divide_up(Index a, Index b) { return (a + b - 1) / b; }

/// The windows along one axis: number o covers the input positions
/// `o * stride - begin + k * dilation` for k in [0, kernel), those outside [0, in) being padding.
struct WindowAxis {
  Index in = 1, kernel = 1, stride = 1, dilation = 1, begin = 0, end = 0;
  Index out = 1;

  /// The length that a window covers.
  [[nodiscard]] constexpr Index reach() const { return (kernel - 1) * dilation + 1; }
  [[nodiscard]] constexpr Index padded() const { return begin + in + end; }
  /// The first and the one after the last tap of window o that lie within the input.
  [[nodiscard]] constexpr Index first_tap(Index o) const {
    const Index at = o * stride - begin;
    return at >= 0 ? 0 : std::min(kernel, divide_up(-at, dilation));
  }
  [[nodiscard]] constexpr Index last_tap(Index o) const {
    const Index left = in - (o * stride - begin);
    return left <= 0 ? 0 : std::min(kernel, divide_up(left, dilation));
  }
};

/// Rows and columns; in one dimension there is one row.
using WindowAxes = std::array<WindowAxis, 2>;

/// \throws ValueError unless low <= value < 2^31, beyond which sums of sizes could overflow.
inline void check_window(std::string_view op, std::string_view option, Index value, Index low) {
  if (value < low)
    throw errors::window_option(op, option, low == 0 ? "at least 0" : "at least 1", value);
  if (value > 0x7fffffff) throw errors::window_option(op, option, "below 2^31", value);
}

/// \throws ValueError for options out of their domain.
template <std::size_t Axes>
void check_windows(std::string_view op, const PerAxis<Axes>& kernel, const PerAxis<Axes>& strides,
                   const Padding<Axes>& padding, const PerAxis<Axes>& dilation) {
  for (std::size_t i = 0; i < Axes; ++i) {
    check_window(op, "the kernel size", kernel[i], 1);
    check_window(op, "a stride", strides[i], 1);
    check_window(op, "the dilation", dilation[i], 1);
    check_window(op, "the padding", padding[i].begin, 0);
    check_window(op, "the padding", padding[i].end, 0);
  }
}

/// The windows over the last axes of an input. With ceil_mode the last window may begin within the
/// input and end beyond it. \throws ShapeError if no window fits; ValueError.
template <std::size_t Axes>
WindowAxes windows_over(std::string_view op, const Shape& x, const PerAxis<Axes>& kernel,
                        const PerAxis<Axes>& strides, const Padding<Axes>& padding,
                        const PerAxis<Axes>& dilation, bool ceil_mode = false) {
  check_windows(op, kernel, strides, padding, dilation);
  if (x.rank() != Axes + 2)
    throw errors::window_input(op, Axes == 1 ? "(N, C, W)" : "(N, C, H, W)", x.to_string());
  WindowAxes result;
  for (std::size_t i = 0; i < Axes; ++i) {
    WindowAxis& axis = result[2 - Axes + i];
    axis = {x.dims()[2 + i],  kernel[i],      strides[i], dilation[i],
            padding[i].begin, padding[i].end, 0};
    const Index room = axis.padded() - axis.reach();
    if (room < 0)
      throw errors::window_does_not_fit(op, Axes == 2 && i == 0 ? "height" : "width", axis.padded(),
                                        axis.reach(), x.to_string());
    axis.out = (ceil_mode ? divide_up(room, axis.stride) : room / axis.stride) + 1;
    if ((axis.out - 1) * axis.stride >= axis.in + axis.begin && axis.out > 1 && ceil_mode)
      --axis.out;
  }
  return result;
}

/// The shape of a result with this many channels.
template <std::size_t Axes>
Shape window_shape(const Shape& x, Index channels, const WindowAxes& windows) {
  if constexpr (Axes == 1) return {x[0], channels, windows[1].out};
  if constexpr (Axes == 2) return {x[0], channels, windows[0].out, windows[1].out};
}

/// Tells the tracer of an op over windows of this many axes, with options of its own.
[[gnu::cold, gnu::noinline]] inline void trace_windows(const char* op,
                                                       std::initializer_list<TraceOperand> inputs,
                                                       TraceOperand y, const WindowAxes& windows,
                                                       std::size_t axes,
                                                       std::initializer_list<TraceOption> more) {
  std::array<Index, 2> kernel{}, strides{}, dilation{};
  std::array<Index, 4> pads{};
  for (std::size_t i = 0; i < axes; ++i) {
    const WindowAxis& axis = windows[2 - axes + i];
    kernel[i] = axis.kernel, strides[i] = axis.stride, dilation[i] = axis.dilation;
    pads[i] = axis.begin, pads[axes + i] = axis.end;
  }
  std::vector<TraceOption> options = {{"kernel", std::span<const Index>(kernel.data(), axes)},
                                      {"strides", std::span<const Index>(strides.data(), axes)},
                                      {"pads", std::span<const Index>(pads.data(), 2 * axes)},
                                      {"dilation", std::span<const Index>(dilation.data(), axes)}};
  options.insert(options.end(), more.begin(), more.end());
  const TraceOperand results[] = {y};
  trace(op, std::span<const TraceOperand>(inputs.begin(), inputs.size()), results, options);
}

}  // namespace parton::detail
