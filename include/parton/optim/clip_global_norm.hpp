// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <limits>

#include <parton/parameter/dict.hpp>
#include <parton/warning.hpp>

namespace parton::optim {

namespace detail {

/// The sum of squares, in double: in eight sums side by side, so that they do not wait for each
/// other.
template <class Scalar>
double sum_of_squares(const Scalar* x, Index n) noexcept {
  constexpr Index lanes = 8;
  double sums[lanes] = {};
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (Index k = 0; k < lanes; ++k) {
      const auto v = static_cast<double>(x[i + k]);
      sums[k] += v * v;
    }
  }
  for (; i < n; ++i) {
    const auto v = static_cast<double>(x[i]);
    sums[0] += v * v;
  }
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

}  // namespace detail

/// Scales the gradients of all parameters by one factor, so that the norm of all of them together
/// is at most `max_norm`, and returns what it was before.
///
///     gradient = gradient min(1, max_norm / (norm + 1e-8))
///
/// It is meant to be called between backward and Trainer::step, which divides by the batch size:
/// for a loss that is summed over a batch pass `max_norm * batch_size`. Parameters that are not
/// initialized, frozen, or that no backward has reached count as zero. A norm that is not finite is
/// a warning, and the gradients stay as they are. Source: Pascanu et al. 2013; Gluon's
/// clip_global_norm, which scales by NaN then.
/// \throws ValueError unless max_norm is above 0.
template <class Scalar>
double clip_global_norm(const ParameterDict<Scalar>& parameters, double max_norm) {
  if (!(max_norm > 0)) throw errors::bad_max_norm(max_norm);
  double sum = 0;
  for (const auto& [name, parameter] : parameters) {
    if (!parameter.has_grad()) continue;
    const Tensor<Scalar> gradient = parameter.grad();
    sum += detail::sum_of_squares(gradient.data(), gradient.size());
  }
  const double norm = std::sqrt(sum);
  if (!(norm <= std::numeric_limits<double>::max())) {
    warn("clip_global_norm: the norm of the gradients is " + errors::shown(norm) +
         ", so they were not clipped; a Trainer with {.check_finite = true} says which one it is");
    return norm;
  }
  const double factor = max_norm / (norm + 1e-8);
  if (factor >= 1) return norm;
  for (const auto& [name, parameter] : parameters) {
    if (!parameter.has_grad()) continue;
    Tensor<Scalar> gradient = parameter.grad();
    gradient *= factor;
  }
  return norm;
}

}  // namespace parton::optim
