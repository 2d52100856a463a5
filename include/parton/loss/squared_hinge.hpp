// SPDX-License-Identifier: MIT
#pragma once

#include <parton/loss/detail/elementwise_loss.hpp>
#include <parton/loss/hinge.hpp>
#include <parton/loss/loss.hpp>
#include <parton/ops/detail/activation_functions.hpp>

namespace parton {

namespace detail {

struct SquaredHingeFunction {
  HingeFunction hinge;
  auto operator()(const auto& p, const auto& z) const { return hinge(p, z).square(); }
  template <class P>
  auto slope(const P& p, const auto& z) const {
    return hinge(p, z) * z * typename P::Scalar(-2);
  }
};

}  // namespace detail

namespace loss {

/// max(0, margin - pred label)^2, for labels -1 and 1, which are constants.
class SquaredHinge : public Loss<SquaredHinge> {
 public:
  /// \throws ValueError for a margin that is not finite.
  explicit SquaredHinge(HingeOptions options = {})
      : options_(detail::common_options("SquaredHinge", options)),
        margin_(detail::finite_option("SquaredHinge", "margin", options.margin)) {}

 private:
  friend Loss<SquaredHinge>;
  template <class Scalar>
  Tensor<Scalar> compute(const Tensor<Scalar>& pred, const Tensor<Scalar>& label,
                         const Tensor<Scalar>* weight) const {
    return detail::elementwise_loss("SquaredHinge", detail::SquaredHingeFunction{{margin_}},
                                    options_, pred, label, weight);
  }

  Options options_;
  double margin_;
};

}  // namespace loss

}  // namespace parton
