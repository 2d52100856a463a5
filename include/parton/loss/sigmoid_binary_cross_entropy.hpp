// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <utility>

#include <parton/loss/detail/elementwise_loss.hpp>
#include <parton/loss/loss.hpp>
#include <parton/ops/broadcast_to.hpp>
#include <parton/ops/detail/activation_functions.hpp>

namespace parton {

namespace detail {

/// relu(p) - p z + (w - 1) z relu(-p) + (1 + (w - 1) z) softplus(-|p|), where w is pos_weight: no
/// term overflows, and none cancels another for large |p|.
struct SigmoidBinaryCrossEntropyFunction : SoftLabel {
  double pos_weight = 1;
  template <class P>
  auto operator()(const P& p, const auto& z) const {
    return (*this)(p, z, constant_like(p, typename P::Scalar(pos_weight)));
  }
  template <class P>
  auto operator()(const P& p, const auto& z, const auto& w) const {
    using T = typename P::Scalar;
    const auto extra = (w - T(1)) * z;
    return positive_part(p) - p * z - extra * negative_part(p) +
           (extra + T(1)) * Exp{}(-p.abs()).log1p();
  }
  /// (1 + (w - 1) z) sigmoid(p) - w z
  template <class P>
  auto slope(const P& p, const auto& z) const {
    return slope(p, z, constant_like(p, typename P::Scalar(pos_weight)));
  }
  template <class P>
  auto slope(const P& p, const auto& z, const auto& w) const {
    using T = typename P::Scalar;
    return ((w - T(1)) * z + T(1)) * Sigmoid{}(p)-w * z;
  }
  /// (w - 1) softplus(-p) - p
  template <class P>
  auto label_slope(const P& p, const auto& z) const {
    return label_slope(p, z, constant_like(p, typename P::Scalar(pos_weight)));
  }
  template <class P>
  auto label_slope(const P& p, const auto&, const auto& w) const {
    return (w - typename P::Scalar(1)) * Softrelu{}(-p) - p;
  }
};

/// -(w z log(p + 1e-12) + (1 - z) log(1 - p + 1e-12)) of probabilities p.
struct BinaryCrossEntropyFunction : SoftLabel {
  static constexpr double epsilon = 1e-12;
  double pos_weight = 1;
  template <class P>
  auto operator()(const P& p, const auto& z) const {
    return (*this)(p, z, constant_like(p, typename P::Scalar(pos_weight)));
  }
  template <class P>
  auto operator()(const P& p, const auto& z, const auto& w) const {
    using T = typename P::Scalar;
    return -w * z * (p + T(epsilon)).log() - (T(1) - z) * (T(1) - p + T(epsilon)).log();
  }
  template <class P>
  auto slope(const P& p, const auto& z) const {
    return slope(p, z, constant_like(p, typename P::Scalar(pos_weight)));
  }
  template <class P>
  auto slope(const P& p, const auto& z, const auto& w) const {
    using T = typename P::Scalar;
    return (T(1) - z) / (T(1) - p + T(epsilon)) - w * z / (p + T(epsilon));
  }
  template <class P>
  auto label_slope(const P& p, const auto& z) const {
    return label_slope(p, z, constant_like(p, typename P::Scalar(pos_weight)));
  }
  template <class P>
  auto label_slope(const P& p, const auto&, const auto& w) const {
    using T = typename P::Scalar;
    return (T(1) - p + T(epsilon)).log() - w * (p + T(epsilon)).log();
  }
};

}  // namespace detail

namespace loss {

struct SigmoidBinaryCrossEntropyOptions {
  bool from_sigmoid = false;     ///< pred holds probabilities already, not logits.
  Tensor<double> pos_weight{1};  ///< Factor of the positive term: one, or what broadcasts to pred.
  double weight = 1;
  Index batch_axis = 0;
};

/// -(pos_weight label log(s) + (1 - label) log(1 - s)) with s = sigmoid(pred): for yes-or-no
/// questions, any number of them for a sample.
///
/// Computed from the logits, so that it is exact for any size of them. With `from_sigmoid` pred is
/// s itself and 1e-12 is added under the logarithms, as in Gluon. Labels lie in [0, 1] and take a
/// gradient too. `pos_weight` balances rare positives (PyTorch's BCEWithLogitsLoss): one number,
/// `{.pos_weight = {3.}}`, or one for each class, of shape `(classes,)`.
class SigmoidBinaryCrossEntropy : public Loss<SigmoidBinaryCrossEntropy> {
 public:
  /// \throws ValueError for a pos_weight that is negative or not finite.
  explicit SigmoidBinaryCrossEntropy(const SigmoidBinaryCrossEntropyOptions& options = {})
      : options_(detail::common_options(name, options)),
        from_sigmoid_(options.from_sigmoid),
        pos_weight_(options.pos_weight.copy()) {
    for (const double one : std::as_const(pos_weight_).span())
      static_cast<void>(detail::checked_option(
          name, "pos_weight", one, one >= 0 && std::isfinite(one), "finite and 0 or more"));
  }

 private:
  static constexpr const char* name = "SigmoidBinaryCrossEntropy";

  friend Loss<SigmoidBinaryCrossEntropy>;
  template <class Scalar>
  Tensor<Scalar> compute(const Tensor<Scalar>& pred, const Tensor<Scalar>& label,
                         const Tensor<Scalar>* weight) const {
    if (from_sigmoid_) return compute(detail::BinaryCrossEntropyFunction{}, pred, label, weight);
    return compute(detail::SigmoidBinaryCrossEntropyFunction{}, pred, label, weight);
  }
  template <class Function, class Scalar>
  Tensor<Scalar> compute(Function f, const Tensor<Scalar>& pred, const Tensor<Scalar>& label,
                         const Tensor<Scalar>* weight) const {
    if (pos_weight_.size() == 1) {
      f.pos_weight = pos_weight_.item();
      return detail::elementwise_loss(name, f, options_, pred, label, weight);
    }
    const Tensor<Scalar> each = broadcast_to(detail::loss_cast<Scalar>(pos_weight_), pred.shape());
    return detail::elementwise_loss(name, f, options_, pred, label, weight, each);
  }

  Options options_;
  bool from_sigmoid_;
  Tensor<double> pos_weight_;
};

}  // namespace loss

}  // namespace parton
