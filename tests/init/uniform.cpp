// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <cmath>
#include <limits>
#include <parton/init/uniform.hpp>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;

// U(-s, s) has mean 0 and deviation s / sqrt(3). With n = 40000 values the standard error of the
// mean is 0.5% of the deviation and that of the deviation itself 0.22% (from the fourth moment
// 9/5); the tolerances are five of them. The seed is fixed.
TEST_CASE("Uniform lies within its scale and has the deviation of a uniform distribution") {
  const Tensor<> w = sample(init::Uniform(), {200, 200});
  CHECK(parton_test::largest(w) <= 0.07f);
  CHECK(parton_test::largest(w) > 0.0699);
  CHECK(std::abs(parton_test::mean(w)) < 5 * 0.005 * 0.0404);
  CHECK(parton_test::deviation(w) == Approx(0.07 / std::sqrt(3.0)).epsilon(0.011));
}

TEST_CASE("Uniform may have two ends") {
  const Tensor<double> w = sample<double>(init::Uniform(2, 3), {10000});
  CHECK(w.array().minCoeff() >= 2);
  CHECK(w.array().maxCoeff() < 3);
  CHECK(w.array().minCoeff() < 2.002);
  CHECK(w.array().maxCoeff() > 2.998);
}

TEMPLATE_TEST_CASE("Uniform fits every scalar", "", double, Eigen::half, Eigen::bfloat16) {
  const Tensor<TestType> w = sample<TestType>(init::Uniform(0.5), {10000});
  CHECK(parton_test::largest(w) <= 0.5);
  CHECK(parton_test::deviation(w) == Approx(0.5 / std::sqrt(3.0)).epsilon(0.022));
}

TEST_CASE("a scale of 0 gives zeros") {
  CHECK(sample(init::Uniform(0), {3}) == Tensor<>::zeros({3}));
}

TEST_CASE("a bad range is an error that names the option and the value") {
  CHECK_THAT(message_of([] { init::Uniform(-0.07); }), ContainsSubstring("init::Uniform") &&
                                                           ContainsSubstring("scale") &&
                                                           ContainsSubstring("-0.07"));
  CHECK_THROWS_AS(init::Uniform(std::nan("")), InitializerError);
  CHECK_THAT(message_of([] { init::Uniform(2, 1); }),
             ContainsSubstring("high") && ContainsSubstring("at least low, 2"));
  CHECK_THROWS_AS(init::Uniform(0, std::numeric_limits<double>::infinity()), InitializerError);
  CHECK_THROWS_AS(init::Uniform(std::nan(""), 0), InitializerError);
}

TEST_CASE("a range beyond the scalar's is an error that names the parameter") {
  CHECK_THAT(message_of([] { sample<Eigen::half>(init::Uniform(1e6), {2}, "w"); }),
             ContainsSubstring("'w'") && ContainsSubstring("float16"));
  CHECK_THROWS_AS(sample(init::Uniform(3e38), {2}), InitializerError);  // its width is not
  CHECK_NOTHROW(sample<double>(init::Uniform(3e38), {2}));
}

TEST_CASE("Uniform dumps as in Gluon") {
  CHECK(init::Uniform().dump() == R"(["uniform", {"scale": 0.07}])");
  CHECK(init::Uniform(1).dump() == R"(["uniform", {"scale": 1}])");
  CHECK(init::Uniform(-1, 0.5).dump() == R"(["uniform", {"low": -1, "high": 0.5}])");
}
