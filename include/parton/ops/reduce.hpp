// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

#include <Eigen/Core>

#include <parton/ops/axes.hpp>
#include <parton/ops/broadcast.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/reducers.hpp>
#include <parton/ops/detail/spread.hpp>

/// \file Reductions over all axes, giving rank 0, or over some: `sum(x)`, `sum(x, 0)`,
/// `mean(x, {0, 2}, true)`. With keepdims the reduced axes stay, of size 1.
///
/// half and bfloat16 accumulate in float, and long runs pairwise (Higham 1993), so the rounding
/// error of a sum grows with the logarithm of their length. Each throws IndexError for an axis that
/// is not there, and ValueError for one named twice.

namespace parton {

namespace detail {

/// The position along an axis of the first element that `better` puts before all others, or of the
/// first NaN.
template <class X, class Better>
Tensor<std::int64_t> arg_extremum(const char* operation, const Tensor<X>& x, Index axis,
                                  const Better& better) {
  const Shape& shape = x.shape();
  const AxisSplit split(axis, shape);
  const Shape result_shape = without(shape, Axes(axis).mask(shape));
  if (split.n == 0 && result_shape.size() > 0)
    throw errors::reduction_of_nothing(operation, shape.to_string());
  if (any_shape_only(x)) return Tensor<std::int64_t>::shape_only(result_shape);
  auto result = Tensor<std::int64_t>::zeros(result_shape);
  std::int64_t* to = fresh_data(result);
  for (Index i = 0; i < split.outer; ++i) {
    for (Index k = 0; k < split.inner && split.n > 0; ++k) {
      const X* first = x.data() + i * split.n * split.inner + k;
      X best = *first;
      for (Index j = 1; j < split.n && best == best; ++j) {
        const X value = first[j * split.inner];
        if (better(value, best) || value != value) {
          best = value;
          *to = j;
        }
      }
      ++to;
    }
  }
  if (tracer != nullptr) trace(operation, {x}, {result}, {{"axis", static_cast<Index>(split.at)}});
  return result;
}

}  // namespace detail

/// The sum; 0 of nothing. A sum of integers or bools is int64, as in NumPy, and wraps around.
template <detail::Operand X>
[[nodiscard]] auto sum(const X& x, const Axes& axes = Axes::all(), bool keepdims = false) {
  using Scalar = detail::scalar_of<X>;
  using Result = std::conditional_t<FloatingScalar<Scalar>, Scalar, std::int64_t>;
  const auto& input = detail::as_tensor(x);
  Tensor<Result> y = detail::reduce<detail::SumOf, Result>("sum", input, axes, keepdims);
  if constexpr (FloatingScalar<Scalar>) detail::record_sum("sum", y, input, axes, false);
  if (detail::tracer != nullptr && y.has_values())
    detail::trace_reduction("sum", input, y, axes, keepdims);
  return y;
}

/// The sum divided by the number of elements; NaN of nothing, as in NumPy.
template <detail::FloatingOperand X>
[[nodiscard]] auto mean(const X& x, const Axes& axes = Axes::all(), bool keepdims = false) {
  using Scalar = detail::scalar_of<X>;
  using Wide = detail::Wide<Scalar>;
  const auto divide = [](auto& result, Index n) { result /= static_cast<Wide>(n); };
  const auto& input = detail::as_tensor(x);
  auto y = detail::reduce<detail::SumOf, Scalar>("mean", input, axes, keepdims, divide);
  detail::record_sum("mean", y, input, axes, true);
  if (detail::tracer != nullptr && y.has_values())
    detail::trace_reduction("mean", input, y, axes, keepdims);
  return y;
}

/// The Euclidean norm: the root of the sum of squares. Its gradient where it is 0 is taken to be 0.
template <detail::FloatingOperand X>
[[nodiscard]] auto norm(const X& x, const Axes& axes = Axes::all(), bool keepdims = false) {
  using Scalar = detail::scalar_of<X>;
  const auto root = [](auto& result, Index) { result = detail::root_of(result); };
  const auto& input = detail::as_tensor(x);
  auto y = detail::reduce<detail::SquaresOf, Scalar>("norm", input, axes, keepdims, root);
  detail::record_norm(y, input, axes);
  if (detail::tracer != nullptr && y.has_values())
    detail::trace_reduction("norm", input, y, axes, keepdims);
  return y;
}

/// The largest element; NaN where there is one. Several that are equal share the gradient evenly.
/// \throws ValueError of nothing.
template <detail::Operand X>
[[nodiscard]] auto max(const X& x, const Axes& axes = Axes::all(), bool keepdims = false) {
  using Scalar = detail::scalar_of<X>;
  const auto& input = detail::as_tensor(x);
  auto y = detail::reduce<detail::MaxOf, Scalar>("max", input, axes, keepdims);
  if constexpr (FloatingScalar<Scalar>) detail::record_extremum("max", y, input, axes);
  if (detail::tracer != nullptr && y.has_values())
    detail::trace_reduction("max", input, y, axes, keepdims);
  return y;
}

/// The smallest element; NaN where there is one. Several that are equal share the gradient evenly.
/// \throws ValueError of nothing.
template <detail::Operand X>
[[nodiscard]] auto min(const X& x, const Axes& axes = Axes::all(), bool keepdims = false) {
  using Scalar = detail::scalar_of<X>;
  const auto& input = detail::as_tensor(x);
  auto y = detail::reduce<detail::MinOf, Scalar>("min", input, axes, keepdims);
  if constexpr (FloatingScalar<Scalar>) detail::record_extremum("min", y, input, axes);
  if (detail::tracer != nullptr && y.has_values())
    detail::trace_reduction("min", input, y, axes, keepdims);
  return y;
}

/// The position along `axis` of the first largest element, or of the first NaN; the axis is
/// removed. \throws IndexError for an axis that is not there; ValueError for an empty one.
template <detail::Operand X>
[[nodiscard]] Tensor<std::int64_t> argmax(const X& x, Index axis = -1) {
  return detail::arg_extremum("argmax", detail::as_tensor(x), axis,
                              [](const auto& a, const auto& b) { return a > b; });
}

/// The position along `axis` of the first smallest element, or of the first NaN; the axis is
/// removed. \throws IndexError for an axis that is not there; ValueError for an empty one.
template <detail::Operand X>
[[nodiscard]] Tensor<std::int64_t> argmin(const X& x, Index axis = -1) {
  return detail::arg_extremum("argmin", detail::as_tensor(x), axis,
                              [](const auto& a, const auto& b) { return a < b; });
}

}  // namespace parton
