// SPDX-License-Identifier: MIT
#include <parton/ops/pick.hpp>

#include <cmath>

#include <parton_test/capture.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("pick takes one element along an axis for each index") {
  const Tensor x = {{1.f, 2.f, 3.f}, {4.f, 5.f, 6.f}};
  CHECK(pick(x, Tensor<int>{2, 0}) == Tensor{3.f, 4.f});
  CHECK(pick(x, Tensor{2.f, 0.f}) == Tensor{3.f, 4.f});
  CHECK(pick(x, Tensor<int>{{2}, {0}}) == Tensor{3.f, 4.f});
  CHECK(pick(x, Tensor<int>{2, 0}, -1, true) == Tensor{{3.f}, {4.f}});
  CHECK(pick(x, Tensor<std::uint8_t>{1, 0, 1}, 0) == Tensor{4.f, 2.f, 6.f});
  CHECK(pick(Tensor{1.f, 2.f}, Tensor<int>::full({}, 1)).item() == 2);
  CHECK(pick(Tensor<>::empty({0, 3}), Tensor<int>::empty({0})).shape() == Shape{0});
  CHECK(pick(Eigen::Vector2f(1, 2), Eigen::VectorXi::Constant(1, 1), 0).shape() == Shape{});
  check_shape_only(pick(Tensor<>::shape_only({4, 3}), Tensor<int>::zeros({4})), {4});
  check_shape_only(pick(Tensor<>::shape_only({4, 3}), Tensor<int>::zeros({4}), 1, true), {4, 1});
}

TEST_CASE("only the picked elements get a gradient") {
  check_gradients(
      [](const auto& in) {
        return pick(in[0], Tensor<int>{{1, 0}, {2, 2}}, 1);
      },
      {sample<double>({2, 3, 2})});
  check_gradients(
      [](const auto& in) {
        return pick(in[0], Tensor<int>{2, 0}, -1, true);
      },
      {sample<double>({2, 3})});
}

TEST_CASE("an index that is not there is an error, -1 too, and so are indices of another shape") {
  const Tensor x = sample({2, 3});
  check_says(message_of<IndexError>([&] {
               static_cast<void>(pick(x, Tensor<int>{0, 3}));
             }),
             {"pick: the index 3 is not a whole number from 0 to 2", "axis -1", "(2, 3)"});
  check_says(message_of<IndexError>([&] {
               static_cast<void>(pick(x, Tensor{0.f, 0.5f}));
             }),
             {"the index 0.5"});
  check_says(message_of<IndexError>([&] {
               static_cast<void>(pick(Tensor<>::empty({2, 0}), Tensor<int>{0, 0}));
             }),
             {"the index 0 is out of range: there is nothing on axis -1"});
  CHECK_THROWS_AS(pick(x, Tensor<int>{0, -1}), IndexError);
  CHECK_THROWS_AS(pick(x, Tensor{0.f, std::nanf("")}), IndexError);
  CHECK_THROWS_AS(pick(x, Tensor<std::uint64_t>{0, ~std::uint64_t{0}}), IndexError);
  check_says(message_of<ShapeError>([&] {
               static_cast<void>(pick(x, Tensor<int>{0, 0, 0}));
             }),
             {"pick: indices of shape (3,)", "(2, 3)", "the shape (2,)"});
  CHECK_THROWS_AS(pick(x, Tensor<int>{0, 0}, 2), IndexError);
}
