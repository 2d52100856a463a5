// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include <parton/optim/adam.hpp>
#include <parton_test/capture.hpp>

#include "toy.hpp"

using namespace parton;
using parton_test::after_formula;
using parton_test::after_steps;
using parton_test::check_says;
using parton_test::distance;
using parton_test::message_of;

namespace {

/// PyTorch's documentation of Adam and AdamW, line by line.
auto adam_formula(bool decoupled, bool amsgrad) {
  return [=] {
    return [=, m = 0.0, v = 0.0, largest = 0.0](double& w, double g, int t) mutable {
      g = std::clamp(g, -0.4, 0.4);
      if (decoupled)
        w -= 0.01 * 0.1 * w;
      else
        g += 0.1 * w;
      m = 0.8 * m + 0.2 * g;
      v = 0.95 * v + 0.05 * g * g;
      largest = std::max(largest, v);
      const double corrected = (amsgrad ? largest : v) / (1 - std::pow(0.95, t));
      w -= 0.01 * (m / (1 - std::pow(0.8, t))) / (std::sqrt(corrected) + 1e-6);
    };
  };
}

template <class Optimizer, class Options>
Optimizer adam_with(bool amsgrad) {
  return Optimizer(Options{.learning_rate = 0.01,
                           .beta1 = 0.8,
                           .beta2 = 0.95,
                           .epsilon = 1e-6,
                           .weight_decay = 0.1,
                           .clip_gradient = 0.4,
                           .amsgrad = amsgrad});
}

}  // namespace

TEST_CASE("Adam follows its formula, with and without amsgrad") {
  for (const bool amsgrad : {false, true}) {
    const auto adam = adam_with<optim::Adam, optim::AdamOptions>(amsgrad);
    const Tensor<double> expected = after_formula(adam_formula(false, amsgrad), 12);
    CHECK(distance(after_steps<double>(adam, 12), expected) < 1e-14);
    CHECK(distance(after_steps<float>(adam, 12), expected) < 1e-6);
  }
}

TEST_CASE("AdamW decays the values themselves") {
  for (const bool amsgrad : {false, true}) {
    const auto adamw = adam_with<optim::AdamW, optim::AdamWOptions>(amsgrad);
    CHECK(distance(after_steps<double>(adamw, 12), after_formula(adam_formula(true, amsgrad), 12)) <
          1e-14);
  }
}

// Section 8 of the reference has Gluon's numbers, -0.00099999968 and -0.00199999946: its epsilon is
// not corrected, so they differ in the seventh digit.
TEST_CASE("a constant gradient of 1 moves Adam by the learning rate") {
  const auto parameter = parton_test::toy<double>("w", {0.0});
  optim::Trainer trainer(parton_test::dict_of<double>({parameter}), optim::Adam());
  for (int t = 1; t <= 2; ++t) {
    parton_test::give_gradient(*parameter, Tensor<double>{1.0});
    trainer.step(1);
    CHECK(parameter->data().item() == Approx(-0.001 * t / (1 + 1e-8)).epsilon(1e-12));
  }
}

TEST_CASE("Adam's options are checked when it is made") {
  check_says(message_of<ValueError>([] { optim::Adam({.beta1 = 1}); }),
             {"Adam: beta1", "below 1", "not 1"});
  check_says(message_of<ValueError>([] { optim::AdamW({.beta2 = -0.1}); }), {"AdamW: beta2"});
  check_says(message_of<ValueError>([] { optim::AdamW({.epsilon = -1}); }), {"AdamW: epsilon"});
  check_says(message_of<ValueError>([] { optim::Adam({.learning_rate = NAN}); }),
             {"Adam: learning_rate"});
}
