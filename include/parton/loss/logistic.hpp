// SPDX-License-Identifier: MIT
#pragma once

#include <parton/loss/detail/elementwise_loss.hpp>
#include <parton/loss/loss.hpp>
#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/fused.hpp>

namespace parton {

namespace detail {

/// relu(p) - p y + softplus(-|p|) with y = (z + 1) / 2 of a signed label.
struct LogisticFunction {
  bool is_signed;
  template <class Z>
  auto binary(const Z& z) const {
    using T = typename Z::Scalar;
    return z * T(is_signed ? 0.5 : 1) + T(is_signed ? 0.5 : 0);
  }
  auto operator()(const auto& p, const auto& z) const {
    return positive_part(p) - p * binary(z) + Exp{}(-p.abs()).log1p();
  }
  auto slope(const auto& p, const auto& z) const { return Sigmoid{}(p)-binary(z); }
};

}  // namespace detail

namespace loss {

enum class LabelFormat { signed_labels, binary };

struct LogisticOptions {
  LabelFormat label_format = LabelFormat::signed_labels;  ///< -1 and 1, or binary: 0 and 1.
  double weight = 1;
  Index batch_axis = 0;
};

/// log(1 + exp(-pred label)) of labels -1 and 1, or the same of labels 0 and 1, where 0 stands for
/// -1. Labels are constants.
class Logistic : public Loss<Logistic> {
 public:
  explicit Logistic(LogisticOptions options = {})
      : options_(detail::common_options("Logistic", options)),
        signed_(options.label_format == LabelFormat::signed_labels) {}

 private:
  friend Loss<Logistic>;
  template <class Scalar>
  Tensor<Scalar> compute(const Tensor<Scalar>& pred, const Tensor<Scalar>& label,
                         const Tensor<Scalar>* weight) const {
    return detail::elementwise_loss("Logistic", detail::LogisticFunction{signed_}, options_, pred,
                                    label, weight);
  }

  Options options_;
  bool signed_;
};

}  // namespace loss

}  // namespace parton
