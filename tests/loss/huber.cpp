// SPDX-License-Identifier: MIT
#include <parton/loss/huber.hpp>

#include <cmath>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("Huber is a square near the label and a line away from it") {
  check_loss(
      [](const loss::Options& o) {
        return loss::Huber({.rho = 0.8, .weight = o.weight, .batch_axis = o.batch_axis});
      },
      [](double p, double z) {
        const double d = std::abs(z - p);
        return d <= 0.8 ? d * d / 1.6 : d - 0.4;
      },
      {.soft_label = true});
  check_elements(loss::Huber(), {0.f, 0.5f, 1.f, -3.f, 1e4f}, Tensor<>::zeros({5}),
                 {0, 0.125, 0.5, 2.5, 9999.5}, {0, 0.5, 1, -1, 1});
}

TEST_CASE("rho is above 0") {
  CHECK(message_of<ValueError>([] { loss::Huber({.rho = -1}); }) ==
        "Huber: rho must be a finite number above 0, not -1");
  CHECK_THROWS_AS(loss::Huber({.rho = 0}), ValueError);
  CHECK_THROWS_AS(loss::Huber({.rho = INFINITY}), ValueError);
  CHECK_THROWS_AS(loss::Huber({.rho = NAN}), ValueError);
}
