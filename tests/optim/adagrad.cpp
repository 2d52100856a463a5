// SPDX-License-Identifier: MIT
#include <cmath>

#include <parton/optim/adagrad.hpp>
#include <parton_test/capture.hpp>

#include "toy.hpp"

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;

// PyTorch's documentation of Adagrad, line by line.
TEST_CASE("AdaGrad follows its formula, with a decaying rate and a sum that begins above 0") {
  const auto formula = [] {
    return [h = 0.3](double& w, double g, int t) mutable {
      g += 0.02 * w;
      h += g * g;
      w -= 0.1 / (1 + (t - 1) * 0.5) * g / (std::sqrt(h) + 1e-3);
    };
  };
  const optim::AdaGrad adagrad({.learning_rate = 0.1,
                                .learning_rate_decay = 0.5,
                                .epsilon = 1e-3,
                                .initial_sum = 0.3,
                                .weight_decay = 0.02});
  CHECK(parton_test::distance(parton_test::after_steps<double>(adagrad),
                              parton_test::after_formula(formula)) < 1e-14);
}

TEST_CASE("AdaGrad's options are checked when it is made") {
  check_says(message_of<ValueError>([] { optim::AdaGrad({.learning_rate_decay = -1}); }),
             {"AdaGrad: learning_rate_decay"});
  check_says(message_of<ValueError>([] { optim::AdaGrad({.epsilon = -1}); }), {"epsilon"});
  check_says(message_of<ValueError>([] { optim::AdaGrad({.initial_sum = NAN}); }), {"initial_sum"});
}
