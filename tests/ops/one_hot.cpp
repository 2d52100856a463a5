// SPDX-License-Identifier: MIT
#include <parton/ops/one_hot.hpp>

#include <parton_test/capture.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("one_hot puts 1 at each index along a new axis") {
  CHECK(one_hot(Tensor<int>{2, 0}, 3) == Tensor{{0.f, 0.f, 1.f}, {1.f, 0.f, 0.f}});
  CHECK(one_hot<double>(Tensor{1.f}, 2) == Tensor<double>{{0, 1}});
  CHECK(one_hot<bool>(Tensor<std::int64_t>::full({}, 1), 2) == Tensor<bool>{false, true});
  CHECK(one_hot<int>(Tensor<int>{1, 0, 1}, 2, {.axis = 0, .on_value = 5, .off_value = -1}) ==
        Tensor<int>{{-1, 5, -1}, {5, -1, 5}});
  const auto middle = one_hot<int>(Tensor<int>{{1, 0}, {0, 0}}, 3, {.axis = 1});
  CHECK(middle == Tensor<int>{{{0, 1}, {1, 0}, {0, 0}}, {{1, 1}, {0, 0}, {0, 0}}});
  CHECK(one_hot(Tensor<int>::empty({0}), 0).shape() == Shape{0, 0});
  CHECK(one_hot(Eigen::Vector2i(1, 0), 2) == Tensor{{0.f, 1.f}, {1.f, 0.f}});
  check_shape_only(one_hot(Tensor<>::shape_only({4, 2}), 3), {4, 2, 3});
}

TEST_CASE("an index outside the depth is an error that says which") {
  check_says(message_of<IndexError>([] {
               static_cast<void>(one_hot(Tensor<int>{0, 3}, 3));
             }),
             {"one_hot: the index 3 is not a whole number from 0 to 2", "depth"});
  CHECK_THROWS_AS(one_hot(Tensor<int>{-1}, 3), IndexError);
  CHECK_THROWS_AS(one_hot(Tensor{0.5f}, 3), IndexError);
  CHECK_THROWS_AS(one_hot(Tensor<int>{0}, 0), IndexError);
  check_says(message_of<ValueError>([] { static_cast<void>(one_hot(Tensor<int>{0}, -2)); }),
             {"one_hot: the depth", "not -2"});
  CHECK_THROWS_AS(one_hot(Tensor<int>{0}, 3, {.axis = 2}), IndexError);
}
