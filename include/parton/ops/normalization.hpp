// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>
#include <utility>

#include <Eigen/Core>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/batch_norm.hpp>
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
    Scalar* to = detail::fresh_data(y) + at;
    if (split.inner == 1)
      detail::normalize_row(from, to, scale, shift, epsilon);
    else
      detail::normalize_block(from, to, scale, shift, split.inner, epsilon);
  }
  if (detail::must_record(input, gamma, beta))
    detail::record("layer_norm", y, detail::inputs(input, gamma, beta),
                   detail::saved(input, detail::value_or_nothing(gamma)),
                   [split, epsilon, scaled = gamma != nullptr](detail::Gradients<Scalar>& gradients,
                                                               const Tensor<Scalar>& from,
                                                               const Tensor<Scalar>& by) {
                     detail::layer_norm_backward(gradients, split, epsilon, from,
                                                 scaled ? &by : nullptr);
                   });
  if (detail::tracer != nullptr)
    detail::trace("layer_norm", {input, gamma, beta}, {y},
                  {{"axis", static_cast<Index>(split.at)}, {"epsilon", epsilon}});
  return y;
}

/// The mean and the biased variance of each channel, each of shape `(channels,)`.
template <class Scalar>
struct BatchStatistics {
  Tensor<Scalar> mean;
  Tensor<Scalar> variance;
};

namespace detail {

/// The statistics without the tape.
template <class Scalar>
BatchStatistics<Scalar> statistics_of(const Tensor<Scalar>& x, const AxisSplit& split) {
  const Shape channels{split.n};
  if (split.outer * split.inner == 0)
    throw errors::reduction_of_nothing("batch_statistics", x.shape().to_string());
  if (any_shape_only(x))
    return {Tensor<Scalar>::shape_only(channels), Tensor<Scalar>::shape_only(channels)};
  BatchStatistics<Scalar> result{Tensor<Scalar>::empty(channels), Tensor<Scalar>::empty(channels)};
  batch_moments(x.data(), split, fresh_data(result.mean), fresh_data(result.variance));
  return result;
}

/// batch_norm without the tape; the shapes fit.
template <class Scalar>
Tensor<Scalar> batch_normalized(const Tensor<Scalar>& x, const Tensor<Scalar>* gamma,
                                const Tensor<Scalar>* beta, const Tensor<Scalar>& mean,
                                const Tensor<Scalar>& variance, const AxisSplit& split,
                                double epsilon) {
  using T = Wide<Scalar>;
  Tensor<Scalar> y = Tensor<Scalar>::empty(x.shape());
  Tensor<T> scale = inverse_deviation(channels(&variance, split.n, 1), epsilon);
  store(fresh_data(scale), load_all(channels(gamma, split.n, 1)) * load_all(scale));
  normalize_channels(x.data(), fresh_data(y), split, channels(&mean, split.n, 0), scale,
                     channels(beta, split.n, 0));
  return y;
}

}  // namespace detail

/// Mean and biased variance over all axes but one, accumulated in double.
/// \throws ValueError if a channel has no elements; IndexError for an axis that is not there.
template <detail::FloatingOperand X, class Scalar = detail::scalar_of<X>>
[[nodiscard]] BatchStatistics<Scalar> batch_statistics(const X& x, Index axis = 1) {
  const Tensor<Scalar>& input = detail::as_tensor(x);
  const detail::AxisSplit split(axis, input.shape());
  BatchStatistics<Scalar> result = detail::statistics_of(input, split);
  if (input.has_values() && detail::must_record(input))
    detail::record_statistics(result.mean, result.variance, input, split);
  if (detail::tracer != nullptr && input.has_values())
    detail::trace("batch_statistics", {input}, {result.mean, result.variance},
                  {{"axis", static_cast<Index>(split.at)}});
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
  Tensor<Scalar> y = detail::batch_normalized(input, gamma, beta, mean, variance, split, epsilon);
  if (detail::must_record(input, gamma, beta, mean, variance))
    detail::record("batch_norm", y, detail::inputs(input, gamma, beta, mean, variance),
                   detail::saved(input, detail::value_or_nothing(gamma), mean, variance),
                   [split, epsilon, scaled = gamma != nullptr](
                       detail::Gradients<Scalar>& gradients, const Tensor<Scalar>& from,
                       const Tensor<Scalar>& by, const auto&... moments) {
                     detail::batch_norm_backward(gradients, split, epsilon, from,
                                                 scaled ? &by : nullptr, moments...);
                   });
  if (detail::tracer != nullptr)
    detail::trace("batch_norm", {input, gamma, beta, mean, variance}, {y},
                  {{"axis", static_cast<Index>(split.at)}, {"epsilon", epsilon}});
  return y;
}

/// What batch_norm_training gives: the result, and the statistics that it was normalized with,
/// through which no gradient goes: use them to keep running ones.
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
  const detail::AxisSplit split(axis, input.shape());
  auto [mean, variance] = detail::statistics_of(input, split);
  detail::check_channels("batch_norm", "gamma", gamma, split.n, input.shape());
  detail::check_channels("batch_norm", "beta", beta, split.n, input.shape());
  if (detail::any_shape_only(input, gamma, beta))
    return {Tensor<Scalar>::shape_only(input.shape()), std::move(mean), std::move(variance)};
  Tensor<Scalar> y = detail::batch_normalized(input, gamma, beta, mean, variance, split, epsilon);
  if (detail::must_record(input, gamma, beta))
    detail::record("batch_norm_training", y, detail::inputs(input, gamma, beta),
                   detail::saved(input, detail::value_or_nothing(gamma), mean, variance),
                   [split, epsilon, scaled = gamma != nullptr](
                       detail::Gradients<Scalar>& gradients, const Tensor<Scalar>& from,
                       const Tensor<Scalar>& by, const auto&... moments) {
                     detail::batch_norm_training_backward(gradients, split, epsilon, from,
                                                          scaled ? &by : nullptr, moments...);
                   });
  if (detail::tracer != nullptr)
    detail::trace("batch_norm_training", {input, gamma, beta}, {y, mean, variance},
                  {{"axis", static_cast<Index>(split.at)}, {"epsilon", epsilon}});
  return {std::move(y), std::move(mean), std::move(variance)};
}

}  // namespace parton
