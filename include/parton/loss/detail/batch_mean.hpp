// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <parton/loss/options.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/broadcast_to.hpp>
#include <parton/ops/detail/elementwise.hpp>

/// \file What all losses share: their elements are weighted and averaged to one value per sample.

namespace parton::detail {

/// How many elements are computed at once: they stay in the nearest cache.
inline constexpr Index loss_chunk = 1024;

/// loss[b] = weight * mean over all axes but the batch axis of sample_weight * element.
template <class Scalar>
class BatchMean {
 public:
  /// `losses` is the shape of the elements. \throws IndexError if it lacks the batch axis.
  BatchMean(const loss::Options& options, const Shape& losses)
      : split_(options.batch_axis, losses),
        size_(losses.size()),
        scale_(options.weight / static_cast<double>(split_.outer * split_.inner)) {}

  /// The same of losses of another batch axis.
  BatchMean(loss::Options options, const Shape& losses, Index batch_axis)
      : BatchMean((options.batch_axis = batch_axis, options), losses) {}

  /// The sum, unweighted, in place of the mean.
  static BatchMean sum(const loss::Options& options, const Shape& losses) {
    BatchMean result(options, losses);
    result.scale_ = 1;
    return result;
  }

  [[nodiscard]] Shape shape() const { return {split_.n}; }

  /// The sample weight as forward() and backward() take it; empty for null.
  ///
  /// A weight of rank 1 has one element for each sample; otherwise it broadcasts to the shape of
  /// the losses with as many axes. \throws ShapeError if it does neither.
  Tensor<Scalar> fit(const char* loss, const Tensor<Scalar>* given, const Shape& losses,
                     Index batch_axis) {
    if (given == nullptr) return {};
    const Tensor<Scalar> weight = given->detach();
    const Shape& shape = weight.shape();
    kind_ = Kind::of_sample;
    if (shape.rank() == 1 && shape.size() == split_.n) return weight;
    if (shape.size() == 1)
      return lacks_values(weight) ? weight : Tensor<Scalar>::full({split_.n}, weight.item());
    bool fits = shape.rank() == losses.rank();
    for (std::size_t i = 0; fits && i < shape.rank(); ++i)
      fits = shape.dims()[i] == losses.dims()[i] || shape.dims()[i] == 1;
    if (!fits)
      throw errors::sample_weight_shape(loss, shape.to_string(), losses.to_string(), split_.n,
                                        batch_axis);
    if (shape.size() == split_.n && shape.dims()[split_.at] == split_.n)
      return weight.reshape({split_.n});
    kind_ = Kind::of_element;
    return shape == losses ? weight : broadcast_to(weight, losses);
  }

  /// One value per sample, where compute(at, count, to) writes the elements [at, at + count).
  template <class Compute>
  Tensor<Scalar> forward(const Tensor<Scalar>& weights, const Compute& compute) const {
    Tensor<double> totals = Tensor<double>::zeros(shape());
    double* const total = fresh_data(totals);
    alignas(64) Scalar chunk[loss_chunk];
    for (Index at = 0; at < size_; at += loss_chunk) {
      const Index count = std::min(loss_chunk, size_ - at);
      compute(at, count, static_cast<Scalar*>(chunk));
      weigh(weights, at, count, chunk);
      for_each_run(at, count, [&](Index sample, Index from, Index n) {
        total[sample] += static_cast<double>(n == 1 ? chunk[from] : load(chunk + from, n).sum());
      });
    }
    Tensor<Scalar> result = Tensor<Scalar>::empty(shape());
    for (Index i = 0; i < split_.n; ++i)
      fresh_data(result)[i] = static_cast<Scalar>(total[i] * factor(weights, i));
    return result;
  }

  /// Calls use(at, count, factors) with the gradient of each element in [at, at + count), for all.
  template <class Use>
  void backward(const Tensor<Scalar>& gradient, const Tensor<Scalar>& weights,
                const Use& use) const {
    const Scalar* const g = gradient.data();
    alignas(64) Scalar factors[loss_chunk];
    for (Index at = 0; at < size_; at += loss_chunk) {
      const Index count = std::min(loss_chunk, size_ - at);
      for_each_run(at, count, [&](Index sample, Index from, Index n) {
        const double value = static_cast<double>(g[sample]) * factor(weights, sample);
        std::fill_n(factors + from, n, static_cast<Scalar>(value));
      });
      weigh(weights, at, count, factors);
      use(at, count, static_cast<const Scalar*>(factors));
    }
  }

 private:
  enum class Kind { none, of_sample, of_element };

  [[nodiscard]] double factor(const Tensor<Scalar>& weights, Index sample) const {
    return kind_ == Kind::of_sample ? scale_ * static_cast<double>(weights.data()[sample]) : scale_;
  }
  void weigh(const Tensor<Scalar>& weights, Index at, Index count, Scalar* values) const {
    if (kind_ == Kind::of_element)
      store(values, load<Scalar>(values, count) * load(weights.data() + at, count));
  }

  /// f(sample, from, n): the elements [at + from, at + from + n) are of this sample.
  template <class Function>
  void for_each_run(Index at, Index count, const Function& f) const {
    Index sample = at / split_.inner % split_.n, left = split_.inner - at % split_.inner;
    for (Index from = 0; from < count;) {
      const Index n = std::min(left, count - from);
      f(sample, from, n);
      from += n;
      left = split_.inner;
      if (++sample == split_.n) sample = 0;
    }
  }

  AxisSplit split_;
  Index size_;
  double scale_;
  Kind kind_ = Kind::none;
};

}  // namespace parton::detail
