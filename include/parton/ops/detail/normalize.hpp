// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <concepts>
#include <string_view>
#include <utility>

#include <Eigen/Core>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/operand.hpp>

/// \file What layer and batch normalization share, and the loops of layer normalization.

namespace parton::detail {

/// \throws ShapeError unless `values` is null or has one element for each of the n channels.
template <class Scalar>
void check_channels(std::string_view operation, std::string_view what, const Tensor<Scalar>* values,
                    Index n, const Shape& x) {
  if (values != nullptr && (values->rank() != 1 || values->size() != n))
    throw errors::channel_values(operation, what, values->shape().to_string(), n, x.to_string());
}

/// The values of an optional tensor in the scalar that is computed in, else one for all channels.
template <class Scalar>
Tensor<Wide<Scalar>> channels(const Tensor<Scalar>* values, Index n, int otherwise) {
  if (values == nullptr) return Tensor<Wide<Scalar>>::full({n}, otherwise);
  if constexpr (std::same_as<Scalar, Wide<Scalar>>)
    return *values;
  else
    return values->template cast<Wide<Scalar>>();
}

/// An optional tensor as one to save.
template <class Scalar>
Tensor<Scalar> value_or_nothing(const Tensor<Scalar>* x) {
  return x == nullptr ? Tensor<Scalar>() : *x;
}

/// All elements as an array.
template <class Scalar>
auto load_all(const Tensor<Scalar>& x) {
  return load(x.data(), x.size());
}

/// The mean of a row, and the inverse of its deviation.
template <class T>
struct RowMoments {
  T mean, inverse;
};
template <class Row>
auto row_moments(const Row& row, double epsilon) {
  using T = typename Row::Scalar;
  const T mean = row.mean();
  const T variance = (row - mean).square().mean();
  return RowMoments<T>{mean, 1 / std::sqrt(variance + static_cast<T>(epsilon))};
}

/// The same for each column of n rows of as many elements as `mean` has.
template <class Scalar, class T>
void block_moments(const Scalar* x, Index n, double epsilon, Tensor<T>& mean, Tensor<T>& inverse) {
  const Index inner = mean.size();
  T *const center = fresh_data(mean), *const scale = fresh_data(inverse);
  const auto row = [&](Index i) { return load(x + i * inner, inner); };
  store(center, constant_like(row(0), 0));
  for (Index i = 0; i < n; ++i) store(center, load(center, inner) + row(i));
  store(center, load(center, inner) / static_cast<T>(n));
  store(scale, constant_like(row(0), 0));
  for (Index i = 0; i < n; ++i)
    store(scale, load(scale, inner) + (row(i) - load(center, inner)).square());
  store(scale, root_of(load(scale, inner) / static_cast<T>(n) + static_cast<T>(epsilon)).inverse());
}

/// Layer normalization of one contiguous row.
template <class Scalar, class T>
void normalize_row(const Scalar* x, Scalar* y, const Tensor<T>& scale, const Tensor<T>& shift,
                   double epsilon) {
  const auto row = load(x, scale.size());
  const auto [mean, inverse] = row_moments(row, epsilon);
  store(y, (row - mean) * inverse * load_all(scale) + load_all(shift));
}

/// The same along the first axis of a block of rows of `inner` elements.
template <class Scalar, class T>
void normalize_block(const Scalar* x, Scalar* y, const Tensor<T>& scale, const Tensor<T>& shift,
                     Index inner, double epsilon) {
  const Index n = scale.size();
  Tensor<T> mean = Tensor<T>::empty({inner}), inverse = Tensor<T>::empty({inner});
  block_moments(x, n, epsilon, mean, inverse);
  for (Index i = 0; i < n; ++i)
    store(y + i * inner,
          (load(x + i * inner, inner) - load_all(mean)) * load_all(inverse) * scale.data()[i] +
              shift.data()[i]);
}

/// What the gradients of gamma and beta are summed up in.
template <class T>
struct ScaleShiftSums {
  explicit ScaleShiftSums(Index n) : scale(Tensor<T>::zeros({n})), shift(Tensor<T>::zeros({n})) {}
  Tensor<T> scale, shift;
};

/// The sums as the gradients of gamma and beta, inputs 1 and 2.
template <class Scalar, class T>
void add_scale_shift(Gradients<Scalar>& gradients, const ScaleShiftSums<T>& sums) {
  if (gradients.needs(1)) gradients.add(1, sums.scale.template cast<Scalar>());
  if (gradients.needs(2)) gradients.add(2, sums.shift.template cast<Scalar>());
}

/// The gradient of a row: with the normalized x as z and h = g scale, it is
/// (h - mean(h) - z mean(h z)) / deviation.
template <class Scalar, class T>
void layer_norm_row_backward(const Scalar* g, const Scalar* x, Scalar* to, const Tensor<T>& scale,
                             ScaleShiftSums<T>& sums, double epsilon) {
  const Index n = scale.size();
  const auto row = load(x, n), gradient = load(g, n);
  const auto [mean, inverse] = row_moments(row, epsilon);
  const auto z = (row - mean) * inverse;
  const auto h = gradient * load_all(scale);
  T* const scales = fresh_data(sums.scale);
  T* const shifts = fresh_data(sums.shift);
  store(scales, load(scales, n) + gradient * z);
  store(shifts, load(shifts, n) + gradient);
  if (to == nullptr) return;
  const T average = h.mean(), along = (h * z).mean();
  store(to, (h - average - z * along) * inverse);
}

/// The same along the first axis of a block of rows of `inner` elements.
template <class Scalar, class T>
void layer_norm_block_backward(const Scalar* g, const Scalar* x, Scalar* to, const Tensor<T>& scale,
                               ScaleShiftSums<T>& sums, Index inner, double epsilon) {
  const Index n = scale.size();
  Tensor<T> mean = Tensor<T>::empty({inner}), inverse = Tensor<T>::empty({inner});
  Tensor<T> averages = Tensor<T>::zeros({inner}), alongs = Tensor<T>::zeros({inner});
  block_moments(x, n, epsilon, mean, inverse);
  T *const average = fresh_data(averages), *const along = fresh_data(alongs);
  const auto z = [&](Index i) {
    return (load(x + i * inner, inner) - load_all(mean)) * load_all(inverse);
  };
  for (Index i = 0; i < n; ++i) {
    const auto gradient = load(g + i * inner, inner);
    const T by = scale.data()[i] / static_cast<T>(n);
    fresh_data(sums.scale)[i] += (gradient * z(i)).sum();
    fresh_data(sums.shift)[i] += gradient.sum();
    store(average, load(average, inner) + gradient * by);
    store(along, load(along, inner) + gradient * z(i) * by);
  }
  for (Index i = 0; i < n && to != nullptr; ++i)
    store(to + i * inner, (load(g + i * inner, inner) * scale.data()[i] - load(average, inner) -
                           z(i) * load(along, inner)) *
                              load_all(inverse));
}

/// The gradients of layer_norm: x, gamma, beta.
template <class Scalar>
void layer_norm_backward(Gradients<Scalar>& gradients, const AxisSplit& split, double epsilon,
                         const Tensor<Scalar>& x, const Tensor<Scalar>* gamma) {
  using T = Wide<Scalar>;
  const Tensor<Scalar>& g = gradients.result();
  const Tensor<T> scale = channels(gamma, split.n, 1);
  ScaleShiftSums<T> sums(split.n);
  const bool wanted = gradients.needs(0);
  Tensor<Scalar> result = wanted ? Tensor<Scalar>::empty(x.shape()) : Tensor<Scalar>();
  const Index block = split.n * split.inner;
  for (Index at = 0; at < x.size(); at += block) {
    Scalar* const to = wanted ? fresh_data(result) + at : nullptr;
    if (split.inner == 1)
      layer_norm_row_backward(g.data() + at, x.data() + at, to, scale, sums, epsilon);
    else
      layer_norm_block_backward(g.data() + at, x.data() + at, to, scale, sums, split.inner,
                                epsilon);
  }
  add_scale_shift(gradients, sums);
  if (wanted) gradients.add(0, std::move(result));
}

}  // namespace parton::detail
