// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

#include <Eigen/Core>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/operand.hpp>

/// \file The same elements in another shape or order.

namespace parton {

namespace detail {

/// The axis of x that each axis of the result is.
using AxisOrder = std::array<std::size_t, Shape::max_rank>;

/// \throws ValueError unless each axis is named once; IndexError for one that is not there.
inline AxisOrder axis_order(const Shape& shape, std::span<const Dim> axes) {
  std::bitset<Shape::max_rank> seen;
  AxisOrder order{};
  if (axes.size() != shape.rank()) throw errors::transpose_axes(axes.size(), shape.to_string());
  for (std::size_t i = 0; i < axes.size(); ++i) {
    order[i] = AxisSplit(axes[i].value(), shape).at;
    seen.set(order[i]);
  }
  if (seen.count() != shape.rank()) throw errors::transpose_axes(axes.size(), shape.to_string());
  return order;
}

template <class Scalar>
Tensor<Scalar> permuted(const Tensor<Scalar>& x, const AxisOrder& order) {
  const std::size_t rank = x.rank();
  std::array<Index, Shape::max_rank> dims{}, strides{}, at{};
  for (std::size_t i = 0; i < rank; ++i) {
    dims[i] = x.shape().dims()[order[i]];
    strides[i] = x.shape().product(order[i] + 1);
  }
  const Shape shape(std::span<const Index>(dims.data(), rank));
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(shape);
  Tensor<Scalar> result = Tensor<Scalar>::empty(shape);
  if (result.size() == 0) return result;
  const Scalar* from = x.data();
  Scalar* to = result.mutable_data();
  if (rank == 2 && order[0] == 1) {
    using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Eigen::Map<Matrix>(to, dims[0], dims[1]) =
        Eigen::Map<const Matrix>(from, dims[1], dims[0]).transpose();
    return result;
  }
  const Index run = rank == 0 ? 1 : dims[rank - 1], step = rank == 0 ? 1 : strides[rank - 1];
  for (Index done = 0; done < shape.size(); done += run) {
    for (Index i = 0; i < run; ++i) *to++ = from[i * step];
    for (std::size_t k = rank == 0 ? 0 : rank - 1; k-- > 0;) {
      from += strides[k];
      if (++at[k] < dims[k]) break;
      from -= strides[k] * dims[k];
      at[k] = 0;
    }
  }
  return result;
}

[[gnu::cold, gnu::noinline]] inline void trace_order(TraceOperand x, TraceOperand y,
                                                     const AxisOrder& order, std::size_t rank) {
  std::array<Index, Shape::max_rank> axes{};
  std::copy(order.begin(), order.end(), axes.begin());
  trace("transpose", {x}, {y}, {{"axes", std::span<const Index>(axes.data(), rank)}});
}

/// The same, recorded: its gradient goes through the inverse order.
template <class Scalar>
Tensor<Scalar> permute(const Tensor<Scalar>& x, const AxisOrder& order) {
  Tensor<Scalar> result = permuted(x, order);
  if constexpr (FloatingScalar<Scalar>) {
    if (must_record(x)) {
      AxisOrder inverse{};
      for (std::size_t i = 0; i < x.rank(); ++i) inverse[order[i]] = i;
      record("transpose", result, inputs(x), saved(), [inverse](Gradients<Scalar>& grads) {
        grads.add(0, permuted(grads.result(), inverse));
      });
    }
  }
  if (tracer != nullptr && result.has_values()) trace_order(x, result, order, x.rank());
  return result;
}

/// x in the shape of an op that its name tells more about than that shape.
template <class Scalar>
Tensor<Scalar> reshaped(const char* op, const Tensor<Scalar>& x, const Shape& shape,
                        std::initializer_list<TraceOption> options) {
  const auto view = [&] {
    const TraceScope silent(nullptr);
    return x.reshape(shape);
  };
  Tensor<Scalar> y = view();
  if (tracer != nullptr && y.has_values()) trace(op, {x}, {y}, options);
  return y;
}

}  // namespace detail

/// The same elements under another shape, sharing storage; one dimension may be -1.
/// \throws ShapeError if the number of elements differs.
template <detail::Operand X>
[[nodiscard]] auto reshape(const X& x, const Shape& shape) {
  Tensor<detail::scalar_of<X>> result = detail::as_tensor(x).reshape(shape);
  return result;
}

/// All axes but the first collapsed into one, sharing storage: `(N, ...)` gives `(N, rest)`, and
/// `(N,)` gives `(N, 1)`. \throws ShapeError for rank 0.
template <detail::Operand X>
[[nodiscard]] auto flatten(const X& x) {
  const auto& input = detail::as_tensor(x);
  if (input.rank() == 0) throw errors::flatten_of_scalar();
  return detail::reshaped("flatten", input, {input.shape()[0], input.shape().product(1)}, {});
}

/// The axes in reverse order: the transpose of a matrix, a vector as it is; in storage of its own.
template <detail::Operand X>
[[nodiscard]] auto transpose(const X& x) {
  const auto& input = detail::as_tensor(x);
  detail::AxisOrder order{};
  for (std::size_t i = 0; i < input.rank(); ++i) order[i] = input.rank() - 1 - i;
  return detail::permute(input, order);
}

/// Axis i of the result is axis `axes[i]` of x: `transpose(x, {0, 2, 1})`.
/// \throws ValueError unless each axis is named once; IndexError for one that is not there.
template <detail::Operand X>
[[nodiscard]] auto transpose(const X& x, std::initializer_list<Dim> axes) {
  const auto& input = detail::as_tensor(x);
  return detail::permute(input, detail::axis_order(input.shape(), {axes.begin(), axes.size()}));
}
template <detail::Operand X, WholeNumber Integer>
[[nodiscard]] auto transpose(const X& x, const std::vector<Integer>& axes) {
  const auto& input = detail::as_tensor(x);
  const std::vector<Dim> dims(axes.begin(), axes.end());
  return detail::permute(input, detail::axis_order(input.shape(), dims));
}

}  // namespace parton
