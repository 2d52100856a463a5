// SPDX-License-Identifier: MIT
#include <parton/ops/logsumexp.hpp>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

namespace {

constexpr float logsumexp_infinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("logsumexp is the logarithm of the sum of exponentials, however large they are") {
  const double e = std::exp(1);
  const Tensor<double> x{{0, 1, 2}, {1000, 1000, -1000}};
  check_values(logsumexp(x, 1), {2}, {std::log(1 + e + e * e), 1000 + std::log(2)});
  check_values(logsumexp(x), {}, {1000 + std::log(2)});
  check_values(logsumexp(x, 0, true), {1, 3}, {1000, 1000, 2});
  check_values(logsumexp(x.cast<float>(), 1), {2}, {std::log(1 + e + e * e), 1000 + std::log(2)});
  check_values(logsumexp(Tensor<Eigen::half>{1, 1}), {}, {1 + std::log(2)});
  check_values(logsumexp(x, {}), {2, 3}, {0, 1, 2, 1000, 1000, -1000});
  CHECK(logsumexp(Tensor{-logsumexp_infinity, -logsumexp_infinity}).item() == -logsumexp_infinity);
  CHECK(logsumexp(Tensor{1.f, logsumexp_infinity}).item() == logsumexp_infinity);
  CHECK(logsumexp(Tensor{-logsumexp_infinity, 2.f}).item() == 2);
  CHECK(std::isnan(logsumexp(Tensor{1.f, std::nanf("")}).item()));
  CHECK(logsumexp(Tensor<>::empty({0})).item() == -logsumexp_infinity);
  CHECK(logsumexp(Tensor<>::empty({0, 3}), 1).shape() == Shape{0});
  check_shape_only(logsumexp(Tensor<>::shape_only({2, 3}), 1), {2});
  CHECK_THROWS_AS(logsumexp(x, 2), IndexError);
}

TEST_CASE("the gradient of logsumexp is softmax") {
  for (const auto& [shape, axes] : std::vector<std::pair<Shape, Axes>>{
           {{}, Axes::all()}, {{3, 4}, Axes::all()}, {{3, 4}, 0}, {{2, 3, 4}, {0, 2}}, {{0, 3}, 1}})
    check_gradients([wanted = axes](const auto& in) { return logsumexp(in[0], wanted); },
                    {random_input(shape, 1, -2, 2)});
  Tensor<> x{{-logsumexp_infinity, -logsumexp_infinity}, {-logsumexp_infinity, 3.f}};
  x.attach_grad();
  const autograd::Record recording;
  logsumexp(x, 1).backward();
  CHECK(x.grad() == Tensor{{0.f, 0.f}, {0.f, 1.f}});
  Tensor<Eigen::half> half{1, 1};
  half.attach_grad();
  logsumexp(half).backward();
  check_values(half.grad(), {2}, {0.5, 0.5});
}
