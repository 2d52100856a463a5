// SPDX-License-Identifier: MIT
#include <parton/ops/join.hpp>

#include <parton/autograd/mode.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("concat joins along an axis, stack along a new one") {
  const Tensor<int> a = {{1, 2}, {3, 4}}, b = {{5, 6}};
  CHECK(concat({a, b}) == Tensor<int>{{1, 2}, {3, 4}, {5, 6}});
  CHECK(concat({a, a}, 1) == Tensor<int>{{1, 2, 1, 2}, {3, 4, 3, 4}});
  CHECK(concat({a, a}, -1) == concat({a, a}, 1));
  CHECK(concat(std::vector<Tensor<int>>{b, a, b}).shape() == Shape{4, 2});
  CHECK(concat({a, Tensor<int>::empty({0, 2})}) == a);
  CHECK_FALSE(concat({a}).shares_storage_with(a));
  CHECK(stack({a, a}) == Tensor<int>{{{1, 2}, {3, 4}}, {{1, 2}, {3, 4}}});
  CHECK(stack({a, a}, 1) == Tensor<int>{{{1, 2}, {1, 2}}, {{3, 4}, {3, 4}}});
  CHECK(stack(std::vector<Tensor<int>>{a, a}, -1) ==
        Tensor<int>{{{1, 1}, {2, 2}}, {{3, 3}, {4, 4}}});
  CHECK(stack({Tensor<int>::full({}, 1), Tensor<int>::full({}, 2)}) == Tensor<int>{1, 2});
  check_shape_only(concat({Tensor<>::shape_only({2, 3}), Tensor<>::zeros({2, 1})}, 1), {2, 4});
  check_shape_only(stack({Tensor<>::shape_only({2, 3})}, -1), {2, 3, 1});
}

TEST_CASE("each joined tensor gets its part of the gradient") {
  const auto in = [](const Shape& shape, double phase = 0) { return sample<double>(shape, phase); };
  for (const Index axis : {0, 1, 2})
    check_gradients([axis](const auto& x) { return concat(x, axis); },
                    {in({2, 3, 2}), in(Shape{2, 3, 2}.with(axis, 1), 1)});
  check_gradients(
      [](const auto& x) {
        return concat({x[0], x[1], x[0]});
      },
      {in({2, 2}), in({0, 2})});
  check_gradients([](const auto& x) { return stack(x, 1); }, {in({2, 3}), in({2, 3}, 1)});
  check_gradients([](const auto& x) { return stack(x); }, {in({}), in({}, 1)});
}

TEST_CASE("an input that needs no gradient gets none") {
  Tensor<> a = {1.f, 2.f};
  a.attach_grad();
  const autograd::Record recording;
  concat({a, Tensor{3.f}}).backward();
  CHECK(a.grad() == Tensor{1.f, 1.f});
}

TEST_CASE("what cannot be joined is an error that names the tensor and the rule") {
  const Tensor a = sample({2, 3}), b = sample({3, 3});
  check_says(message_of<ShapeError>([&] {
               static_cast<void>(concat({a, a, b}, 1));
             }),
             {"concat: tensor 2 has the shape (3, 3), the first one (2, 3)", "all axes but"});
  check_says(message_of<ShapeError>([&] {
               static_cast<void>(stack({a, b}));
             }),
             {"stack: tensor 1", "(3, 3)", "concat"});
  CHECK_THROWS_AS(concat({a, sample({2})}), ShapeError);
  CHECK_THROWS_AS(concat({a, b}, 2), IndexError);
  CHECK_THROWS_AS(concat({sample({})}), IndexError);
  CHECK_THROWS_AS(stack({a}, 3), IndexError);
  CHECK_THROWS_AS(stack({sample({1, 1, 1, 1, 1, 1, 1, 1})}), ShapeError);
  check_says(message_of<ValueError>([&] { static_cast<void>(concat(std::vector<Tensor<>>{})); }),
             {"concat of no tensors"});
  CHECK_THROWS_AS(stack(std::vector<Tensor<>>{}), ValueError);
}
