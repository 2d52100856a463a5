// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include <parton/optim/sgd.hpp>
#include <parton_test/capture.hpp>

#include "toy.hpp"

using namespace parton;
using parton_test::after_formula;
using parton_test::after_steps;
using parton_test::check_says;
using parton_test::distance;
using parton_test::message_of;

// w = w - lr (clip(g) + wd w)
TEST_CASE(
    "SGD without momentum follows its formula, clips before it decays, divides by the batch") {
  const auto formula = [] {
    return [](double& w, double g, int) { w -= 0.2 * (std::clamp(g, -0.3, 0.3) + 0.01 * w); };
  };
  const optim::SGD sgd({.learning_rate = 0.2, .weight_decay = 0.01, .clip_gradient = 0.3});
  CHECK(distance(after_steps<double>(sgd), after_formula(formula)) < 1e-15);
  CHECK(distance(after_steps<double>(sgd, 5, 8), after_formula(formula)) < 1e-14);
  CHECK(distance(after_steps<float>(sgd), after_formula(formula)) < 1e-6);
}

// PyTorch: the buffer begins as the first gradient, without dampening.
TEST_CASE("momentum, dampening and Nesterov's momentum follow PyTorch's formulas") {
  const auto formula = [](bool nesterov, double dampening) {
    return [=] {
      return [=, b = 0.0](double& w, double g, int t) mutable {
        g += 0.01 * w;
        b = t == 1 ? g : 0.9 * b + (1 - dampening) * g;
        w -= 0.1 * (nesterov ? g + 0.9 * b : b);
      };
    };
  };
  const auto sgd = [](bool nesterov, double dampening) {
    return optim::SGD({.learning_rate = 0.1,
                       .momentum = 0.9,
                       .dampening = dampening,
                       .nesterov = nesterov,
                       .weight_decay = 0.01});
  };
  CHECK(distance(after_steps<double>(sgd(false, 0)), after_formula(formula(false, 0))) < 1e-15);
  CHECK(distance(after_steps<double>(sgd(false, 0.5)), after_formula(formula(false, 0.5))) < 1e-15);
  CHECK(distance(after_steps<double>(sgd(true, 0)), after_formula(formula(true, 0))) < 1e-15);
  // The buffer is float, so only the values are rounded.
  CHECK(distance(after_steps<Eigen::bfloat16>(sgd(true, 0)), after_formula(formula(true, 0))) <
        0.02);
}

TEST_CASE("SGD's options are checked when it is made") {
  check_says(message_of<ValueError>([] { optim::SGD({.learning_rate = -1}); }),
             {"SGD", "learning_rate", "-1"});
  check_says(message_of<ValueError>([] { optim::SGD({.momentum = -0.5}); }), {"momentum", "-0.5"});
  check_says(message_of<ValueError>([] { optim::SGD({.dampening = -0.5}); }), {"dampening"});
  check_says(message_of<ValueError>([] { optim::SGD({.weight_decay = NAN}); }),
             {"weight_decay", "nan"});
  check_says(message_of<ValueError>([] { optim::SGD({.clip_gradient = INFINITY}); }),
             {"clip_gradient", "inf"});
  check_says(message_of<ValueError>([] { optim::SGD({.nesterov = true}); }),
             {"nesterov", "momentum is 0"});
}
