// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <cmath>
#include <limits>
#include <parton/init/normal.hpp>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;

// n = 40000: the standard error of the mean is sigma / 200, of the deviation sigma / sqrt(2 n) =
// sigma / 283, of the share 0.3173 beyond one sigma 0.0023. The tolerances are five of them; the
// seed is fixed.
TEST_CASE("Normal's sigma is the standard deviation") {
  const Tensor<> w = sample(init::Normal(0.5), {200, 200});
  CHECK(std::abs(parton_test::mean(w)) < 5 * 0.5 / 200);
  CHECK(parton_test::deviation(w) == Approx(0.5).epsilon(5.0 / 283));
  const double beyond = (w.array().abs() > 0.5f).cast<double>().mean();
  CHECK(beyond == Approx(0.3173).margin(5 * 0.0023));
}

TEST_CASE("Normal's default deviation is 0.01") {
  CHECK(parton_test::deviation(sample(init::Normal(), {200, 200})) ==
        Approx(0.01).epsilon(5.0 / 283));
}

TEMPLATE_TEST_CASE("Normal fits every scalar", "", double, Eigen::half, Eigen::bfloat16) {
  const Tensor<TestType> w = sample<TestType>(init::Normal(2), {200, 200});
  CHECK(parton_test::deviation(w) == Approx(2).epsilon(5.0 / 283 + 0.001));
}

TEST_CASE("a Normal<float> in a double net gives true doubles") {
  const Tensor<double> w = sample<double>(init::Normal<float>(1), {1000});
  Index exact_floats = 0;
  for (const double x : w.span())
    exact_floats += static_cast<double>(static_cast<float>(x)) == x ? 1 : 0;
  CHECK(exact_floats == 0);  // about one in 2^29 is one
}

// The density of N(0, 1) given |x| <= 2 is 1.04767 phi(x): deviation sqrt(1 - 4 phi(2) / 0.9545) =
// 0.879626, since 1 - 4 * 0.0539910 / 0.9544997 = 0.773741.
TEST_CASE("TruncatedNormal has no tails and the deviation that is left") {
  const Tensor<> w = sample(init::TruncatedNormal(0.5), {200, 200});
  CHECK(parton_test::largest(w) <= 1.0);
  CHECK(parton_test::largest(w) > 0.99);
  CHECK(parton_test::deviation(w) == Approx(0.5 * 0.879626).epsilon(0.015));
  CHECK(parton_test::largest(sample(init::TruncatedNormal(0.5, 1), {200, 200})) <= 0.5);
}

TEST_CASE("a deviation of 0 gives zeros") {
  CHECK(sample(init::Normal(0), {3}) == Tensor<>::zeros({3}));
  CHECK(sample(init::TruncatedNormal(0), {3}) == Tensor<>::zeros({3}));
}

TEST_CASE("a negative deviation is an error that says so") {
  CHECK_THAT(message_of([] { init::Normal(-1); }), ContainsSubstring("init::Normal") &&
                                                       ContainsSubstring("sigma") &&
                                                       ContainsSubstring("at least 0, not -1"));
  CHECK_THROWS_AS(init::Normal(std::nan("")), InitializerError);
  CHECK_THROWS_AS(init::TruncatedNormal(-1), InitializerError);
  CHECK_THAT(message_of([] { init::TruncatedNormal(1, 0); }),
             ContainsSubstring("cut must be positive, not 0"));
  CHECK_THROWS_AS(init::TruncatedNormal(1, std::numeric_limits<double>::infinity()),
                  InitializerError);
}

TEST_CASE("a deviation beyond the scalar's range is an error that names the parameter") {
  CHECK_THAT(message_of([] { sample<Eigen::half>(init::Normal(1e5), {2}, "w"); }),
             ContainsSubstring("'w'") && ContainsSubstring("100000"));
  CHECK_THROWS_AS(sample(init::TruncatedNormal(1e38), {2}), InitializerError);
}

TEST_CASE("the normal initializers dump as in Gluon") {
  CHECK(init::Normal(0.5).dump() == R"(["normal", {"sigma": 0.5}])");
  CHECK(init::TruncatedNormal().dump() == R"(["truncatednormal", {"sigma": 0.01, "cut": 2}])");
}
