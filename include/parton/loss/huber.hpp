// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include <parton/loss/detail/elementwise_loss.hpp>
#include <parton/loss/loss.hpp>
#include <parton/ops/detail/activation_functions.hpp>

namespace parton {

namespace detail {

/// With a = min(d, rho) both cases are a (d - a / 2) / rho.
struct HuberFunction : SoftLabel {
  double rho;
  template <class P>
  auto operator()(const P& p, const auto& z) const {
    using T = typename P::Scalar;
    const auto d = (p - z).abs();
    const auto a = min_of(d, constant_like(p, T(rho)));
    return a * (d - a * T(0.5)) * T(1 / rho);
  }
  template <class P>
  auto slope(const P& p, const auto& z) const {
    using T = typename P::Scalar;
    const auto most = constant_like(p, T(rho));
    return max_of(min_of(p - z, most), -most) * T(1 / rho);
  }
  auto label_slope(const auto& p, const auto& z) const { return -slope(p, z); }
};

}  // namespace detail

namespace loss {

struct HuberOptions {
  double rho = 1;  ///< Where the square passes into the line: above 0.
  double weight = 1;
  Index batch_axis = 0;
};

/// d^2 / (2 rho) where d = |label - pred| <= rho, else d - rho / 2 (Huber 1964, scaled as in Gluon;
/// PyTorch's SmoothL1Loss with beta = rho). A label takes a gradient too.
class Huber : public Loss<Huber> {
 public:
  /// \throws ValueError unless rho is a finite number above 0.
  explicit Huber(HuberOptions options = {})
      : options_(detail::common_options("Huber", options)),
        rho_(detail::checked_option("Huber", "rho", options.rho,
                                    options.rho > 0 && std::isfinite(options.rho),
                                    "a finite number above 0")) {}

 private:
  friend Loss<Huber>;
  template <class Scalar>
  Tensor<Scalar> compute(const Tensor<Scalar>& pred, const Tensor<Scalar>& label,
                         const Tensor<Scalar>* weight) const {
    return detail::elementwise_loss("Huber", detail::HuberFunction{{}, rho_}, options_, pred, label,
                                    weight);
  }

  Options options_;
  double rho_;
};

}  // namespace loss

}  // namespace parton
