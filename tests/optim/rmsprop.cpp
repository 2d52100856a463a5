// SPDX-License-Identifier: MIT
#include <cmath>

#include <parton/optim/rmsprop.hpp>
#include <parton_test/capture.hpp>

#include "toy.hpp"

using namespace parton;
using parton_test::after_formula;
using parton_test::after_steps;
using parton_test::check_says;
using parton_test::distance;
using parton_test::message_of;

// PyTorch's documentation of RMSprop, line by line.
TEST_CASE("RMSProp follows its formula, centered and with momentum or not") {
  for (const bool centered : {false, true}) {
    for (const double momentum : {0.0, 0.7}) {
      const auto formula = [=] {
        return [=, v = 0.0, a = 0.0, b = 0.0](double& w, double g, int) mutable {
          g += 0.02 * w;
          v = 0.9 * v + 0.1 * g * g;
          a = centered ? 0.9 * a + 0.1 * g : 0;
          b = momentum * b + g / (std::sqrt(v - a * a) + 1e-4);
          w -= 0.01 * b;
        };
      };
      const optim::RMSProp rmsprop({.learning_rate = 0.01,
                                    .alpha = 0.9,
                                    .epsilon = 1e-4,
                                    .momentum = momentum,
                                    .centered = centered,
                                    .weight_decay = 0.02});
      CHECK(distance(after_steps<double>(rmsprop, 8), after_formula(formula, 8)) < 1e-13);
    }
  }
}

TEST_CASE("RMSProp's options are checked when it is made") {
  check_says(message_of<ValueError>([] { optim::RMSProp({.alpha = 1}); }), {"RMSProp: alpha"});
  check_says(message_of<ValueError>([] { optim::RMSProp({.epsilon = NAN}); }), {"epsilon"});
  check_says(message_of<ValueError>([] { optim::RMSProp({.momentum = -1}); }), {"momentum", "-1"});
}
