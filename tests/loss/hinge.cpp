// SPDX-License-Identifier: MIT
#include <parton/loss/hinge.hpp>

#include <algorithm>
#include <cmath>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("Hinge is what the margin lacks") {
  check_loss(
      [](const loss::Options& o) {
        return loss::Hinge({.margin = 0.5, .weight = o.weight, .batch_axis = o.batch_axis});
      },
      [](double p, double z) { return std::max(0.0, 0.5 - p * z); }, {.signs = true});
  check_elements(loss::Hinge(), {0.f, 2.f, -2.f, 1e4f, 1e4f}, {1.f, 1.f, 1.f, -1.f, 1.f},
                 {1, 0, 3, 10001, 0}, {-1, 0, -1, 1, 0});
}

TEST_CASE("a margin is finite") {
  CHECK(message_of<ValueError>([] { loss::Hinge({.margin = INFINITY}); }) ==
        "Hinge: margin must be a finite number, not inf");
}
