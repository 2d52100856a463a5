// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/tensor/memory.hpp>

/// \file Several tensors as one: `concat({a, b}, 1)`, `stack({a, b})`, also of a std::vector.

namespace parton {

namespace detail {

template <class Scalar>
using Parts = std::span<const Tensor<Scalar>>;

/// Copies the parts, each `n` rows of its own at `split.inner`, after one another along an axis.
template <class Scalar>
Tensor<Scalar> join(const char* operation, Parts<Scalar> parts, const Shape& shape, Index axis) {
  for (const auto& part : parts)
    if (any_shape_only(part)) return Tensor<Scalar>::shape_only(shape);
  Tensor<Scalar> result = Tensor<Scalar>::empty(shape);
  const AxisSplit split(axis, shape);
  const Index stride = split.n * split.inner;
  Scalar* to = result.mutable_data();
  for (const auto& part : parts) {
    const Index width = split.outer == 0 ? 0 : part.size() / split.outer;
    for (Index i = 0; i < split.outer; ++i)
      std::copy_n(part.data() + i * width, width, to + i * stride);
    to += width;
  }
  if constexpr (FloatingScalar<Scalar>) {
    const auto in_graph = [](const auto& part) { return must_record(part); };
    if (std::any_of(parts.begin(), parts.end(), in_graph)) {
      std::vector<Shape, PoolAllocator<Shape>> part_shapes;
      part_shapes.reserve(parts.size());
      for (const auto& part : parts) part_shapes.push_back(part.shape());
      record(operation, result, inputs_of(parts), saved(),
             [outer = split.outer, stride,
              part_shapes = std::move(part_shapes)](Gradients<Scalar>& grads) {
               const Scalar* from = grads.result().data();
               for (std::size_t k = 0; k < part_shapes.size(); ++k) {
                 const Index width = outer == 0 ? 0 : part_shapes[k].size() / outer;
                 if (grads.needs(k))
                   grads.write(k, part_shapes[k], [&](Scalar* x, bool add) {
                     for (Index i = 0; i < outer; ++i)
                       for (Index j = 0; j < width; ++j) {
                         const Scalar g = from[i * stride + j];
                         x[i * width + j] = add ? x[i * width + j] + g : g;
                       }
                   });
                 from += width;
               }
             });
    }
  }
  if (tracer != nullptr) {
    const TraceOption at[] = {{"axis", static_cast<Index>(split.at)}};
    const TraceOperand results[] = {result};
    trace(operation, operands_of(parts), results, at);
  }
  return result;
}

template <class Scalar>
Tensor<Scalar> concat(Parts<Scalar> parts, Index axis) {
  if (parts.empty()) throw errors::nothing_to_join("concat");
  const Shape& first = parts[0].shape();
  Index n = first[axis];
  for (std::size_t k = 1; k < parts.size(); ++k) {
    const Shape& shape = parts[k].shape();
    if (shape.rank() != first.rank() || !(shape.with(axis, 0) == first.with(axis, 0)))
      throw errors::cannot_join("concat", k, shape.to_string(), first.to_string(),
                                "all axes but the joined one must be equal");
    n += shape[axis];
  }
  return join("concat", parts, first.with(axis, n), axis);
}

template <class Scalar>
Tensor<Scalar> stack(Parts<Scalar> parts, Index axis) {
  if (parts.empty()) throw errors::nothing_to_join("stack");
  const Shape& first = parts[0].shape();
  for (std::size_t k = 1; k < parts.size(); ++k)
    if (!(parts[k].shape() == first))
      throw errors::cannot_join("stack", k, parts[k].shape().to_string(), first.to_string(),
                                "all must be equal; concat joins along an axis that is there");
  const Shape shape = with_axis(first, axis, static_cast<Index>(parts.size()));
  return join("stack", parts, shape, axis);
}

}  // namespace detail

/// The tensors after one another along an axis: `(2, 3)` and `(2, 5)` along axis 1 give `(2, 8)`.
/// \throws ShapeError if they differ on another axis; IndexError for an axis that is not there;
/// ValueError of no tensors.
template <class Scalar>
[[nodiscard]] Tensor<Scalar> concat(std::initializer_list<Tensor<Scalar>> parts, Index axis = 0) {
  return detail::concat(detail::Parts<Scalar>(parts.begin(), parts.size()), axis);
}
template <class Scalar>
[[nodiscard]] Tensor<Scalar> concat(const std::vector<Tensor<Scalar>>& parts, Index axis = 0) {
  return detail::concat(detail::Parts<Scalar>(parts), axis);
}

/// The tensors, of one shape, along a new axis: three of `(2, 4)` give `(3, 2, 4)`, and `(2, 4, 3)`
/// along axis -1. \throws ShapeError if they differ; IndexError for an axis that the result lacks;
/// ValueError of no tensors.
template <class Scalar>
[[nodiscard]] Tensor<Scalar> stack(std::initializer_list<Tensor<Scalar>> parts, Index axis = 0) {
  return detail::stack(detail::Parts<Scalar>(parts.begin(), parts.size()), axis);
}
template <class Scalar>
[[nodiscard]] Tensor<Scalar> stack(const std::vector<Tensor<Scalar>>& parts, Index axis = 0) {
  return detail::stack(detail::Parts<Scalar>(parts), axis);
}

}  // namespace parton
