// SPDX-License-Identifier: MIT
#include <parton/ops/take_along_axis.hpp>

#include <parton/autograd/mode.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("take_along_axis gathers along one axis by indices of its own for each line") {
  const Tensor<int> x = {{1, 2, 3}, {4, 5, 6}};
  CHECK(take_along_axis(x, Tensor<int>{{2, 0}, {-1, -3}}) == Tensor<int>{{3, 1}, {6, 4}});
  CHECK(take_along_axis(x, Tensor{{1.f, 0.f, 1.f}}, 0) == Tensor<int>{{4, 2, 6}});
  const auto y = take_along_axis(sample({3, 4, 2}), Tensor<int>::zeros({3, 1, 2}), 1);
  CHECK(y.shape() == Shape{3, 1, 2});
  CHECK(take_along_axis(x, Tensor<int>::empty({2, 0})).shape() == Shape{2, 0});
  check_shape_only(take_along_axis(Tensor<>::shape_only({2, 3}), Tensor<int>::zeros({2, 5})),
                   {2, 5});
}

TEST_CASE("an element that is taken twice gets the sum of the gradients") {
  check_gradients(
      [](const auto& in) {
        return take_along_axis(in[0], Tensor<int>{{1, 1, -1}, {0, 0, 0}});
      },
      {sample<double>({2, 3})});
  check_gradients(
      [](const auto& in) {
        return take_along_axis(in[0], Tensor<int>{{{1, 0}}, {{0, 0}}}, 1);
      },
      {sample<double>({2, 3, 2})});
  Tensor<Eigen::bfloat16> x = {1, 2};
  x.attach_grad();
  {
    const autograd::Record recording;
    take_along_axis(x, Tensor<int>::zeros({500})).backward();
  }
  CHECK(x.grad() == Tensor<Eigen::bfloat16>{500, 0});  // one rounding, not 500
}

TEST_CASE("indices that do not fit are errors") {
  const Tensor x = sample({2, 3});
  const auto text = [&](const Tensor<int>& at, Index axis) {
    return message_of<Error>([&] { static_cast<void>(take_along_axis(x, at, axis)); });
  };
  check_says(text({{0}}, 1),
             {"take_along_axis: indices of shape (1, 1)", "(2, 3)", "all axes but 1"});
  check_says(text({{3}, {0}}, 1), {"take_along_axis: the index 3", "from -3 to 2"});
  CHECK_THROWS_AS(take_along_axis(x, Tensor<int>{0}), ShapeError);
  CHECK_THROWS_AS(take_along_axis(x, Tensor<int>{{-4}, {0}}), IndexError);
  CHECK_THROWS_AS(take_along_axis(x, Tensor<int>{{0}, {0}}, 2), IndexError);
}
