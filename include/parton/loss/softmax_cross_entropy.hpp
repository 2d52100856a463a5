// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <parton/autograd/record.hpp>
#include <parton/loss/detail/class_labels.hpp>
#include <parton/loss/detail/softmax_rows.hpp>
#include <parton/loss/loss.hpp>

namespace parton::loss {

struct SoftmaxCrossEntropyOptions {
  Index axis = -1;  ///< The axis of the classes.
  std::optional<bool> sparse_label =
      {};                      ///< Numbers of classes or not; by default the shape tells.
  bool from_logits = false;    ///< pred holds log-probabilities already (Gluon's name).
  double label_smoothing = 0;  ///< In [0, 1): the share of the label that all classes get.
  double weight = 1;
  Index batch_axis = 0;
};

/// -log softmax(pred)[label], or -sum(label log softmax(pred)): the loss of a classifier. pred
/// holds logits, `(batch, ..., classes)`; it is one step of the tape, exact for logits of any size.
///
/// Labels are told apart by their shape. Numbers of classes, whole ones of any scalar, have the
/// shape of pred without the axis, or with 1 there: `(batch,)`, `(batch, 1)`, std::vector<int>.
/// Probabilities, such as one-hot labels, have the shape of pred; they take a gradient too.
///
/// `label_smoothing` e takes (1 - e) label + e / classes for the label (Szegedy et al. 2016), as
/// PyTorch does. With `from_logits` pred is what log_softmax gives. A sample_weight may also have
/// the shape of pred without the axis, one for each label.
/// \throws IndexError for a label that is no class, with its place; ShapeError if shapes do not
/// fit.
class SoftmaxCrossEntropy : public Loss<SoftmaxCrossEntropy, true> {
 public:
  /// \throws ValueError for a label_smoothing outside [0, 1).
  explicit SoftmaxCrossEntropy(const SoftmaxCrossEntropyOptions& options = {})
      : common_(detail::common_options(name, options)), options_(options) {
    const double e = options.label_smoothing;
    static_cast<void>(detail::checked_option(name, "label_smoothing", e, e >= 0 && e < 1,
                                             "in [0, 1): from 0 to less than 1"));
  }

 private:
  static constexpr const char* name = "SoftmaxCrossEntropy";

  friend Loss<SoftmaxCrossEntropy, true>;
  template <class Scalar, class Label>
  Tensor<Scalar> compute(const Tensor<Scalar>& pred, const Tensor<Label>& label,
                         const Tensor<Scalar>* sample_weight) const {
    const detail::AxisSplit split(options_.axis, pred.shape());
    const Shape rows = pred.shape().with(options_.axis, 1);
    const Shape removed = detail::without(pred.shape(), Axes(options_.axis).mask(pred.shape()));
    const bool sparse = detail::is_sparse_label(options_.sparse_label, label.shape(), pred.shape(),
                                                removed, options_.axis);
    detail::BatchMean<Scalar> mean(common_, rows);
    const bool per_label =
        sample_weight != nullptr && removed.rank() > 0 && sample_weight->shape() == removed;
    const Tensor<Scalar> reshaped = per_label ? sample_weight->reshape(rows) : Tensor<Scalar>();
    const Tensor<Scalar> weights =
        mean.fit(name, per_label ? &reshaped : sample_weight, rows, common_.batch_axis);
    if (detail::any_shape_only(pred, label, weights))
      return Tensor<Scalar>::shape_only(mean.shape());

    Tensor<Index> classes;
    Tensor<Scalar> dense;
    if (sparse)
      classes = detail::class_positions(label, options_.axis, pred.shape());
    else
      dense = detail::loss_cast<Scalar>(label);
    if (!sparse && !(dense.shape() == pred.shape())) dense = dense.reshape(pred.shape());

    const bool normalized = options_.from_logits || split.n == 0;
    const double smoothing = options_.label_smoothing;
    Tensor<Scalar> statistics = Tensor<Scalar>::zeros({2, rows.size()});
    Tensor<Scalar> loss = mean.forward(weights, [&](Index at, Index count, Scalar* to) {
      Scalar* const measured = detail::fresh_data(statistics);
      const detail::SoftmaxRows<Scalar> all(split, pred.data(), measured);
      if (!normalized) all.measure(at, count, measured);
      all.losses({classes.data(), dense.data(), smoothing}, at, count, to);
    });
    if (detail::must_record(pred, dense))
      record(loss, pred, classes, dense, weights, statistics,
             Plan<Scalar>{split, mean, normalized, smoothing});
    return loss;
  }

  template <class Scalar>
  struct Plan {
    detail::AxisSplit split;
    detail::BatchMean<Scalar> mean;
    bool normalized;
    double smoothing;
  };

  template <class Scalar>
  static void record(Tensor<Scalar>& loss, const Tensor<Scalar>& pred, const Tensor<Index>& classes,
                     const Tensor<Scalar>& dense, const Tensor<Scalar>& weights,
                     const Tensor<Scalar>& statistics, const Plan<Scalar>& plan) {
    detail::record(
        name, loss, detail::inputs(pred, dense),
        detail::saved(pred, classes, dense, weights, statistics),
        [plan](detail::Gradients<Scalar>& grads, const Tensor<Scalar>& x,
               const Tensor<Index>& sparse, const Tensor<Scalar>& soft, const Tensor<Scalar>& w,
               const Tensor<Scalar>& measured) {
          const detail::SoftmaxRows<Scalar> all(plan.split, x.data(), measured.data());
          if (grads.needs(0)) {
            Tensor<Scalar> to = Tensor<Scalar>::empty(x.shape());
            plan.mean.backward(grads.result(), w, [&](Index at, Index n, const Scalar* factors) {
              all.gradient({sparse.data(), soft.data(), plan.smoothing}, plan.normalized, at, n,
                           factors, detail::fresh_data(to));
            });
            grads.add(0, std::move(to));
          }
          if (grads.needs(1)) {
            Tensor<Scalar> to = Tensor<Scalar>::empty(x.shape());
            plan.mean.backward(grads.result(), w, [&](Index at, Index n, const Scalar* factors) {
              all.label_gradient(plan.smoothing, at, n, factors, detail::fresh_data(to));
            });
            grads.add(1, std::move(to));
          }
        });
  }

  Options common_;
  SoftmaxCrossEntropyOptions options_;
};

}  // namespace parton::loss
