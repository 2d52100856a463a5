// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

#include <parton/ops/axes.hpp>
#include <parton/ops/broadcast_to.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/detail/walk.hpp>

/// \file Repetition: of the whole tensor, `tile(x, {2, 3})`, or of each element, `repeat(x, 2, 0)`.

namespace parton {

namespace detail {

template <class Scalar>
Tensor<Scalar> tile(const Tensor<Scalar>& x, std::span<const Dim> times) {
  const std::size_t rank = std::max(x.rank(), times.size());
  if (rank > Shape::max_rank) throw errors::rank_too_large(rank, Shape::max_rank);
  // Both aligned at the last axis, with ones in front of the shorter.
  std::array<Index, Shape::max_rank> dims{}, repeats{};
  for (std::size_t i = 0; i < rank; ++i) {
    const std::size_t x_front = rank - x.rank(), times_front = rank - times.size();
    dims[i] = i < x_front ? 1 : x.shape().dims()[i - x_front];
    repeats[i] = i < times_front ? 1 : times[i - times_front].value();
    if (repeats[i] < 0) throw errors::negative_repeats("tile", repeats[i]);
    static_cast<void>(Shape{dims[i], repeats[i]});  // finds a product that overflows
  }
  const Shape from(std::span<const Index>(dims.data(), rank));
  for (std::size_t i = 0; i < rank; ++i) dims[i] *= repeats[i];
  const Shape shape(std::span<const Index>(dims.data(), rank));
  Walk walk;
  for (std::size_t i = 0; i < rank; ++i) {
    walk.add(repeats[i], 0, from.dims()[i] * shape.product(i + 1));
    walk.add(from.dims()[i], from.product(i + 1), shape.product(i + 1));
  }
  Tensor<Scalar> y = repeated("tile", x, walk, shape);
  if (tracer != nullptr && y.has_values())
    trace("tile", {x}, {y}, {{"repeats", std::span<const Index>(repeats.data(), rank)}});
  return y;
}

template <class Scalar>
Tensor<Scalar> repeat(const Tensor<Scalar>& x, Index times, Index axis) {
  const AxisSplit split(axis, x.shape());
  if (times < 0) throw errors::negative_repeats("repeat", times);
  static_cast<void>(Shape{split.n, times});  // finds a product that overflows
  const Shape shape = x.shape().with(axis, split.n * times);
  Walk walk;
  walk.add(split.outer * split.n, split.inner, times * split.inner);
  walk.add(times, 0, split.inner);
  walk.add(split.inner, 1, 1);
  Tensor<Scalar> y = repeated("repeat", x, walk, shape);
  if (tracer != nullptr && y.has_values())
    trace("repeat", {x}, {y}, {{"repeats", times}, {"axis", static_cast<Index>(split.at)}});
  return y;
}

}  // namespace detail

/// The whole tensor repeated along each axis, as NumPy's `tile`: `(2, 3)` by `{2, 2}` is `(4, 6)`.
/// The shorter of the shape and `times` gets ones in front. \throws ValueError for a negative
/// number; ShapeError for too many axes.
template <detail::Operand X>
[[nodiscard]] auto tile(const X& x, std::initializer_list<Dim> times) {
  return detail::tile(detail::as_tensor(x), std::span<const Dim>(times.begin(), times.size()));
}
template <detail::Operand X, WholeNumber Integer>
[[nodiscard]] auto tile(const X& x, const std::vector<Integer>& times) {
  const std::vector<Dim> dims(times.begin(), times.end());
  return detail::tile(detail::as_tensor(x), std::span<const Dim>(dims));
}

/// Each element along an axis repeated `times` times, as NumPy's `repeat`: `[1 2]` by 2 is
/// `[1 1 2 2]`. \throws ValueError for a negative number; IndexError for an axis that is not there.
template <detail::Operand X>
[[nodiscard]] auto repeat(const X& x, Index times, Index axis) {
  return detail::repeat(detail::as_tensor(x), times, axis);
}

}  // namespace parton
