// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>
#include <utility>

#include <Eigen/Core>

#include <parton/ops/axes.hpp>
#include <parton/ops/detail/normalize.hpp>
#include <parton/ops/detail/operand.hpp>

/// \file Layer and batch normalization. half and bfloat16 are computed in float and rounded once.

namespace parton {

/// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with mean and biased variance over one
/// axis (Ba et al. 2016).
///
/// gamma and beta have the shape `(n,)` of that axis; null stands for 1 and 0. \throws ShapeError
/// if they do not fit; IndexError for an axis that is not there.
template <detail::FloatingOperand X, class Scalar = detail::scalar_of<X>>
[[nodiscard]] Tensor<Scalar> layer_norm(const X& x,
                                        const std::type_identity_t<Tensor<Scalar>>* gamma,
                                        const std::type_identity_t<Tensor<Scalar>>* beta,
                                        Index axis = -1, double epsilon = 1e-5) {
  const Tensor<Scalar>& input = detail::as_tensor(x);
  const Shape& shape = input.shape();
  const detail::AxisSplit split(axis, shape);
  detail::check_channels("layer_norm", "gamma", gamma, split.n, shape);
  detail::check_channels("layer_norm", "beta", beta, split.n, shape);
  if (detail::any_shape_only(input, gamma, beta)) return Tensor<Scalar>::shape_only(shape);
  Tensor<Scalar> y = Tensor<Scalar>::empty(shape);
  const auto scale = detail::channels(gamma, split.n, 1),
             shift = detail::channels(beta, split.n, 0);
  const Index block = split.n * split.inner;
  for (Index at = 0; at < shape.size(); at += block) {
    const Scalar* from = input.data() + at;
    Scalar* to = y.mutable_data() + at;
    if (split.inner == 1)
      detail::normalize_row(from, to, scale, shift, epsilon);
    else
      detail::normalize_block(from, to, scale, shift, split.inner, epsilon);
  }
  return y;
}

/// The mean and the biased variance of each channel, each of shape `(channels,)`.
template <class Scalar>
struct BatchStatistics {
  Tensor<Scalar> mean;
  Tensor<Scalar> variance;
};

/// Mean and biased variance over all axes but one, accumulated in double.
/// \throws ValueError if a channel has no elements; IndexError for an axis that is not there.
template <detail::FloatingOperand X, class Scalar = detail::scalar_of<X>>
[[nodiscard]] BatchStatistics<Scalar> batch_statistics(const X& x, Index axis = 1) {
  const Tensor<Scalar>& input = detail::as_tensor(x);
  const detail::AxisSplit split(axis, input.shape());
  const Shape channels{split.n};
  if (split.outer * split.inner == 0)
    throw errors::reduction_of_nothing("batch_statistics", input.shape().to_string());
  if (detail::any_shape_only(input))
    return {Tensor<Scalar>::shape_only(channels), Tensor<Scalar>::shape_only(channels)};
  BatchStatistics<Scalar> result{Tensor<Scalar>::empty(channels), Tensor<Scalar>::empty(channels)};
  detail::batch_moments(input.data(), split, result.mean.mutable_data(),
                        result.variance.mutable_data());
  return result;
}

/// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with one of each for a channel
/// (Ioffe and Szegedy 2015): the form for prediction, where mean and variance are the running ones.
///
/// All four have the shape `(channels,)` of the axis; gamma and beta may be null for 1 and 0.
/// \throws ShapeError if they do not fit; IndexError for an axis that is not there.
template <detail::FloatingOperand X, class Scalar = detail::scalar_of<X>>
[[nodiscard]] Tensor<Scalar> batch_norm(const X& x,
                                        const std::type_identity_t<Tensor<Scalar>>* gamma,
                                        const std::type_identity_t<Tensor<Scalar>>* beta,
                                        const std::type_identity_t<Tensor<Scalar>>& mean,
                                        const std::type_identity_t<Tensor<Scalar>>& variance,
                                        Index axis = 1, double epsilon = 1e-5) {
  const Tensor<Scalar>& input = detail::as_tensor(x);
  const Shape& shape = input.shape();
  const detail::AxisSplit split(axis, shape);
  detail::check_channels("batch_norm", "gamma", gamma, split.n, shape);
  detail::check_channels("batch_norm", "beta", beta, split.n, shape);
  detail::check_channels("batch_norm", "mean", &mean, split.n, shape);
  detail::check_channels("batch_norm", "variance", &variance, split.n, shape);
  if (detail::any_shape_only(input, mean, variance, gamma, beta))
    return Tensor<Scalar>::shape_only(shape);
  using Wide = detail::Wide<Scalar>;
  Tensor<Scalar> y = Tensor<Scalar>::empty(shape);
  const auto center = detail::channels(&mean, split.n, 0),
             shift = detail::channels(beta, split.n, 0);
  const detail::Channels<Wide> scale =
      detail::channels(gamma, split.n, 1) /
      detail::root_of(detail::channels(&variance, split.n, 1) + static_cast<Wide>(epsilon));
  detail::normalize_channels(input.data(), y.mutable_data(), split, center, scale, shift);
  return y;
}

/// What batch_norm_training gives: the result, and the statistics that it was normalized with.
template <class Scalar>
struct BatchNormResult {
  Tensor<Scalar> y;
  Tensor<Scalar> mean;
  Tensor<Scalar> variance;
};

/// batch_norm with the batch's own mean and biased variance, as in training.
/// \throws ValueError if a channel has no elements; ShapeError; IndexError.
template <detail::FloatingOperand X, class Scalar = detail::scalar_of<X>>
[[nodiscard]] BatchNormResult<Scalar> batch_norm_training(
    const X& x, const std::type_identity_t<Tensor<Scalar>>* gamma,
    const std::type_identity_t<Tensor<Scalar>>* beta, Index axis = 1, double epsilon = 1e-5) {
  const Tensor<Scalar>& input = detail::as_tensor(x);
  BatchStatistics<Scalar> batch = batch_statistics(input, axis);
  Tensor<Scalar> y = batch_norm(input, gamma, beta, batch.mean, batch.variance, axis, epsilon);
  return {std::move(y), std::move(batch.mean), std::move(batch.variance)};
}

}  // namespace parton
