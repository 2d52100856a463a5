// SPDX-License-Identifier: MIT
#include <parton/ops/softmax.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

namespace {

constexpr float endless = std::numeric_limits<float>::infinity();

/// softmax by its formula in double, along one axis.
template <class Scalar>
std::vector<double> reference(const Tensor<Scalar>& x, std::size_t axis) {
  const Shape& shape = x.shape();
  std::vector<double> result;
  for (Index i = 0; i < x.size(); ++i) {
    auto at = position(i, shape);
    double total = 0;
    const double own = static_cast<double>(x.data()[i]);
    for (at[axis] = 0; at[axis] < shape.dims()[axis]; ++at[axis])
      total += std::exp(static_cast<double>(broadcast_at(x, at)) - own);
    result.push_back(1 / total);
  }
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("softmax and log_softmax follow their formulas along every axis", "", float,
                   double, Eigen::half, Eigen::bfloat16) {
  for (const Shape& shape : shapes()) {
    const auto x = sample<TestType>(shape);
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
      INFO(shape << " along " << axis);
      auto expected = reference(x, axis);
      check_values(softmax(x, static_cast<Index>(axis)), shape, expected);
      for (double& v : expected) v = std::log(v);
      check_values(log_softmax(x, static_cast<Index>(axis)), shape, expected);
    }
    if (shape.rank() > 0) {
      CHECK(softmax(x) == softmax(x, static_cast<Index>(shape.rank()) - 1));
      check_shape_only(softmax(Tensor<TestType>::shape_only(shape)), shape);
      check_shape_only(log_softmax(Tensor<TestType>::shape_only(shape), 0), shape);
    }
  }
}

TEST_CASE("softmax of 1, 2, 3 is what Python's math module gives") {
  check_values(softmax(Tensor{1.f, 2.f, 3.f}), {3}, {0.0900305732, 0.2447284711, 0.6652409558});
  check_values(log_softmax(Tensor{1.f, 2.f, 3.f}), {3},
               {-2.4076059644, -1.4076059644, -0.4076059644});
}

TEST_CASE("large logits do not overflow, and masked ones get exactly nothing") {
  CHECK(softmax(Tensor{1e4f, 1e4f}) == Tensor{0.5f, 0.5f});
  CHECK(log_softmax(Tensor{1e4f, -1e4f}) == Tensor{0.f, -2e4f});
  // The logarithm of the sum is not rounded to the size of x, along either kind of axis.
  const std::vector<double> small = {-3.4401896985611953, -2.4401896985611953, -1.4401896985611953,
                                     -0.44018969856119533};
  const Tensor large = {1e4f, 10001.f, 10002.f, 10003.f};
  check_values(log_softmax(large), {4}, small, 1e-6);
  check_values(log_softmax(large.reshape({4, 1}), 0), {4, 1}, small, 1e-6);
  const Tensor twice = {{1e4f, 0.f}, {10001.f, 0.f}, {10002.f, 0.f}, {10003.f, 0.f}};
  for (Index i = 0; i < 4; ++i)
    CHECK(log_softmax(twice, 0)(i, 0) == Approx(small[static_cast<std::size_t>(i)]).epsilon(1e-6));
  for (const Index axis : {0, 1}) {
    Tensor x = Tensor<>::full({20, 20}, 1);
    x(3, 5) = -endless;
    CHECK(softmax(x, axis)(3, 5) == 0);
    CHECK(softmax(x, axis)(axis == 0 ? 4 : 3, axis == 0 ? 5 : 4) == Approx(1. / 19));
    CHECK(log_softmax(x, axis)(3, 5) == -endless);
    x(7, 7) = std::nanf("");
    CHECK(std::isnan(softmax(x, axis)(7, 7)));
    CHECK(std::isnan(softmax(x, axis)(axis == 0 ? 0 : 7, axis == 0 ? 7 : 0)));
  }
}

TEST_CASE("softmax needs an axis") {
  CHECK_THROWS_AS(softmax(Tensor<>::full({}, 1)), IndexError);
  CHECK_THROWS_AS(softmax(sample({2, 3}), 2), IndexError);
  CHECK_THROWS_AS(log_softmax(Tensor<>::shape_only({2, 3}), -3), IndexError);
  CHECK(softmax(Eigen::MatrixXf::Zero(1, 2)) == Tensor{{0.5f, 0.5f}});
}

TEST_CASE("the gradients of softmax and log_softmax are those of finite differences") {
  for (const auto& [shape, axis] : std::vector<std::pair<Shape, Index>>{
           {{4}, 0}, {{3, 5}, -1}, {{3, 5}, 0}, {{2, 4, 3}, 1}, {{0, 3}, 1}, {{3, 0}, 1}}) {
    check_gradients([axis = axis](const auto& in) { return softmax(in[0], axis); },
                    {random_input(shape, 1, -2, 2)});
    check_gradients([axis = axis](const auto& in) { return log_softmax(in[0], axis); },
                    {random_input(shape, 2, -2, 2)});
  }
  Tensor<Eigen::half> x{{0, 0}, {0, 0}};
  x.attach_grad();
  const autograd::Record recording;
  softmax(x).backward(Tensor<Eigen::half>{{1, 0}, {0, 4}});
  CHECK(x.grad() == Tensor<Eigen::half>{{0.25f, -0.25f}, {-1, 1}});
}
