// SPDX-License-Identifier: MIT
#include <parton/loss/poisson_nll.hpp>

#include <cmath>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("PoissonNLL of a logarithm of the rate, and of the rate") {
  check_loss(
      [](const loss::Options& o) {
        return loss::PoissonNLL({.weight = o.weight, .batch_axis = o.batch_axis});
      },
      [](double p, double z) { return std::exp(p) - z * p; }, {.label_low = 0, .label_high = 4});
  check_loss(
      [](const loss::Options& o) {
        return loss::PoissonNLL(
            {.from_logits = false, .weight = o.weight, .batch_axis = o.batch_axis});
      },
      [](double p, double z) { return p - z * std::log(p + 1e-8); },
      {.low = 0.2, .high = 4, .label_low = 0, .label_high = 4});
}

TEST_CASE("the full PoissonNLL adds Stirling's approximation of log(label!) above 1") {
  const auto term = [](double z) {
    return z > 1 ? z * std::log(z) - z + std::log(2 * std::acos(-1.0) * z) / 2 : 0;
  };
  check_elements(
      loss::PoissonNLL({.from_logits = false, .compute_full = true}), {1.f, 2.f, 3.f, 3.f},
      {0.f, 1.f, 3.f, 30.f},
      {1, 2 - std::log(2.), 3 - 3 * std::log(3.) + term(3), 3 - 30 * std::log(3.) + term(30)},
      {1, 0.5, 0, -9});
  check_elements(loss::PoissonNLL({.compute_full = true}), {0.f, -1e4f}, {0.f, 2.f},
                 {1, 2e4 + term(2)}, {1, -2});
}
