// SPDX-License-Identifier: MIT
#pragma once

#include <parton/loss/detail/elementwise_loss.hpp>
#include <parton/loss/loss.hpp>

namespace parton {

namespace detail {

struct L1Function : SoftLabel {
  auto operator()(const auto& p, const auto& z) const { return (p - z).abs(); }
  auto slope(const auto& p, const auto& z) const { return (p - z).sign(); }
  auto label_slope(const auto& p, const auto& z) const { return (z - p).sign(); }
};

}  // namespace detail

namespace loss {

/// |label - pred|. Of equal values the derivative is 0. A label takes a gradient too.
class L1 : public Loss<L1> {
 public:
  explicit L1(Options options = {}) : options_(detail::common_options("L1", options)) {}

 private:
  friend Loss<L1>;
  template <class Scalar>
  Tensor<Scalar> compute(const Tensor<Scalar>& pred, const Tensor<Scalar>& label,
                         const Tensor<Scalar>* weight) const {
    return detail::elementwise_loss("L1", detail::L1Function{}, options_, pred, label, weight);
  }

  Options options_;
};

}  // namespace loss

}  // namespace parton
