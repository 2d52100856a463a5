// SPDX-License-Identifier: MIT
#include <parton/ops/cumsum.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("cumsum adds up along an axis") {
  const Tensor x{{1.f, 2.f, 3.f}, {4.f, 5.f, 6.f}};
  CHECK(cumsum(x) == Tensor{{1.f, 3.f, 6.f}, {4.f, 9.f, 15.f}});
  CHECK(cumsum(x, 0) == Tensor{{1.f, 2.f, 3.f}, {5.f, 7.f, 9.f}});
  CHECK(cumsum(x.reshape({1, 3, 2}), 1) == Tensor{{{1.f, 2.f}, {4.f, 6.f}, {9.f, 12.f}}});
  STATIC_REQUIRE(std::same_as<decltype(cumsum(Tensor<bool>{true})), Tensor<std::int64_t>>);
  CHECK(cumsum(Tensor<bool>{true, false, true}) == Tensor<std::int64_t>{1, 1, 2});
  CHECK(cumsum(Tensor<std::int8_t>{-100, -100}) == Tensor<std::int64_t>{-100, -200});
  const std::int64_t top = std::numeric_limits<std::int64_t>::max();
  CHECK(cumsum(Tensor<std::int64_t>{top, 1})(1) == std::numeric_limits<std::int64_t>::min());
  CHECK(cumsum(Tensor<Eigen::half>::full({4096}, 1))(4095) == Eigen::half(4096));
  CHECK(cumsum(Eigen::VectorXf::Ones(3)) == Tensor{1.f, 2.f, 3.f});
  CHECK(cumsum(Tensor<>::empty({0, 3}), 0).shape() == Shape{0, 3});
  CHECK(cumsum(Tensor<>::empty({3, 0}), 0).shape() == Shape{3, 0});
  check_shape_only(cumsum(Tensor<>::shape_only({2, 3})), {2, 3});
  CHECK_THROWS_AS(cumsum(x, 2), IndexError);
  CHECK_THROWS_AS(cumsum(Tensor<>::full({}, 1)), IndexError);
}

TEST_CASE("the gradient of cumsum is the sum from each element on") {
  for (const auto& [shape, axis] : std::vector<std::pair<Shape, Index>>{
           {{4}, 0}, {{3, 4}, 1}, {{3, 4}, 0}, {{2, 3, 4}, 1}, {{0, 3}, 0}, {{3, 0}, 0}})
    check_gradients([at = axis](const auto& in) { return cumsum(in[0], at); },
                    {random_input(shape)});
  Tensor<Eigen::bfloat16> x{1, 1, 1};
  x.attach_grad();
  const autograd::Record recording;
  cumsum(x).backward();
  CHECK(x.grad() == Tensor<Eigen::bfloat16>{3, 2, 1});
}
