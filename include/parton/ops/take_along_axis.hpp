// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/detail/positions.hpp>
#include <parton/ops/detail/scatter.hpp>

namespace parton {

namespace detail {

/// y[i, j, k] = x[i, at[i, j, k], k] around the axis of the split, where x and y have `outer`
/// blocks and `inner` columns; y has n rows. Also what pick does, with n = 1.
template <class Scalar>
Tensor<Scalar> gather_along(const char* operation, const Tensor<Scalar>& x,
                            const Tensor<Index>& positions, const AxisSplit& split, Index n,
                            const Shape& shape) {
  Tensor<Scalar> result = Tensor<Scalar>::empty(shape);
  // Calls f(element of x, element of y) for each.
  const auto for_each = [split, n](const Index* at, const auto& f) {
    for (Index i = 0, to = 0; i < split.outer; ++i)
      for (Index j = 0; j < n; ++j)
        for (Index k = 0; k < split.inner; ++k, ++to)
          f((i * split.n + at[to]) * split.inner + k, to);
  };
  const Scalar* from = x.data();
  Scalar* to = result.mutable_data();
  for_each(positions.data(), [=](Index i, Index j) { to[j] = from[i]; });
  if constexpr (FloatingScalar<Scalar>) {
    if (must_record(x))
      record(operation, result, inputs(x), saved(positions),
             [for_each, whole = x.shape()](Gradients<Scalar>& grads, const Tensor<Index>& at) {
               const Scalar* g = grads.result().data();
               add_scattered(grads, 0, whole, [&](auto* sums) {
                 for_each(at.data(), [=](Index i, Index j) {
                   sums[i] += convert<std::remove_reference_t<decltype(sums[i])>>(g[j]);
                 });
               });
             });
  }
  return result;
}

template <class Scalar, class T>
Tensor<Scalar> take_along_axis(const Tensor<Scalar>& x, const Tensor<T>& indices, Index axis) {
  const AxisSplit split(axis, x.shape());
  if (indices.rank() != x.rank() || !(indices.shape().with(axis, 0) == x.shape().with(axis, 0)))
    throw errors::take_along_shapes(indices.shape().to_string(), x.shape().to_string(), axis);
  if (any_shape_only(x, indices)) return Tensor<Scalar>::shape_only(indices.shape());
  Tensor<Scalar> y = gather_along("take_along_axis", x,
                                  as_positions("take_along_axis", indices, true, axis, x.shape()),
                                  split, indices.shape()[axis], indices.shape());
  if (tracer != nullptr)
    trace("take_along_axis", {x, indices}, {y}, {{"axis", static_cast<Index>(split.at)}});
  return y;
}

}  // namespace detail

/// NumPy's `take_along_axis`: elements by their index along one axis, `y[i, j] = x[i, at[i, j]]`
/// for axis 1. The result has the shape of the indices, which is that of x but for this axis;
/// ONNX's GatherElements with equal axes. The gradient is summed where an element is taken twice.
///
/// The indices are whole numbers of any scalar but bool; a negative one counts from the end.
/// \throws IndexError for an index or axis that is not there; ShapeError if the shapes do not fit.
template <detail::Operand X, detail::Operand Indices>
requires(!std::same_as<detail::scalar_of<Indices>, bool>)
    [[nodiscard]] auto take_along_axis(const X& x, const Indices& indices, Index axis = -1) {
  return detail::take_along_axis(detail::as_tensor(x), detail::as_tensor(indices), axis);
}

}  // namespace parton
