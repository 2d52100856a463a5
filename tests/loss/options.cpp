// SPDX-License-Identifier: MIT
#include <parton/loss/options.hpp>

#include <cmath>

#include <parton/loss/l2.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using namespace parton_test;

TEST_CASE("the weight of a loss is a finite number") {
  CHECK(loss::Options().weight == 1);
  CHECK(loss::Options().batch_axis == 0);
  CHECK(message_of<ValueError>([] { loss::L2({.weight = INFINITY}); }) ==
        "L2: weight must be a finite number, not inf");
  CHECK_THROWS_AS(loss::L2({.weight = NAN}), ValueError);
}
