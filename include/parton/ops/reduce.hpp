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

/// \file Reductions over all axes, giving rank 0, or over some: `sum(x)`, `sum(x, 0)`,
/// `mean(x, {0, 2}, true)`. With keepdims the reduced axes stay, of size 1.
///
/// half and bfloat16 accumulate in float, and long runs pairwise (Higham 1993), so the rounding
/// error of a sum grows with the logarithm of their length. Each throws IndexError for an axis that
/// is not there, and ValueError for one named twice.

namespace parton {

/// The sum; 0 of nothing. A sum of integers or bools is int64, as in NumPy, and wraps around.
template <detail::Operand X>
[[nodiscard]] auto sum(const X& x, const Axes& axes = Axes::all(), bool keepdims = false) {
  using Scalar = detail::scalar_of<X>;
  using Result = std::conditional_t<FloatingScalar<Scalar>, Scalar, std::int64_t>;
  return detail::reduce<detail::SumOf, Result>("sum", detail::as_tensor(x), axes, keepdims);
}

/// The sum divided by the number of elements; NaN of nothing, as in NumPy.
template <detail::FloatingOperand X>
[[nodiscard]] auto mean(const X& x, const Axes& axes = Axes::all(), bool keepdims = false) {
  using Scalar = detail::scalar_of<X>;
  using Wide = detail::Wide<Scalar>;
  const auto divide = [](auto& result, Index n) { result /= static_cast<Wide>(n); };
  return detail::reduce<detail::SumOf, Scalar>("mean", detail::as_tensor(x), axes, keepdims,
                                               divide);
}

/// The Euclidean norm: the root of the sum of squares.
template <detail::FloatingOperand X>
[[nodiscard]] auto norm(const X& x, const Axes& axes = Axes::all(), bool keepdims = false) {
  const auto root = [](auto& result, Index) { result = detail::root_of(result); };
  return detail::reduce<detail::SquaresOf, detail::scalar_of<X>>("norm", detail::as_tensor(x), axes,
                                                                 keepdims, root);
}

/// The largest element; NaN where there is one. \throws ValueError of nothing.
template <detail::Operand X>
[[nodiscard]] auto max(const X& x, const Axes& axes = Axes::all(), bool keepdims = false) {
  return detail::reduce<detail::MaxOf, detail::scalar_of<X>>("max", detail::as_tensor(x), axes,
                                                             keepdims);
}

/// The smallest element; NaN where there is one. \throws ValueError of nothing.
template <detail::Operand X>
[[nodiscard]] auto min(const X& x, const Axes& axes = Axes::all(), bool keepdims = false) {
  return detail::reduce<detail::MinOf, detail::scalar_of<X>>("min", detail::as_tensor(x), axes,
                                                             keepdims);
}

/// The position along `axis` of the first largest element, or of the first NaN; the axis is
/// removed. \throws IndexError for an axis that is not there; ValueError for an empty one.
template <detail::Operand X>
[[nodiscard]] Tensor<std::int64_t> argmax(const X& x, Index axis = -1) {
  const auto& input = detail::as_tensor(x);
  const Shape& shape = input.shape();
  const detail::AxisSplit split(axis, shape);
  const Shape result_shape = detail::without(shape, Axes(axis).mask(shape));
  if (split.n == 0 && result_shape.size() > 0)
    throw errors::reduction_of_nothing("argmax", shape.to_string());
  if (detail::any_shape_only(input)) return Tensor<std::int64_t>::shape_only(result_shape);
  auto result = Tensor<std::int64_t>::zeros(result_shape);
  std::int64_t* to = result.mutable_data();
  for (Index i = 0; i < split.outer; ++i) {
    for (Index k = 0; k < split.inner && split.n > 0; ++k) {
      const auto* first = input.data() + i * split.n * split.inner + k;
      auto best = *first;
      for (Index j = 1; j < split.n && best == best; ++j) {
        const auto value = first[j * split.inner];
        if (value > best || value != value) {
          best = value;
          *to = j;
        }
      }
      ++to;
    }
  }
  return result;
}

}  // namespace parton
