// SPDX-License-Identifier: MIT
#include <parton/loss/squared_hinge.hpp>

#include <algorithm>
#include <cmath>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("SquaredHinge is the square of what the margin lacks") {
  check_loss(
      [](const loss::Options& o) {
        return loss::SquaredHinge({.margin = 0.5, .weight = o.weight, .batch_axis = o.batch_axis});
      },
      [](double p, double z) { return std::pow(std::max(0.0, 0.5 - p * z), 2); }, {.signs = true});
  check_elements(loss::SquaredHinge(), {0.f, 2.f, -2.f}, {1.f, 1.f, 1.f}, {1, 0, 9}, {-2, 0, -6});
  check_says(message_of<ValueError>([] { loss::SquaredHinge({.margin = NAN}); }),
             {"SquaredHinge: margin must be a finite number"});
}
