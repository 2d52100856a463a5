// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <cmath>
#include <parton/init/he.hpp>

using namespace parton;
using parton_test::deviation;
using parton_test::message_of;
using parton_test::sample;

// Gluon's case 61: std .116791 on (256, 20), where n = 5120 makes five standard errors 5%.
TEST_CASE("MSRAPrelu has the deviation of the reference") {
  CHECK(deviation(sample(init::MSRAPrelu(), {256, 20})) == Approx(0.116791).epsilon(0.05));
  CHECK(deviation(sample(init::MSRAPrelu(init::in, 0), {300, 200})) ==
        Approx(std::sqrt(2 / 200.0)).epsilon(0.015));
}

// Var = 2 / ((1 + slope^2) fan), as PyTorch's kaiming_normal_ and kaiming_uniform_ document.
TEST_CASE("He has the variance that a ReLU asks for") {
  CHECK(deviation(sample(init::He(), {300, 200})) == Approx(0.1).epsilon(0.015));
  CHECK(deviation(sample(init::He({.factor_type = init::out, .slope = 0.5}), {300, 200})) ==
        Approx(std::sqrt(2 / 1.25 / 300)).epsilon(0.015));
  const Tensor<> w = sample(init::He({.rnd_type = init::uniform, .slope = 1}), {300, 200});
  CHECK(parton_test::largest(w) <= std::sqrt(3 / 200.0) * (1 + 1e-7));
  CHECK(parton_test::largest(w) > std::sqrt(3 / 200.0) * 0.999);
  CHECK(sample(init::Kaiming(), {20, 30}) == sample(init::He(), {20, 30}));
}

TEST_CASE("LeCun has the variance 1 / fan_in") {
  CHECK(deviation(sample(init::LeCun(), {300, 200})) ==
        Approx(std::sqrt(1 / 200.0)).epsilon(0.015));
  const Tensor<> w = sample(init::LeCun({.rnd_type = init::uniform}), {300, 200});
  CHECK(parton_test::largest(w) <= std::sqrt(3 / 200.0) * (1 + 1e-7));
  CHECK(parton_test::largest(w) > std::sqrt(3 / 200.0) * 0.999);
}

TEST_CASE("the rules of He need a fan and say which parameter has none") {
  CHECK_THAT(message_of([] { sample(init::He(), {3}, "b"); }),
             ContainsSubstring("init::He cannot fill the parameter 'b'"));
  CHECK_THAT(message_of([] { sample(init::Kaiming(), {3}, "b"); }),
             ContainsSubstring("init::Kaiming"));
  CHECK_THAT(message_of([] { sample(init::MSRAPrelu(), {}, "b"); }),
             ContainsSubstring("init::MSRAPrelu"));
  CHECK_THAT(message_of([] { sample(init::LeCun(), {3}, "b"); }), ContainsSubstring("init::LeCun"));
}

TEST_CASE("bad options of He are found at once") {
  CHECK_THAT(message_of([] { init::He({.slope = std::nan("")}); }),
             ContainsSubstring("init::He: slope must be finite, not"));
  CHECK_THROWS_AS(init::MSRAPrelu(static_cast<init::FactorType>(4)), InitializerError);
  CHECK_THROWS_AS(init::LeCun({.rnd_type = static_cast<init::RandomType>(4)}), InitializerError);
}

TEST_CASE("the rules of He dump their options, MSRAPrelu as in Gluon") {
  CHECK(init::MSRAPrelu().dump() == R"(["msraprelu", {"factor_type": "avg", "slope": 0.25}])");
  CHECK(init::He().dump() ==
        R"(["he", {"rnd_type": "gaussian", "factor_type": "in", "slope": 0}])");
  CHECK(init::Kaiming({.slope = 0.1}).dump() ==
        R"(["kaiming", {"rnd_type": "gaussian", "factor_type": "in", "slope": 0.1}])");
  CHECK(init::LeCun().dump() == R"(["lecun", {"rnd_type": "gaussian", "factor_type": "in"}])");
}
