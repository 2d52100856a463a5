// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include <parton/loss/detail/elementwise_loss.hpp>
#include <parton/loss/loss.hpp>
#include <parton/ops/detail/activation_functions.hpp>

namespace parton {

namespace detail {

/// log(z!) by Stirling's formula where z > 1, else 0.
template <class Z>
auto stirling(const Z& z) {
  using T = typename Z::Scalar;
  return z.unaryExpr([](T v) {
    constexpr double two_pi = 6.28318530717958647693;
    const auto x = static_cast<double>(v);
    return x > 1 ? static_cast<T>(x * std::log(x) - x + 0.5 * std::log(two_pi * x)) : T(0);
  });
}

/// exp(p) - z p
struct PoissonFromLogits {
  auto operator()(const auto& p, const auto& z) const { return Exp{}(p)-z * p; }
  auto slope(const auto& p, const auto& z) const { return Exp{}(p)-z; }
};
/// p - z log(p + 1e-8)
struct PoissonFromRate {
  static constexpr double epsilon = 1e-8;
  template <class P>
  auto operator()(const P& p, const auto& z) const {
    return p - z * (p + typename P::Scalar(epsilon)).log();
  }
  template <class P>
  auto slope(const P& p, const auto& z) const {
    using T = typename P::Scalar;
    return T(1) - z / (p + T(epsilon));
  }
};
template <class Function>
struct FullPoisson : Function {
  auto operator()(const auto& p, const auto& z) const {
    return Function::operator()(p, z) + stirling(z);
  }
};

}  // namespace detail

namespace loss {

struct PoissonNLLOptions {
  bool from_logits = true;    ///< pred is the logarithm of the rate, not the rate.
  bool compute_full = false;  ///< Adds Stirling's approximation of log(label!).
  double weight = 1;
  Index batch_axis = 0;
};

/// The negative log-likelihood of a count under a Poisson distribution: exp(pred) - label pred, or
/// with `from_logits` false pred - label log(pred + 1e-8), without the term log(label!).
///
/// `compute_full` adds label log(label) - label + log(2 pi label) / 2 where label > 1. Labels are
/// constants. One value per sample, as every loss here; Gluon's gives the mean over the batch.
class PoissonNLL : public Loss<PoissonNLL> {
 public:
  explicit PoissonNLL(PoissonNLLOptions options = {})
      : options_(detail::common_options(name, options)),
        from_logits_(options.from_logits),
        full_(options.compute_full) {}

 private:
  static constexpr const char* name = "PoissonNLL";

  friend Loss<PoissonNLL>;
  template <class Scalar>
  Tensor<Scalar> compute(const Tensor<Scalar>& pred, const Tensor<Scalar>& label,
                         const Tensor<Scalar>* weight) const {
    const auto with = [&](const auto& f) {
      return detail::elementwise_loss(name, f, options_, pred, label, weight);
    };
    if (from_logits_)
      return full_ ? with(detail::FullPoisson<detail::PoissonFromLogits>{})
                   : with(detail::PoissonFromLogits{});
    return full_ ? with(detail::FullPoisson<detail::PoissonFromRate>{})
                 : with(detail::PoissonFromRate{});
  }

  Options options_;
  bool from_logits_;
  bool full_;
};

}  // namespace loss

}  // namespace parton
