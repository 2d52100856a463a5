// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <vector>

#include <parton/autograd/record.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/detail/walk.hpp>

namespace parton {

/// Which elements of an axis: Python's `start:stop:step`. A start or stop that is left out is the
/// end of the axis that the step comes from or goes to; a negative one counts from the end; one
/// beyond an end stands for that end.
struct Slice {
  std::optional<Index> start = {};
  std::optional<Index> stop = {};
  Index step = 1;
};

namespace detail {

/// The first element of a slice of an axis of n elements, and how many it has.
struct SliceRun {
  SliceRun() = default;
  /// \throws ValueError for a step of 0.
  SliceRun(const Slice& slice, Index n, std::size_t axis) {
    if (slice.step == 0) throw errors::slice_step(axis);
    const bool back = slice.step < 0;
    step = slice.step;
    length = n;
    const Index low = back ? -1 : 0, high = back ? n - 1 : n;
    const auto bound = [&](const std::optional<Index>& at, Index otherwise) {
      if (!at) return otherwise;
      return std::clamp(*at < 0 ? std::max(*at, -n - 1) + n : *at, low, high);
    };
    first = bound(slice.start, back ? high : low);
    const Index stop = bound(slice.stop, back ? low : high);
    // Without overflow for a step of any size.
    const Index gap = back ? first - stop : stop - first;
    if (gap <= 0) return;
    if (back)
      count = slice.step <= -gap ? 1 : 1 + (gap - 1) / -slice.step;
    else
      count = slice.step >= gap ? 1 : 1 + (gap - 1) / slice.step;
  }
  /// The end as ONNX and NumPy take it, one step beyond the last element at most; a run backwards
  /// to the front ends before it.
  [[nodiscard]] Index stop() const noexcept {
    if (count == 0) return first;
    const Index last = first + (count - 1) * step;
    if (step > 0) return count == length ? length : last + 1;
    return last == 0 ? -length - 1 : last - 1;
  }

  Index first = 0, count = 0, step = 1, length = 0;
};

[[gnu::cold, gnu::noinline]] inline void trace_slice(TraceOperand x, TraceOperand y,
                                                     std::span<const SliceRun> runs) {
  std::vector<Index> starts, stops, steps;
  for (const SliceRun& run : runs) {
    starts.push_back(run.first);
    stops.push_back(run.stop());
    steps.push_back(run.step);
  }
  trace("slice", {x}, {y},
        {{"starts", std::span<const Index>(starts)},
         {"stops", std::span<const Index>(stops)},
         {"steps", std::span<const Index>(steps)}});
}

template <class Scalar>
Tensor<Scalar> slice(const Tensor<Scalar>& x, std::span<const Slice> slices) {
  const Shape& whole = x.shape();
  if (slices.size() > whole.rank())
    throw errors::too_many_axes("slice", "slices", slices.size(), whole.to_string());
  std::array<Index, Shape::max_rank> dims{}, steps{};
  std::array<SliceRun, Shape::max_rank> runs{};
  const Slice all;
  Index first = 0;
  for (std::size_t i = 0; i < whole.rank(); ++i) {
    const Slice& one = i < slices.size() ? slices[i] : all;
    const SliceRun& run = runs[i] = SliceRun(one, whole.dims()[i], i);
    dims[i] = run.count;
    // The step of an axis with one element is never taken, and may be too large to multiply.
    steps[i] = run.count > 1 ? one.step * whole.product(i + 1) : 0;
    first += run.count > 0 ? run.first * whole.product(i + 1) : 0;
  }
  const Shape shape(std::span<const Index>(dims.data(), whole.rank()));
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(shape);
  Walk walk;
  for (std::size_t i = 0; i < whole.rank(); ++i) walk.add(dims[i], steps[i], shape.product(i + 1));
  Tensor<Scalar> result = Tensor<Scalar>::empty(shape);
  if (result.size() > 0) walk_copy(walk, x.data() + first, result.mutable_data());
  if constexpr (FloatingScalar<Scalar>) {
    if (must_record(x))
      record("slice", result, inputs(x), saved(), [walk, first, whole](Gradients<Scalar>& grads) {
        grads.write(0, whole, [&](Scalar* to, bool add) {
          if (!add) std::fill_n(to, whole.size(), Scalar(0));
          if (grads.result().size() > 0) walk_add_back(walk, grads.result().data(), to + first);
        });
      });
  }
  if (tracer != nullptr) trace_slice(x, result, std::span(runs.data(), whole.rank()));
  return result;
}

template <class Scalar>
Tensor<Scalar> slice_axis(const Tensor<Scalar>& x, Index axis, const Slice& one) {
  std::array<Slice, Shape::max_rank> slices{};
  static_cast<void>(x.shape()[axis]);
  slices[static_cast<std::size_t>(axis < 0 ? axis + static_cast<Index>(x.rank()) : axis)] = one;
  return slice(x, std::span<const Slice>(slices.data(), x.rank()));
}

}  // namespace detail

/// NumPy's basic slicing, in storage of its own: `slice(x, {{0, 2}, {}, {.step = -1}})` is
/// `x[0:2, :, ::-1]`. Axes without a slice stay whole.
/// \throws ValueError for a step of 0; IndexError for more slices than axes.
template <detail::Operand X>
[[nodiscard]] auto slice(const X& x, std::initializer_list<Slice> slices) {
  return detail::slice(detail::as_tensor(x), std::span<const Slice>(slices.begin(), slices.size()));
}
template <detail::Operand X>
[[nodiscard]] auto slice(const X& x, const std::vector<Slice>& slices) {
  return detail::slice(detail::as_tensor(x), std::span<const Slice>(slices));
}

/// A slice of one axis: `slice_axis(x, -1, {.stop = 3})`.
/// \throws ValueError for a step of 0; IndexError for an axis that is not there.
template <detail::Operand X>
[[nodiscard]] auto slice_axis(const X& x, Index axis, const Slice& one) {
  return detail::slice_axis(detail::as_tensor(x), axis, one);
}

}  // namespace parton
