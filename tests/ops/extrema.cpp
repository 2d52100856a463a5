// SPDX-License-Identifier: MIT
#include <parton/ops/extrema.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("maximum and minimum of each two elements, broadcast") {
  for (const Shape& shape : shapes()) {
    const Tensor x = sample(shape), y = sample({3}, 1);
    const auto expected = parton_test::broadcast_shape(shape, {3});
    if (!expected) {
      CHECK_THROWS_AS(maximum(x, y), ShapeError);
      CHECK_THROWS_AS(minimum(y, x), ShapeError);
      continue;
    }
    const Tensor larger = maximum(x, y), smaller = minimum(y, x);
    REQUIRE(larger.shape() == *expected);
    for (Index i = 0; i < larger.size(); ++i) {
      const auto at = position(i, *expected);
      CHECK(larger.data()[i] == std::max(broadcast_at(x, at), broadcast_at(y, at)));
      CHECK(smaller.data()[i] == std::min(broadcast_at(x, at), broadcast_at(y, at)));
    }
    check_shape_only(maximum(Tensor<>::shape_only(shape), y), *expected);
  }
  CHECK(maximum(Tensor<int>{1, -3}, -1) == Tensor<int>{1, -1});
  CHECK(minimum(2, Tensor<int>{1, 3}) == Tensor<int>{1, 2});
  CHECK(maximum(Tensor<Eigen::half>{1, -3}, 0.5) == Tensor<Eigen::half>{1, 0.5f});
  CHECK(minimum(Tensor<bool>{true, false}, Tensor<bool>{true, true}) == Tensor<bool>{true, false});
  CHECK(maximum(Eigen::VectorXf::Zero(2), Tensor{1.f, -1.f}) == Tensor{1.f, 0.f});
  const Tensor missing{std::nanf(""), 1.f, 2.f, 3.f, std::nanf("")};
  for (const Tensor<>& y : {maximum(missing, 0), minimum(0, missing)}) {
    CHECK(std::isnan(y(0)));
    CHECK(std::isnan(y(4)));
  }
}

TEST_CASE("the gradient of an extremum goes to the one that it is, by halves to equals") {
  for (const auto& [a, b] : std::vector<std::pair<Shape, Shape>>{
           {{3, 4}, {3, 4}}, {{3, 4}, {4}}, {{3, 1}, {4}}, {{}, {5}}, {{0, 3}, {3}}, {{}, {}}}) {
    check_gradients([](const auto& in) { return maximum(in[0], in[1]); },
                    {random_input(a, 1), random_input(b, 2)});
    check_gradients([](const auto& in) { return minimum(in[0], in[1]); },
                    {random_input(a, 1), random_input(b, 2)});
  }
  // torch.maximum
  Tensor<> x{1.f, 2.f, 3.f, 4.f, 5.f}, y{3.f, 2.f, 1.f, 4.f, 9.f};
  x.attach_grad();
  y.attach_grad();
  const autograd::Record recording;
  maximum(x, y).backward();
  CHECK(x.grad() == Tensor{0.f, 0.5f, 1.f, 0.5f, 0.f});
  CHECK(y.grad() == Tensor{1.f, 0.5f, 0.f, 0.5f, 1.f});
  minimum(x, y).backward();
  CHECK(x.grad() == Tensor{1.f, 0.5f, 0.f, 0.5f, 1.f});
  maximum(x, 3).backward();
  CHECK(x.grad() == Tensor{0.f, 0.f, 0.5f, 1.f, 1.f});
}
