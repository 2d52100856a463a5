// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <parton/nn/dropout.hpp>
#include <parton/nn/infer_shapes.hpp>
#include <parton/nn/sequential.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using Catch::Matchers::ContainsSubstring;
using parton_test::printed;

namespace {

std::set<float> values_in(const Tensor<>& x) { return {x.span().begin(), x.span().end()}; }

}  // namespace

// Case 48, Gluon's test_training and test_is_train, as far as it goes without recording.
TEST_CASE("Dropout of ones gives zeros and twos in training, and the input otherwise") {
  const nn::Dropout layer(0.5);
  const Tensor<> ones = Tensor<>::full({10, 10}, 1);
  CHECK(layer(ones) == ones);
  {
    const autograd::TrainMode training;
    CHECK(values_in(layer(ones)) == std::set<float>{0, 2});
    {
      const autograd::PredictMode predicting;
      CHECK(layer(ones) == ones);
    }
    CHECK(values_in(layer(ones)) == std::set<float>{0, 2});
  }
  CHECK(layer(ones) == ones);
}

// The standard deviation of the fraction is sqrt(0.25 * 0.75 / 40000) = 0.0022.
TEST_CASE("Dropout drops the fraction that it was told, and keeps the expectation") {
  const autograd::TrainMode training;
  random::seed(11);
  const Tensor<> y = nn::Dropout(0.25)(Tensor<>::full({200, 200}, 3));
  CHECK(values_in(y) == std::set<float>{0, 4});
  const auto dropped = std::count(y.span().begin(), y.span().end(), 0.f);
  CHECK(static_cast<double>(dropped) / 40000 == Approx(0.25).margin(0.0022 * 5));
}

// Case 49, Gluon's test_dropout.
TEST_CASE("Dropout shares its draws along the given axes") {
  const autograd::TrainMode training;
  const Tensor<> ones = Tensor<>::full({10, 10, 10, 10}, 1);
  const std::vector<std::vector<Index>> cases = {{0},    {1},    {2},       {3},
                                                 {0, 1}, {1, 3}, {0, 2, 3}, {-1}};
  for (const auto& axes : cases) {
    const Tensor<> y = nn::Dropout(0.25, {.axes = axes})(ones);
    CHECK(values_in(y).size() == 2);
    const auto fixed = [&](Index axis, Index at) {
      return std::count(axes.begin(), axes.end(), axis) +
                         std::count(axes.begin(), axes.end(), axis - 4) >
                     0
                 ? Index{0}
                 : at;
    };
    bool same = true;
    for (Index a = 0; a < 10; ++a)
      for (Index b = 0; b < 10; ++b)
        for (Index c = 0; c < 10; ++c)
          for (Index d = 0; d < 10; ++d)
            same = same && y(a, b, c, d) == y(fixed(0, a), fixed(1, b), fixed(2, c), fixed(3, d));
    CHECK(same);
  }
}

TEST_CASE("Dropout draws anew at each call, and again the same after random::seed") {
  const autograd::TrainMode training;
  const nn::Dropout layer(0.5);
  const Tensor<> ones = Tensor<>::full({64}, 1);
  random::seed(7);
  const Tensor<> first = layer(ones), second = layer(ones);
  CHECK_FALSE(first == second);
  random::seed(7);
  CHECK(layer(ones) == first);
  CHECK(layer(ones) == second);
}

TEST_CASE("Dropout in many threads takes different draws, and each thread has its own mode") {
  const nn::Dropout layer(0.5);
  const Tensor<> ones = Tensor<>::full({256}, 1);
  std::vector<Tensor<>> results(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < results.size(); ++i)
    threads.emplace_back([&, i] {
      if (i % 2 == 0) {
        const autograd::TrainMode training;
        results[i] = layer(ones);
      } else {
        results[i] = layer(ones);
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < results.size(); ++i) {
    CHECK((results[i] == ones) == (i % 2 == 1));
    for (std::size_t j = 0; j < i; j += 2) CHECK_FALSE(results[i] == results[j]);
  }
}

TEST_CASE("the rate of a Dropout lies in [0, 1)") {
  for (const double rate : {-0.1, 1.0, 1.5}) CHECK_THROWS_AS(nn::Dropout(rate), ValueError);
  CHECK_THROWS_AS(nn::Dropout(std::numeric_limits<double>::quiet_NaN()), ValueError);
  CHECK_THROWS_WITH(nn::Dropout(1.5), ContainsSubstring("Dropout") && ContainsSubstring("not 1.5"));
  const autograd::TrainMode training;
  CHECK(nn::Dropout(0)(Tensor<>{1, 2}) == Tensor<>{1, 2});
}

TEST_CASE("an axis that the input does not have is an error in either mode") {
  const nn::Dropout layer(0.5, {.axes = {2}});
  CHECK_THROWS_AS(layer(Tensor<>{{1, 2}}), IndexError);
  CHECK_THROWS_AS(nn::Dropout(0.5, {.axes = {1, -1}})(Tensor<>{{1, 2}}), ValueError);
  CHECK_THROWS_AS(nn::Dropout(0.5, {.axes = {0, 1, 2, 3, 4, 5, 6, 7, 8}}), ShapeError);
}

TEST_CASE("Dropout prints as in Gluon") {
  CHECK(printed(nn::Dropout(0.5)) == "Dropout(p = 0.5, axes=())");
  CHECK(printed(nn::Dropout(0.25, {.axes = {1}})) == "Dropout(p = 0.25, axes=(1,))");
  CHECK(printed(nn::Dropout(0.1, {.axes = {0, 2}})) == "Dropout(p = 0.1, axes=(0, 2))");
}

TEST_CASE("Dropout is cloned and named, and passes shapes on without drawing") {
  const nn::Dropout layer(0.3, {.axes = {1}, .name = "drop"});
  CHECK(layer.name() == "drop");
  const nn::Dropout copy = layer.clone();
  CHECK(copy.rate() == 0.3);
  CHECK(copy.axes() == std::vector<Index>{1});
  CHECK(copy.name() == "drop");

  const autograd::TrainMode training;
  random::seed(5);
  const Tensor<> before = layer(Tensor<>::full({9, 2}, 1));
  random::seed(5);
  CHECK(infer_shapes(layer, {9, 2}) == Shape{9, 2});
  CHECK(layer(Tensor<>::full({9, 2}, 1)) == before);
  const auto half = nn::Dropout<Eigen::half>(0.5)(Tensor<Eigen::half>::full({100}, 1));
  for (const Eigen::half value : half.span())
    CHECK((value == Eigen::half(0) || value == Eigen::half(2)));
  const auto brain = nn::Dropout<Eigen::bfloat16>(0.5)(Tensor<Eigen::bfloat16>::full({100}, 1));
  for (const Eigen::bfloat16 value : brain.span())
    CHECK((value == Eigen::bfloat16(0) || value == Eigen::bfloat16(2)));
}
