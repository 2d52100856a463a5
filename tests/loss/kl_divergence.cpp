// SPDX-License-Identifier: MIT
#include <parton/loss/kl_divergence.hpp>

#include <cmath>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("KLDivergence compares probabilities with log-probabilities") {
  check_loss(
      [](const loss::Options& o) {
        return loss::KLDivergence({.weight = o.weight, .batch_axis = o.batch_axis});
      },
      [](double p, double z) { return z * (std::log(z + 1e-12) - p); },
      {.low = -3, .high = 0, .label_low = 0.05, .label_high = 1, .soft_label = true});
  check_elements(loss::KLDivergence(), {-1e4f, -1e4f, 0.f}, {0.f, 0.5f, 1.f},
                 {0, 0.5 * (std::log(0.5) + 1e4), 0}, {0, -0.5, -1});
}

TEST_CASE("KLDivergence from logits that are not normalized yet, along an axis") {
  const loss::KLDivergence loss({.from_logits = false, .axis = 1});
  const Tensor<double> label = random_input({2, 3, 2}, 6, 0.1, 1);
  const Tensor<double> pred = random_input({2, 3, 2}, 7);
  CHECK(loss(pred, label) == loss::KLDivergence()(log_softmax(pred, 1), label));
  check_gradients([&](const auto& in) { return loss(in[0], in[1]); }, {pred, label});
}
