// SPDX-License-Identifier: MIT
#pragma once

#include <parton/loss/detail/elementwise_loss.hpp>
#include <parton/loss/loss.hpp>
#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/fused.hpp>

namespace parton {

namespace detail {

struct HingeFunction {
  double margin;
  template <class P>
  auto operator()(const P& p, const auto& z) const {
    return positive_part(constant_like(p, typename P::Scalar(margin)) - p * z);
  }
  template <class P>
  auto slope(const P& p, const auto& z) const {
    return fused(WhereAbove{}, -z, constant_like(p, typename P::Scalar(margin)) - p * z);
  }
};

}  // namespace detail

namespace loss {

struct HingeOptions {
  double margin = 1;
  double weight = 1;
  Index batch_axis = 0;
};

/// max(0, margin - pred label), for labels -1 and 1, which are constants.
class Hinge : public Loss<Hinge> {
 public:
  /// \throws ValueError for a margin that is not finite.
  explicit Hinge(HingeOptions options = {})
      : options_(detail::common_options("Hinge", options)),
        margin_(detail::finite_option("Hinge", "margin", options.margin)) {}

 private:
  friend Loss<Hinge>;
  template <class Scalar>
  Tensor<Scalar> compute(const Tensor<Scalar>& pred, const Tensor<Scalar>& label,
                         const Tensor<Scalar>* weight) const {
    return detail::elementwise_loss("Hinge", detail::HingeFunction{margin_}, options_, pred, label,
                                    weight);
  }

  Options options_;
  double margin_;
};

}  // namespace loss

}  // namespace parton
