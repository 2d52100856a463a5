// SPDX-License-Identifier: MIT
#pragma once

#include <parton/loss/detail/elementwise_loss.hpp>
#include <parton/loss/loss.hpp>
#include <parton/ops/softmax.hpp>

namespace parton {

namespace detail {

struct KLDivergenceFunction : SoftLabel {
  static constexpr double epsilon = 1e-12;
  template <class P>
  auto operator()(const P& p, const auto& z) const {
    return z * ((z + typename P::Scalar(epsilon)).log() - p);
  }
  auto slope(const auto&, const auto& z) const { return -z; }
  template <class P>
  auto label_slope(const P& p, const auto& z) const {
    const auto safe = z + typename P::Scalar(epsilon);
    return safe.log() - p + z / safe;
  }
};

}  // namespace detail

namespace loss {

struct KLDivergenceOptions {
  bool from_logits = true;  ///< pred holds log-probabilities already (Gluon's name and default).
  Index axis = -1;          ///< The axis of the classes, if from_logits is false.
  double weight = 1;
  Index batch_axis = 0;
};

/// label (log(label + 1e-12) - pred) for log-probabilities pred: the mean of it over the classes,
/// times their number, is the divergence of pred from the label (Kullback and Leibler 1951).
///
/// pred is what log_softmax gives; with `from_logits` false it is taken of pred first, along
/// `axis`. The label holds probabilities, `pred`'s shape, and takes a gradient too.
class KLDivergence : public Loss<KLDivergence> {
 public:
  explicit KLDivergence(KLDivergenceOptions options = {})
      : options_(detail::common_options("KLDivergence", options)),
        from_logits_(options.from_logits),
        axis_(options.axis) {}

 private:
  friend Loss<KLDivergence>;
  template <class Scalar>
  Tensor<Scalar> compute(const Tensor<Scalar>& pred, const Tensor<Scalar>& label,
                         const Tensor<Scalar>* weight) const {
    return detail::elementwise_loss("KLDivergence", detail::KLDivergenceFunction{}, options_,
                                    from_logits_ ? pred : log_softmax(pred, axis_), label, weight);
  }

  Options options_;
  bool from_logits_;
  Index axis_;
};

}  // namespace loss

}  // namespace parton
