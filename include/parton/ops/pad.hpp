// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/broadcast_to.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/detail/scatter.hpp>

namespace parton {

/// What stands in a padding: one value, the nearest element, or the elements mirrored at the first
/// and the last one, which are not repeated.
enum class PadMode { constant, edge, reflect };

/// How many elements are put before and after an axis.
struct PadWidth {
  Index before = 0;
  Index after = 0;
};

struct PadOptions {
  PadMode mode = PadMode::constant;
  double value = 0;  ///< of the constant mode
};

namespace detail {

constexpr std::string_view pad_mode_name(PadMode filling) {
  return filling == PadMode::constant ? "constant" : filling == PadMode::edge ? "edge" : "reflect";
}

/// The element of an axis of n > 0 elements that stands at position i, before 0 or beyond n too; -1
/// for the constant.
constexpr Index padded_position(PadMode filling, Index i, Index n) {
  if (i >= 0 && i < n) return i;
  if (filling == PadMode::constant) return -1;
  if (filling == PadMode::edge || n == 1) return i < 0 ? 0 : n - 1;
  const Index period = 2 * (n - 1), at = (i % period + period) % period;
  return at < n ? at : period - at;
}

/// One axis at a time: what it is padded with are runs of whole rows.
template <class Scalar>
Tensor<Scalar> pad_axis(const Tensor<Scalar>& x, std::size_t axis, const PadWidth& width,
                        const PadOptions& options) {
  const AxisSplit split(static_cast<Index>(axis), x.shape());
  if (width.before < 0 || width.after < 0)
    throw errors::negative_pad(width.before, width.after, axis);
  if (options.mode != PadMode::constant && split.n == 0)
    throw errors::pad_of_nothing(pad_mode_name(options.mode), axis, x.shape().to_string());
  // A Shape has room for no number so large that the sum of three overflows.
  static_cast<void>(Shape{width.before});
  static_cast<void>(Shape{width.after});
  const Index n = width.before + split.n + width.after;
  const Shape shape = x.shape().with(static_cast<Index>(axis), n);
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(shape);
  Tensor<Scalar> result = Tensor<Scalar>::empty(shape);
  const auto value = convert<Scalar>(options.value);
  // Calls f(row of x, or -1, row of the result) for each row of `inner` elements.
  const auto for_each_row = [split, n, before = width.before,
                             filling = options.mode](const auto& f) {
    for (Index i = 0; i < split.outer; ++i) {
      for (Index j = 0; j < n; ++j) {
        const Index at = padded_position(filling, j - before, split.n);
        f(at < 0 ? Index{-1} : i * split.n + at, i * n + j);
      }
    }
  };
  const Index inner = split.inner;
  const Scalar* from = x.data();
  Scalar* to = result.mutable_data();
  for_each_row([=](Index row, Index at) {
    if (row < 0)
      std::fill_n(to + at * inner, inner, value);
    else
      std::copy_n(from + row * inner, inner, to + at * inner);
  });
  if constexpr (FloatingScalar<Scalar>) {
    if (must_record(x))
      record("pad", result, inputs(x), saved(),
             [for_each_row, inner, whole = x.shape()](Gradients<Scalar>& grads) {
               const Scalar* g = grads.result().data();
               add_scattered(grads, 0, whole, [&](auto* sums) {
                 for_each_row([=](Index row, Index at) {
                   if (row < 0) return;
                   for (Index k = 0; k < inner; ++k)
                     sums[row * inner + k] +=
                         convert<std::remove_reference_t<decltype(*sums)>>(g[at * inner + k]);
                 });
               });
             });
  }
  return result;
}

/// The axes one after another.
template <class Scalar>
Tensor<Scalar> pad_axes(const Tensor<Scalar>& x, std::span<const PadWidth> widths,
                        const PadOptions& options) {
  Tensor<Scalar> result = x;
  bool copied = false;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (widths[i].before == 0 && widths[i].after == 0) continue;
    result = pad_axis(result, i, widths[i], options);
    copied = true;
  }
  return copied ? result : broadcast_to(x, x.shape());  // in storage of its own all the same
}

template <class Scalar>
Tensor<Scalar> pad(const Tensor<Scalar>& x, std::span<const PadWidth> widths,
                   const PadOptions& options) {
  if (widths.size() > x.rank())
    throw errors::too_many_axes("pad", "paddings", widths.size(), x.shape().to_string());
  const auto padded = [&] {
    const TraceScope silent(nullptr);
    return pad_axes(x, widths, options);
  };
  Tensor<Scalar> y = padded();
  if (tracer != nullptr && y.has_values()) {
    std::array<Index, 2 * Shape::max_rank> pads{};
    for (std::size_t i = 0; i < widths.size(); ++i)
      pads[i] = widths[i].before, pads[x.rank() + i] = widths[i].after;
    trace("pad", {x}, {y},
          {{"pads", std::span<const Index>(pads.data(), 2 * x.rank())},
           {"mode", pad_mode_name(options.mode)},
           {"value", options.value}});
  }
  return y;
}

}  // namespace detail

/// x with elements put before and after its axes: `pad(x, {{1, 1}, {0, 2}}, {.mode =
/// PadMode::edge})`. Axes without one stay as they are. As NumPy's `pad`, whose modes of the
/// same name these are; the mirror is repeated where the axis is shorter than the padding.
///
/// \throws ValueError for a negative number, or an empty axis that has nothing to repeat;
/// IndexError for more pairs than axes.
template <detail::Operand X>
[[nodiscard]] auto pad(const X& x, std::initializer_list<PadWidth> widths,
                       PadOptions options = {}) {
  return detail::pad(detail::as_tensor(x), std::span<const PadWidth>(widths.begin(), widths.size()),
                     options);
}
template <detail::Operand X>
[[nodiscard]] auto pad(const X& x, const std::vector<PadWidth>& widths, PadOptions options = {}) {
  return detail::pad(detail::as_tensor(x), std::span<const PadWidth>(widths), options);
}

}  // namespace parton
