// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <utility>

#include <Eigen/Core>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/normalize.hpp>

/// \file The loops of batch normalization, and its gradients.

namespace parton::detail {

/// What a run of elements finds in a tensor of one value for each channel: with the channels along
/// the run an array, else one number.
struct ChannelsAlong {
  template <class T>
  auto operator()(const Tensor<T>& values) const {
    return load_all(values);
  }
  template <class T>
  void add(Tensor<T>& sums, const auto& terms) const {
    store(fresh_data(sums), load_all(sums) + terms.template cast<T>());
  }
};
struct OneChannel {
  Index channel;
  template <class T>
  T operator()(const Tensor<T>& values) const {
    return values.data()[channel];
  }
  template <class T>
  void add(Tensor<T>& sums, const auto& terms) const {
    fresh_data(sums)[channel] += static_cast<T>(terms.sum());
  }
};

/// f(position, length, values of the channels) for each run.
template <class Function>
void for_each_channel_run(const AxisSplit& split, const Function& f) {
  if (split.inner == 1) {
    for (Index o = 0; o < split.outer; ++o) f(o * split.n, split.n, ChannelsAlong{});
    return;
  }
  for (Index o = 0; o < split.outer; ++o)
    for (Index c = 0; c < split.n; ++c)
      f((o * split.n + c) * split.inner, split.inner, OneChannel{c});
}

/// Mean and biased variance of each channel, in two passes.
template <class Scalar>
void batch_moments(const Scalar* x, const AxisSplit& split, Scalar* mean, Scalar* variance) {
  Tensor<double> means = Tensor<double>::zeros({split.n}),
                 squares = Tensor<double>::zeros({split.n});
  const auto count = static_cast<double>(split.outer * split.inner);
  const auto wide = [&](Index at, Index n) { return load(x + at, n).template cast<double>(); };
  for_each_channel_run(split,
                       [&](Index at, Index n, const auto& of) { of.add(means, wide(at, n)); });
  store(fresh_data(means), load_all(means) / count);
  for_each_channel_run(split, [&](Index at, Index n, const auto& of) {
    of.add(squares, (wide(at, n) - of(means)).square());
  });
  store(mean, load_all(means).template cast<Wide<Scalar>>());
  store(variance, (load_all(squares) / count).template cast<Wide<Scalar>>());
}

/// y = (x - center) scale + shift, each of one number for a channel.
template <class Scalar, class T>
void normalize_channels(const Scalar* x, Scalar* y, const AxisSplit& split, const Tensor<T>& center,
                        const Tensor<T>& scale, const Tensor<T>& shift) {
  for_each_channel_run(split, [&](Index at, Index n, const auto& of) {
    store(y + at, (load(x + at, n) - of(center)) * of(scale) + of(shift));
  });
}

/// 1 / sqrt(variance + epsilon)
template <class T>
Tensor<T> inverse_deviation(const Tensor<T>& variance, double epsilon) {
  Tensor<T> result = Tensor<T>::empty(variance.shape());
  store(fresh_data(result), root_of(load_all(variance) + static_cast<T>(epsilon)).inverse());
  return result;
}

/// sum(g) and sum(g z) of each channel, with z = (x - mean) / deviation: the gradients of beta and
/// gamma.
template <class Scalar, class T>
ScaleShiftSums<double> batch_norm_sums(const Scalar* g, const Scalar* x, const AxisSplit& split,
                                       const Tensor<T>& mean, const Tensor<T>& inverse) {
  ScaleShiftSums<double> sums(split.n);
  for_each_channel_run(split, [&](Index at, Index n, const auto& of) {
    const auto gradient = load(g + at, n);
    of.add(sums.shift, gradient);
    of.add(sums.scale, gradient * (load(x + at, n) - of(mean)) * of(inverse));
  });
  return sums;
}

/// The statistics of x go on the tape: the gradients of an element are g / count for the mean, and
/// 2 g (x - mean) / count for the variance.
template <class Scalar>
void record_statistics(Tensor<Scalar>& mean, Tensor<Scalar>& variance, const Tensor<Scalar>& x,
                       const AxisSplit& split) {
  using T = Wide<Scalar>;
  const T share = T(1) / static_cast<T>(split.outer * split.inner);
  record("batch_statistics", mean, inputs(x), saved(),
         [split, share, shape = x.shape()](Gradients<Scalar>& gradients) {
           const Tensor<T> g = channels(&gradients.result(), split.n, 0);
           Tensor<Scalar> to = Tensor<Scalar>::empty(shape);
           Scalar* const elements = fresh_data(to);
           for_each_channel_run(split, [&](Index at, Index n, const auto& of) {
             store(elements + at, constant_like(load(elements + at, n), 0) + of(g) * share);
           });
           gradients.add(0, std::move(to));
         });
  record("batch_statistics", variance, inputs(x), saved(x, mean),
         [split, share](Gradients<Scalar>& gradients, const Tensor<Scalar>& from,
                        const Tensor<Scalar>& of_channel) {
           const Tensor<T> g = channels(&gradients.result(), split.n, 0);
           const Tensor<T> center = channels(&of_channel, split.n, 0);
           Tensor<Scalar> to = Tensor<Scalar>::empty(from.shape());
           Scalar* const elements = fresh_data(to);
           for_each_channel_run(split, [&](Index at, Index n, const auto& of) {
             store(elements + at,
                   (load(from.data() + at, n) - of(center)) * (of(g) * (share + share)));
           });
           gradients.add(0, std::move(to));
         });
}

/// The gradients of batch_norm: x, gamma, beta, mean, variance.
template <class Scalar>
void batch_norm_backward(Gradients<Scalar>& gradients, const AxisSplit& split, double epsilon,
                         const Tensor<Scalar>& x, const Tensor<Scalar>* gamma,
                         const Tensor<Scalar>& mean, const Tensor<Scalar>& variance) {
  using T = Wide<Scalar>;
  const Tensor<Scalar>& g = gradients.result();
  const Tensor<T> factor = channels(gamma, split.n, 1), center = channels(&mean, split.n, 0);
  const Tensor<T> inverse = inverse_deviation(channels(&variance, split.n, 1), epsilon);
  Tensor<T> scale = Tensor<T>::empty({split.n});
  store(fresh_data(scale), load_all(factor) * load_all(inverse));
  if (gradients.needs(0)) {
    Tensor<Scalar> to = Tensor<Scalar>::empty(g.shape());
    Scalar* const elements = fresh_data(to);
    for_each_channel_run(split, [&](Index at, Index n, const auto& of) {
      store(elements + at, load(g.data() + at, n) * of(scale));
    });
    gradients.add(0, std::move(to));
  }
  if (!gradients.needs(1) && !gradients.needs(2) && !gradients.needs(3) && !gradients.needs(4))
    return;
  const auto sums = batch_norm_sums(g.data(), x.data(), split, center, inverse);
  add_scale_shift(gradients, sums);
  const auto add = [&](std::size_t i, const auto& values) {
    Tensor<Scalar> to = Tensor<Scalar>::empty({split.n});
    store(fresh_data(to), values);
    gradients.add(i, std::move(to));
  };
  if (gradients.needs(3)) add(3, load_all(sums.shift).template cast<T>() * -load_all(scale));
  if (gradients.needs(4))
    add(4, load_all(sums.scale).template cast<T>() * load_all(scale) * load_all(inverse) * T(-0.5));
}

/// The gradients of batch_norm_training: x, gamma, beta. With the statistics of x itself, that of x
/// is scale (g - mean(g) - z mean(g z)) / deviation.
template <class Scalar>
void batch_norm_training_backward(Gradients<Scalar>& gradients, const AxisSplit& split,
                                  double epsilon, const Tensor<Scalar>& x,
                                  const Tensor<Scalar>* gamma, const Tensor<Scalar>& mean,
                                  const Tensor<Scalar>& variance) {
  using T = Wide<Scalar>;
  const Tensor<Scalar>& g = gradients.result();
  const Tensor<T> factor = channels(gamma, split.n, 1), center = channels(&mean, split.n, 0);
  const Tensor<T> inverse = inverse_deviation(channels(&variance, split.n, 1), epsilon);
  const auto sums = batch_norm_sums(g.data(), x.data(), split, center, inverse);
  add_scale_shift(gradients, sums);
  if (!gradients.needs(0)) return;
  // g scale + (x - center) slope + shift
  Tensor<T> scale = Tensor<T>::empty({split.n}), slope = Tensor<T>::empty({split.n}),
            shift = Tensor<T>::empty({split.n});
  const T share = T(1) / static_cast<T>(split.outer * split.inner);
  store(fresh_data(scale), load_all(factor) * load_all(inverse));
  store(fresh_data(slope),
        load_all(sums.scale).template cast<T>() * load_all(scale) * load_all(inverse) * -share);
  store(fresh_data(shift), load_all(sums.shift).template cast<T>() * load_all(scale) * -share);
  Tensor<Scalar> to = Tensor<Scalar>::empty(g.shape());
  Scalar* const elements = fresh_data(to);
  for_each_channel_run(split, [&](Index at, Index n, const auto& of) {
    store(elements + at, load(g.data() + at, n) * of(scale) +
                             (load(x.data() + at, n) - of(center)) * of(slope) + of(shift));
  });
  gradients.add(0, std::move(to));
}

}  // namespace parton::detail
