// SPDX-License-Identifier: MIT
#include <parton/loss/l1.hpp>

#include <cmath>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("L1 is the mean distance") {
  check_loss([](const loss::Options& o) { return loss::L1(o); },
             [](double p, double z) { return std::abs(z - p); }, {.soft_label = true});
  check_elements(loss::L1(), {1.f, 2.f, 3e4f}, {1.f, 5.f, -3e4f}, {0, 3, 6e4}, {0, -1, 1});
}

TEST_CASE("L1 of the reference's outputs 1 2 3 4 and labels 1 3 5 7") {
  const Tensor output{1.f, 2.f, 3.f, 4.f}, label{1.f, 3.f, 5.f, 7.f}, weight{.5f, 1.f, .5f, 1.f};
  CHECK(loss::L1()(output, label).flat().sum() == 6);
  CHECK(loss::L1({.weight = 0.5})(output, label).flat().sum() == 3);
  CHECK(loss::L1()(output, label, weight).flat().sum() == 5);
}
