// SPDX-License-Identifier: MIT
#include <parton/loss/l2.hpp>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("L2 is half the mean squared distance") {
  check_loss([](const loss::Options& o) { return loss::L2(o); },
             [](double p, double z) { return (z - p) * (z - p) / 2; }, {.soft_label = true});
  check_elements(loss::L2(), {1.f, 2.f, 1e4f}, {1.f, 5.f, -1e4f}, {0, 4.5, 2e8}, {0, -3, 2e4});
}

TEST_CASE("L2 of the reference's outputs 1 2 3 4 and labels 1 3 5 7") {
  const Tensor output{1.f, 2.f, 3.f, 4.f}, label{1.f, 3.f, 5.f, 7.f}, weight{.5f, 1.f, .5f, 1.f};
  CHECK(loss::L2()(output, label).flat().sum() == 7);
  CHECK(loss::L2({.weight = 0.25})(output, label).flat().sum() == 1.75f);
  CHECK(loss::L2()(output, label, weight).flat().sum() == 6);
}
