// SPDX-License-Identifier: MIT
#include <parton/ops/dropout.hpp>

#include <algorithm>
#include <cmath>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEMPLATE_TEST_CASE("half of the ones become 0 and the others 2 at a rate of one half", "", float,
                   double, Eigen::half, Eigen::bfloat16) {
  // Reference case 48: only 0 and 2, both of them.
  random::Generator rng(7);
  const auto y = dropout(Tensor<TestType>::full({10, 10}, 1), 0.5, rng);
  Index dropped = 0;
  for (const TestType v : y.span()) {
    CHECK((v == TestType(0) || v == TestType(2)));
    dropped += v == TestType(0) ? 1 : 0;
  }
  // Binomial(100, 1/2): 50 +- 5 deviations of 5.
  CHECK(std::abs(dropped - 50) <= 25);
}

TEST_CASE("dropout keeps the expectation and draws anew each time") {
  random::Generator rng(7);
  const Tensor x = Tensor<>::full({100, 100}, 1);
  const Tensor y = dropout(x, 0.25, rng), z = dropout(x, 0.25, rng);
  CHECK_FALSE(y == z);
  // 10,000 draws of deviation sqrt(1/3): the mean is 1 +- 5 * 0.0058.
  double total = 0;
  for (const float v : y.span()) total += static_cast<double>(v);
  CHECK(std::abs(total / 1e4 - 1) < 0.029);
  CHECK(y.array().maxCoeff() == Approx(1 / 0.75));
  random::Generator again(7);
  CHECK(dropout(x, 0.25, again) == y);
  CHECK(x == Tensor<>::full({100, 100}, 1));
}

TEST_CASE("along shared axes all elements fare alike") {
  // Reference case 49.
  for (const Axes& axes : {Axes(0), Axes(-1), Axes{1, 3}, Axes{0, 2, 3}, Axes::all()}) {
    random::Generator rng(7);
    const Shape shape{4, 5, 6, 7};
    const Tensor y = dropout(Tensor<>::full(shape, 1), 0.25, rng, axes);
    const auto mask = axes.mask(shape);
    Index differ = 0;
    for (Index i = 0; i < y.size(); ++i) {
      auto first = position(i, shape);
      for (std::size_t k = 0; k < first.size(); ++k)
        if (mask[k]) first[k] = 0;
      differ += y.data()[i] != broadcast_at(y, first) ? 1 : 0;
    }
    CHECK(differ == 0);
  }
}

TEST_CASE("the ends of the rate drop nothing and everything") {
  random::Generator rng(7);
  const Tensor x = sample({3, 4});
  CHECK(dropout(x, 0, rng) == x);
  CHECK(dropout(x, 1, rng) == Tensor<>::zeros({3, 4}));
  CHECK(dropout(Tensor<>::empty({0, 4}), 0.5, rng).shape() == Shape{0, 4});
  CHECK(dropout(Tensor<>::full({}, 1), 0, rng).item() == 1);
  CHECK(dropout(Eigen::MatrixXf::Ones(2, 2), 0, rng) == Tensor<>::full({2, 2}, 1));
}

TEST_CASE("a rate outside 0 to 1 and a wrong axis are errors") {
  random::Generator rng(7);
  const Tensor x = sample({3, 4});
  CHECK_THROWS_AS(dropout(x, -0.1, rng), ValueError);
  CHECK_THROWS_AS(dropout(x, 1.5, rng), ValueError);
  CHECK_THROWS_AS(dropout(x, std::nan(""), rng), ValueError);
  CHECK_THROWS_AS(dropout(x, 0.5, rng, {2}), IndexError);
  CHECK_THROWS_AS(dropout(x, 0.5, rng, {0, 0}), ValueError);
  CHECK_THROWS_WITH(dropout(x, 1.5, rng), Catch::Matchers::ContainsSubstring("1.5"));
  const random::Generator before = rng;
  check_shape_only(dropout(Tensor<>::shape_only({2, 3}), 0.5, rng), {2, 3});
  CHECK(rng == before);  // inferring shapes draws nothing
}

TEST_CASE("the gradient of dropout is dropped and scaled as its values were") {
  for (const Shape& shape : {Shape{6, 4}, Shape{}, Shape{0, 3}})
    for (const double rate : {0.0, 0.5, 1.0})
      check_gradients(
          [rate](const auto& in) {
            random::Generator rng(9);
            return dropout(in[0], rate, rng);
          },
          {random_input(shape)});
  check_gradients(
      [](const auto& in) {
        random::Generator rng(9);
        return dropout(in[0], 0.5, rng, {1});
      },
      {random_input({6, 4})});
}
