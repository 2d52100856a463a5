// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>

#include <parton/ops/axes.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/detail/positions.hpp>
#include <parton/ops/take_along_axis.hpp>

namespace parton {

namespace detail {

template <class Scalar, class T>
Tensor<Scalar> pick(const Tensor<Scalar>& x, const Tensor<T>& indices, Index axis, bool keepdims) {
  const AxisSplit split(axis, x.shape());
  const Shape ones = x.shape().with(axis, 1);
  const Shape removed = without(x.shape(), Axes(axis).mask(x.shape()));
  if (!(indices.shape() == removed) && !(indices.shape() == ones))
    throw errors::pick_shapes(indices.shape().to_string(), x.shape().to_string(),
                              removed.to_string());
  const Shape& shape = keepdims ? ones : removed;
  if (any_shape_only(x, indices)) return Tensor<Scalar>::shape_only(shape);
  Tensor<Scalar> y = gather_along("pick", x, as_positions("pick", indices, false, axis, x.shape()),
                                  split, 1, shape);
  if (tracer != nullptr)
    trace("pick", {x, indices}, {y},
          {{"axis", static_cast<Index>(split.at)}, {"keepdims", keepdims}});
  return y;
}

}  // namespace detail

/// One element along an axis for each index, as MXNet's `pick`: of `(batch, classes)` and labels
/// `(batch,)` the score of each label. What the sparse cross-entropy uses.
///
/// The indices have the shape of x without the axis, or with 1 there; so has the result, which
/// keeps the axis with `keepdims`. They are whole numbers of any scalar but bool, from 0 on: a
/// label of -1 is an error, not the last class. \throws IndexError for an index or axis that is not
/// there; ShapeError if the shapes do not fit.
template <detail::Operand X, detail::Operand Indices>
requires(!std::same_as<detail::scalar_of<Indices>, bool>)
    [[nodiscard]] auto pick(const X& x, const Indices& indices, Index axis = -1,
                            bool keepdims = false) {
  return detail::pick(detail::as_tensor(x), detail::as_tensor(indices), axis, keepdims);
}

}  // namespace parton
