// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <optional>

#include <parton/autograd/trace.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/detail/positions.hpp>

namespace parton {

struct OneHotOptions {
  Index axis = -1;       ///< where the result has the axis of the classes
  double on_value = 1;   ///< at the index
  double off_value = 0;  ///< elsewhere
};

namespace detail {

template <class Scalar, class T>
Tensor<Scalar> one_hot(const Tensor<T>& indices, Index depth, const OneHotOptions& options) {
  if (depth < 0) throw errors::one_hot_depth(depth);
  const Shape shape = with_axis(indices.shape(), options.axis, depth);
  if (any_shape_only(indices)) return Tensor<Scalar>::shape_only(shape);
  const AxisSplit split(options.axis, shape);
  Tensor<Scalar> result = Tensor<Scalar>::empty(shape);
  Scalar* to = result.mutable_data();
  std::fill_n(to, shape.size(), convert<Scalar>(options.off_value));
  const auto on = convert<Scalar>(options.on_value);
  const T* index = indices.data();
  for (Index i = 0; i < split.outer; ++i) {
    for (Index k = 0; k < split.inner; ++k, ++index) {
      const std::optional<Index> at = as_position(*index, 0, depth);
      if (!at) throw errors::no_such_class(number_text(*index), depth);
      to[(i * depth + *at) * split.inner + k] = on;
    }
  }
  if (tracer != nullptr)
    trace("one_hot", {indices}, {result},
          {{"depth", depth},
           {"axis", static_cast<Index>(split.at)},
           {"on", options.on_value},
           {"off", options.off_value}});
  return result;
}

}  // namespace detail

/// A new axis of `depth` elements, 1 at each index and 0 elsewhere: indices `(batch,)` give
/// `(batch, depth)`; `one_hot<double>(labels, 10)` gives doubles. Nothing is differentiated.
///
/// The indices are whole numbers of any scalar but bool. \throws IndexError for one that is not in
/// [0, depth), or an axis that the result lacks; ValueError for a negative depth.
template <TensorScalar Scalar = float, detail::Operand Indices>
requires(!std::same_as<detail::scalar_of<Indices>, bool>)
    [[nodiscard]] Tensor<Scalar> one_hot(const Indices& indices, Index depth,
                                         OneHotOptions options = {}) {
  return detail::one_hot<Scalar>(detail::as_tensor(indices), depth, options);
}

}  // namespace parton
