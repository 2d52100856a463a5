// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/operand.hpp>

/// \file One tensor as several: the reverse of concat.

namespace parton {

namespace detail {

/// Rows [first, first + n) along an axis.
template <class Scalar>
Tensor<Scalar> part(const Tensor<Scalar>& x, const AxisSplit& split, Index first, Index n) {
  const Shape shape = x.shape().with(static_cast<Index>(split.at), n);
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(shape);
  Tensor<Scalar> result = Tensor<Scalar>::empty(shape);
  const Index stride = split.n * split.inner, width = n * split.inner, at = first * split.inner;
  Scalar* to = result.mutable_data();
  for (Index i = 0; i < split.outer; ++i)
    std::copy_n(x.data() + i * stride + at, width, to + i * width);
  if constexpr (FloatingScalar<Scalar>) {
    if (must_record(x))
      record("split", result, inputs(x), saved(),
             [outer = split.outer, stride, width, at, whole = x.shape()](Gradients<Scalar>& grads) {
               const Scalar* g = grads.result().data();
               grads.write(0, whole, [&](Scalar* from, bool add) {
                 if (!add) std::fill_n(from, whole.size(), Scalar(0));
                 for (Index i = 0; i < outer; ++i)
                   for (Index j = 0; j < width; ++j) from[i * stride + at + j] += g[i * width + j];
               });
             });
  }
  return result;
}

template <class Scalar>
void trace_split(const Tensor<Scalar>& x, const std::vector<Tensor<Scalar>>& parts,
                 const AxisSplit& split) {
  if (tracer == nullptr || any_shape_only(x)) return;
  std::vector<Index> sizes;
  for (const auto& one : parts) sizes.push_back(one.shape().dims()[split.at]);
  const TraceOption options[] = {{"axis", static_cast<Index>(split.at)},
                                 {"sizes", std::span<const Index>(sizes)}};
  const TraceOperand whole[] = {x};
  trace("split", whole, operands_of(std::span<const Tensor<Scalar>>(parts)), options);
}

template <class Scalar>
std::vector<Tensor<Scalar>> split(const Tensor<Scalar>& x, Index parts, Index axis) {
  const AxisSplit split(axis, x.shape());
  if (parts <= 0 || split.n % parts != 0)
    throw errors::cannot_split(parts, axis, x.shape().to_string());
  const Index n = split.n / parts;
  std::vector<Tensor<Scalar>> result;
  result.reserve(static_cast<std::size_t>(parts));
  for (Index i = 0; i < parts; ++i) result.push_back(part(x, split, i * n, n));
  trace_split(x, result, split);
  return result;
}

template <class Scalar>
std::vector<Tensor<Scalar>> split_sizes(const Tensor<Scalar>& x, std::span<const Dim> sizes,
                                        Index axis) {
  const AxisSplit split(axis, x.shape());
  Index left = split.n;
  bool fits = true;
  std::string text;
  for (const Dim size : sizes) {
    text += (text.empty() ? "" : ", ") + std::to_string(size.value());
    fits = fits && size.value() >= 0 && size.value() <= left;
    if (fits) left -= size.value();
  }
  if (!fits || left != 0) throw errors::split_sizes("[" + text + "]", axis, x.shape().to_string());
  std::vector<Tensor<Scalar>> result;
  result.reserve(sizes.size());
  Index first = 0;
  for (const Dim size : sizes) {
    result.push_back(part(x, split, first, size.value()));
    first += size.value();
  }
  trace_split(x, result, split);
  return result;
}

}  // namespace detail

/// x cut into equal parts along an axis, each in storage of its own: `(6, 2)` in 3 gives three of
/// `(2, 2)`. \throws ValueError unless the number of parts, 1 or more, divides the axis; IndexError
/// for an axis that is not there.
template <detail::Operand X>
[[nodiscard]] auto split(const X& x, Index parts, Index axis = 0) {
  return detail::split(detail::as_tensor(x), parts, axis);
}

/// x cut into parts of these sizes along an axis: `split_sizes(x, {2, 4})`.
/// \throws ValueError unless they are 0 or more and add up to the axis; IndexError for an axis that
/// is not there.
template <detail::Operand X>
[[nodiscard]] auto split_sizes(const X& x, std::initializer_list<Dim> sizes, Index axis = 0) {
  return detail::split_sizes(detail::as_tensor(x),
                             std::span<const Dim>(sizes.begin(), sizes.size()), axis);
}
template <detail::Operand X, WholeNumber Integer>
[[nodiscard]] auto split_sizes(const X& x, const std::vector<Integer>& sizes, Index axis = 0) {
  const std::vector<Dim> dims(sizes.begin(), sizes.end());
  return detail::split_sizes(detail::as_tensor(x), std::span<const Dim>(dims), axis);
}

}  // namespace parton
