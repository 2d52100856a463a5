// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <cmath>
#include <parton/init/xavier.hpp>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;

// Gluon's case 61; the bounds are those of reference/gluon_semantics.md 6.1.
TEST_CASE("Xavier's uniform bounds are those of the reference") {
  const auto bound = [](init::FactorType type, const Shape& shape) {
    return parton_test::largest(sample(init::Xavier({.factor_type = type}), shape));
  };
  const auto reaches = [](double found, double expected) {
    CHECK(found <= expected * (1 + 1e-5));
    CHECK(found > expected * 0.99);
  };
  reaches(bound(init::avg, {256, 20}), 0.147442);
  reaches(bound(init::avg, {64, 3, 3, 3}), 0.0997509);
  reaches(bound(init::in, {64, 3, 3, 3}), 0.333333);
  reaches(bound(init::out, {64, 3, 3, 3}), 0.0721688);
}

TEST_CASE("a gaussian Xavier has the bound's formula as its deviation") {
  const auto deviation = [](const init::XavierOptions& options) {
    return parton_test::deviation(sample(init::Xavier(options), {256, 200}));
  };
  // n = 51200: five standard errors are 1.6%.
  CHECK(deviation({.rnd_type = init::gaussian}) == Approx(std::sqrt(3 / 228.0)).epsilon(0.016));
  CHECK(deviation({.rnd_type = init::gaussian, .factor_type = init::in, .magnitude = 2}) ==
        Approx(std::sqrt(2 / 200.0)).epsilon(0.016));
  CHECK(deviation({.rnd_type = init::gaussian, .factor_type = init::out}) ==
        Approx(std::sqrt(3 / 256.0)).epsilon(0.016));
}

TEST_CASE("Xavier takes its options in a row too, and Glorot is another name") {
  CHECK(init::Xavier(init::gaussian, init::in, 2).dump() ==
        init::Xavier({.rnd_type = init::gaussian, .factor_type = init::in, .magnitude = 2}).dump());
  CHECK(sample(init::Glorot(), {20, 30}) == sample(init::Xavier(), {20, 30}));
}

TEMPLATE_TEST_CASE("Xavier fits every scalar", "", double, Eigen::half, Eigen::bfloat16) {
  const Tensor<TestType> w = sample<TestType>(init::Xavier(), {256, 20});
  CHECK(parton_test::largest(w) <= 0.147442 * 1.00001);
  CHECK(parton_test::largest(w) > 0.1455);
}

TEST_CASE("Xavier on a vector is an error that names the parameter") {
  CHECK_THAT(message_of([] { sample(init::Xavier(), {10}, "dense0_bias"); }),
             ContainsSubstring("init::Xavier") && ContainsSubstring("'dense0_bias'") &&
                 ContainsSubstring("(10,)"));
  CHECK_THAT(message_of([] { sample(init::Glorot(), {10}, "dense0_bias"); }),
             ContainsSubstring("init::Glorot"));
}

TEST_CASE("bad options of Xavier are found at once") {
  CHECK_THAT(message_of([] { init::Xavier({.magnitude = -3}); }),
             ContainsSubstring("magnitude") && ContainsSubstring("-3"));
  CHECK_THROWS_AS(init::Xavier({.factor_type = static_cast<init::FactorType>(9)}),
                  InitializerError);
  CHECK_THROWS_AS(init::Xavier({.rnd_type = static_cast<init::RandomType>(-1)}), InitializerError);
}

TEST_CASE("Xavier dumps as in Gluon") {
  CHECK(init::Xavier().dump() ==
        R"(["xavier", {"rnd_type": "uniform", "factor_type": "avg", "magnitude": 3}])");
  CHECK(init::Xavier({.magnitude = 2.24}).dump() ==
        R"(["xavier", {"rnd_type": "uniform", "factor_type": "avg", "magnitude": 2.24}])");
}
