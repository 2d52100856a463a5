// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <string_view>

#include <Eigen/Core>

#include <parton/ops/axes.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/operand.hpp>

/// \file The loops of layer and batch normalization.

namespace parton::detail {

/// \throws ShapeError unless `values` is null or has one element for each of the n channels.
template <class Scalar>
void check_channels(std::string_view operation, std::string_view what, const Tensor<Scalar>* values,
                    Index n, const Shape& x) {
  if (values != nullptr && (values->rank() != 1 || values->size() != n))
    throw errors::channel_values(operation, what, values->shape().to_string(), n, x.to_string());
}

/// One number for each channel.
template <class Scalar>
using Channels = Eigen::Array<Scalar, Eigen::Dynamic, 1>;

/// The values of an optional tensor, else one value for all channels.
template <class Scalar>
Channels<Wide<Scalar>> channels(const Tensor<Scalar>* values, Index n, int otherwise) {
  if (values == nullptr) return Channels<Wide<Scalar>>::Constant(n, static_cast<float>(otherwise));
  return load(values->data(), n);
}

/// Layer normalization of one contiguous row.
template <class Scalar, class Array>
void normalize_row(const Scalar* x, Scalar* y, const Array& scale, const Array& shift,
                   double epsilon) {
  using T = typename Array::Scalar;
  const auto row = load(x, scale.size());
  const T mean = row.mean();
  const T variance = (row - mean).square().mean();
  const T inverse = 1 / std::sqrt(variance + static_cast<T>(epsilon));
  store(y, (row - mean) * inverse * scale + shift);
}

/// The same along the first axis of a block of rows of `inner` elements.
template <class Scalar, class Array>
void normalize_block(const Scalar* x, Scalar* y, const Array& scale, const Array& shift,
                     Index inner, double epsilon) {
  using T = typename Array::Scalar;
  const auto row = [&](Index i) { return load(x + i * inner, inner); };
  const Index n = scale.size();
  Array mean = Array::Zero(inner), inverse = Array::Zero(inner);
  for (Index i = 0; i < n; ++i) mean += row(i);
  mean /= static_cast<T>(n);
  for (Index i = 0; i < n; ++i) inverse += (row(i) - mean).square();
  inverse = root_of(inverse / static_cast<T>(n) + static_cast<T>(epsilon)).inverse().eval();
  for (Index i = 0; i < n; ++i)
    store(y + i * inner, (row(i) - mean) * inverse * scale[i] + shift[i]);
}

/// Mean and biased variance of each channel, in two passes.
template <class Scalar>
void batch_moments(const Scalar* x, const AxisSplit& split, Scalar* mean, Scalar* variance) {
  using Sums = Channels<double>;
  const Index n = split.n, inner = split.inner;
  Sums means = Sums::Zero(n), squares = Sums::Zero(n);
  // With inner == 1 a channel is a column, and whole rows are added at once.
  const auto run = [&](Index o, Index c) {
    return load(x + (o * n + c) * inner, inner == 1 ? n : inner).template cast<double>();
  };
  const auto count = static_cast<double>(split.outer * inner);
  for (Index o = 0; o < split.outer; ++o) {
    if (inner == 1) means += run(o, 0);
    for (Index c = 0; c < n && inner != 1; ++c) means[c] += run(o, c).sum();
  }
  means /= count;
  for (Index o = 0; o < split.outer; ++o) {
    if (inner == 1) squares += (run(o, 0) - means).square();
    for (Index c = 0; c < n && inner != 1; ++c) squares[c] += (run(o, c) - means[c]).square().sum();
  }
  store(mean, means.template cast<Wide<Scalar>>());
  store(variance, (squares / count).template cast<Wide<Scalar>>());
}

/// y = (x - center) scale + shift, each of one number for a channel.
template <class Scalar, class Array>
void normalize_channels(const Scalar* x, Scalar* y, const AxisSplit& split, const Array& center,
                        const Array& scale, const Array& shift) {
  const Index n = split.n, inner = split.inner;
  for (Index o = 0; o < split.outer; ++o) {
    if (inner == 1) {
      store(y + o * n, (load(x + o * n, n) - center) * scale + shift);
      continue;
    }
    for (Index c = 0; c < n; ++c) {
      const Index at = (o * n + c) * inner;
      store(y + at, (load(x + at, inner) - center[c]) * scale[c] + shift[c]);
    }
  }
}

}  // namespace parton::detail
