// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <cmath>
#include <parton/init/variance_scaling.hpp>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;

// Var(w) = scale / fan by definition. (200, 300): fan_in 300, fan_out 200, mean 250; n = 60000, so
// 1.5% is five standard errors of a deviation.
TEST_CASE("VarianceScaling has the variance scale / fan with every distribution") {
  for (const auto type : {init::uniform, init::gaussian, init::truncated}) {
    const auto deviation = [type](init::FactorType mode, double scale) {
      return parton_test::deviation(sample(
          init::VarianceScaling({.scale = scale, .mode = mode, .distribution = type}), {200, 300}));
    };
    CHECK(deviation(init::in, 1) == Approx(std::sqrt(1 / 300.0)).epsilon(0.015));
    CHECK(deviation(init::out, 2) == Approx(std::sqrt(2 / 200.0)).epsilon(0.015));
    CHECK(deviation(init::avg, 0.5) == Approx(std::sqrt(0.5 / 250)).epsilon(0.015));
  }
}

TEST_CASE("VarianceScaling is bounded where its distribution is") {
  const double s = std::sqrt(3 / 300.0), cut = 2 * std::sqrt(1 / 300.0) / 0.879626;
  const Tensor<> u = sample(init::VarianceScaling({.distribution = init::uniform}), {200, 300});
  CHECK(parton_test::largest(u) <= s * (1 + 1e-7));
  CHECK(parton_test::largest(u) > 0.999 * s);
  const Tensor<> t = sample(init::VarianceScaling(), {200, 300});
  CHECK(parton_test::largest(t) <= cut * (1 + 1e-6));
  CHECK(parton_test::largest(t) > 0.99 * cut);
}

TEST_CASE("an empty parameter and a scale of 0 are no trouble") {
  CHECK(sample(init::VarianceScaling(), {0, 20}).size() == 0);
  CHECK(sample(init::VarianceScaling({.scale = 0}), {2, 2}) == Tensor<>::zeros({2, 2}));
}

TEST_CASE("bad options of VarianceScaling are found at once") {
  CHECK_THAT(message_of([] { init::VarianceScaling({.scale = -1}); }),
             ContainsSubstring("scale") && ContainsSubstring("-1"));
  CHECK_THAT(message_of([] { init::VarianceScaling({.mode = static_cast<init::FactorType>(7)}); }),
             ContainsSubstring("mode must be 'avg', 'in' or 'out', not 7"));
  CHECK_THAT(
      message_of([] { init::VarianceScaling({.distribution = static_cast<init::RandomType>(3)}); }),
      ContainsSubstring("'uniform', 'gaussian' or 'truncated', not 3"));
}

TEST_CASE("VarianceScaling dumps its options") {
  CHECK(init::VarianceScaling({.scale = 2, .mode = init::out}).dump() ==
        R"(["variancescaling", {"scale": 2, "mode": "out", "distribution": "truncated"}])");
}
