// SPDX-License-Identifier: MIT
#pragma once

#include <parton/loss/detail/elementwise_loss.hpp>
#include <parton/loss/loss.hpp>

namespace parton {

namespace detail {

struct L2Function : SoftLabel {
  template <class P>
  auto operator()(const P& p, const auto& z) const {
    return (p - z).square() * typename P::Scalar(0.5);
  }
  auto slope(const auto& p, const auto& z) const { return p - z; }
  auto label_slope(const auto& p, const auto& z) const { return z - p; }
};

}  // namespace detail

namespace loss {

/// (label - pred)^2 / 2, as in Gluon; PyTorch's MSELoss has no half. A label takes a gradient too.
class L2 : public Loss<L2> {
 public:
  explicit L2(Options options = {}) : options_(detail::common_options("L2", options)) {}

 private:
  friend Loss<L2>;
  template <class Scalar>
  Tensor<Scalar> compute(const Tensor<Scalar>& pred, const Tensor<Scalar>& label,
                         const Tensor<Scalar>* weight) const {
    return detail::elementwise_loss("L2", detail::L2Function{}, options_, pred, label, weight);
  }

  Options options_;
};

}  // namespace loss

}  // namespace parton
