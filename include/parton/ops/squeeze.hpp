// SPDX-License-Identifier: MIT
#pragma once

#include <bitset>
#include <cstddef>

#include <parton/ops/axes.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/shape_ops.hpp>

/// \file Axes of length 1 put in or taken out; storage is shared, as by reshape.

namespace parton {

namespace detail {

template <class Scalar>
Tensor<Scalar> squeezed(const Tensor<Scalar>& x, const std::bitset<Shape::max_rank>& mask) {
  const AxisList axes(mask);
  return reshaped("squeeze", x, without(x.shape(), mask), {{"axes", axes.span()}});
}

}  // namespace detail

/// A new axis of length 1 at `axis` of the result: `(2, 3)` gives `(1, 2, 3)` at 0 and `(2, 3, 1)`
/// at -1. \throws IndexError for an axis that the result lacks.
template <detail::Operand X>
[[nodiscard]] auto expand_dims(const X& x, Index axis) {
  const auto& input = detail::as_tensor(x);
  const Shape shape = detail::with_axis(input.shape(), axis, 1);
  const Index at = axis < 0 ? axis + static_cast<Index>(shape.rank()) : axis;
  return detail::reshaped("expand_dims", input, shape, {{"axis", at}});
}

/// x without its axes of length 1: all of them, or those named. \throws ShapeError for a named one
/// of another length; IndexError for an axis that is not there; ValueError for one named twice.
template <detail::Operand X>
[[nodiscard]] auto squeeze(const X& x) {
  const auto& input = detail::as_tensor(x);
  std::bitset<Shape::max_rank> ones;
  for (std::size_t i = 0; i < input.rank(); ++i) ones[i] = input.shape().dims()[i] == 1;
  return detail::squeezed(input, ones);
}
template <detail::Operand X>
[[nodiscard]] auto squeeze(const X& x, const Axes& axes) {
  const auto& input = detail::as_tensor(x);
  const auto mask = axes.mask(input.shape());
  for (std::size_t i = 0; i < input.rank(); ++i)
    if (const Index n = input.shape().dims()[i]; mask[i] && n != 1)
      throw errors::cannot_squeeze(n, input.shape().to_string());
  return detail::squeezed(input, mask);
}

}  // namespace parton
