// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string_view>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/in_wide.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/detail/reducers.hpp>
#include <parton/ops/detail/spread.hpp>

namespace parton {

namespace detail {

/// variance or, with `Root`, its root: two passes, so that a large mean takes no precision.
template <bool Root, class Scalar>
Tensor<Scalar> spread_about_mean(const char* name, const Tensor<Scalar>& x, const Axes& axes,
                                 bool keepdims, Index ddof) {
  using T = Wide<Scalar>;
  const ReducedAxes reduced(x.shape(), axes);
  const Shape shape = keepdims ? reduced.kept : without(x.shape(), axes.mask(x.shape()));
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(shape);
  const auto degrees = static_cast<T>(std::max<Index>(reduced.count - ddof, 0));
  const Tensor<T> mean =
      reduce<SumOf, T>(name, x, axes, true, [](auto& sums, Index n) { sums /= static_cast<T>(n); });
  Tensor<T> centered = Tensor<T>::empty(x.shape());
  spread(
      fresh_data(centered), x, reduced.kept,
      [](const auto& v, const auto& center) { return v - center; }, mean);
  Tensor<Scalar> y = from_wide<Scalar>(
      reduce<SquaresOf, T>(name, centered, axes, keepdims, [degrees](auto& sums, Index) {
        sums /= degrees;
        if constexpr (Root) sums = root_of(sums);
      }));
  if (must_record(x))
    record(
        name, y, inputs(x), saved(x, mean, y),
        [degrees, kept = reduced.kept](Gradients<Scalar>& gradients, const Tensor<Scalar>& from,
                                       const Tensor<T>& center, const Tensor<Scalar>& result) {
          const auto factor = each_result(result, gradients.result(), [degrees](T deviation, T g) {
            if constexpr (Root) return deviation == 0 ? T(0) : g / (deviation * degrees);
            return g * 2 / degrees;
          });
          add_spread(
              gradients, from, kept,
              [](const auto& v, const auto& middle, const auto& by) { return (v - middle) * by; },
              center, factor);
        });
  if (tracer != nullptr) {
    const AxisList listed(axes.mask(x.shape()));
    trace(name, {x}, {y}, {{"axes", listed.span()}, {"keepdims", keepdims}, {"ddof", ddof}});
  }
  return y;
}

}  // namespace detail

/// The mean square of the distance from the mean: sum (x - mean)^2 / (n - ddof). With ddof = 0 it
/// is the biased one of NumPy and of normalization, with 1 PyTorch's. NaN of nothing. \throws
/// IndexError for an axis that is not there; ValueError for one named twice.
template <detail::FloatingOperand X>
[[nodiscard]] auto variance(const X& x, const Axes& axes = Axes::all(), bool keepdims = false,
                            Index ddof = 0) {
  return detail::spread_about_mean<false>("variance", detail::as_tensor(x), axes, keepdims, ddof);
}

/// The standard deviation: the root of the variance. Its gradient where it is 0 is taken to be 0.
/// \throws as variance().
template <detail::FloatingOperand X>
[[nodiscard]] auto stddev(const X& x, const Axes& axes = Axes::all(), bool keepdims = false,
                          Index ddof = 0) {
  return detail::spread_about_mean<true>("stddev", detail::as_tensor(x), axes, keepdims, ddof);
}

}  // namespace parton
