// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <parton/autograd/record.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/detail/scatter.hpp>
#include <parton/ops/detail/walk.hpp>

namespace parton {

namespace detail {

/// How x is repeated over `shape`. \throws ShapeError if it does not broadcast to it.
inline Walk broadcast_walk(const Shape& x, const Shape& shape) {
  if (!shape.is_known() || x.rank() > shape.rank())
    throw errors::cannot_broadcast(x.to_string(), shape.to_string());
  const std::size_t front = shape.rank() - x.rank();
  Walk walk;
  for (std::size_t i = 0; i < shape.rank(); ++i) {
    const Index n = shape.dims()[i], m = i < front ? 1 : x.dims()[i - front];
    if (m != n && m != 1) throw errors::cannot_broadcast(x.to_string(), shape.to_string());
    walk.add(n, m == 1 ? 0 : x.product(i - front + 1), shape.product(i + 1));
  }
  return walk;
}

/// The walk of a repetition carried out and recorded.
template <class Scalar>
Tensor<Scalar> repeated(const char* operation, const Tensor<Scalar>& x, const Walk& walk,
                        const Shape& shape) {
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(shape);
  Tensor<Scalar> result = Tensor<Scalar>::empty(shape);
  walk_copy(walk, x.data(), result.mutable_data());
  if constexpr (FloatingScalar<Scalar>) {
    if (must_record(x))
      record(operation, result, inputs(x), saved(),
             [walk, whole = x.shape()](Gradients<Scalar>& grads) {
               add_scattered(grads, 0, whole, [&](Wide<Scalar>* sums) {
                 walk_add_back(walk, grads.result().data(), sums);
               });
             });
  }
  return result;
}

}  // namespace detail

/// x repeated to a shape by NumPy's rule, in storage of its own: `(3, 1)` becomes `(2, 3, 4)`.
/// \throws ShapeError if it does not broadcast to it.
template <detail::Operand X>
[[nodiscard]] auto broadcast_to(const X& x, const Shape& shape) {
  const auto& input = detail::as_tensor(x);
  auto y =
      detail::repeated("broadcast_to", input, detail::broadcast_walk(input.shape(), shape), shape);
  if (detail::tracer != nullptr && y.has_values())
    detail::trace("broadcast_to", {input}, {y}, {{"shape", shape.dims()}});
  return y;
}

}  // namespace parton
