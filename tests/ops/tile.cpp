// SPDX-License-Identifier: MIT
#include <parton/ops/tile.hpp>

#include <limits>

#include <parton_test/capture.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("tile repeats the whole tensor along each axis") {
  const Tensor<int> x = {{1, 2}, {3, 4}};
  CHECK(tile(x, {1, 2}) == Tensor<int>{{1, 2, 1, 2}, {3, 4, 3, 4}});
  CHECK(tile(x, {2, 1}) == Tensor<int>{{1, 2}, {3, 4}, {1, 2}, {3, 4}});
  CHECK(tile(x, {2}) == tile(x, {1, 2}));
  CHECK(tile(x, {2, 1, 1}) == Tensor<int>{{{1, 2}, {3, 4}}, {{1, 2}, {3, 4}}});
  CHECK(tile(x, std::vector<std::int64_t>{}) == x);
  CHECK(tile(x, {0, 2}).shape() == Shape{0, 4});
  CHECK(tile(Tensor<int>::full({}, 7), {3}) == Tensor<int>{7, 7, 7});
  const Tensor<double> y = sample<double>({2, 3, 4});
  const Tensor<double> tiled = tile(y, {3, 2, 2});
  bool same = tiled.shape() == Shape{6, 6, 8};
  for (Index i = 0; same && i < tiled.size(); ++i) {
    const auto at = position(i, tiled.shape());
    same = tiled.data()[i] == y(at[0] % 2, at[1] % 3, at[2] % 4);
  }
  CHECK(same);
  check_shape_only(tile(Tensor<>::shape_only({2, 3}), {2, 2, 2}), {2, 4, 6});
}

TEST_CASE("repeat repeats each element along an axis") {
  const Tensor<int> x = {{1, 2}, {3, 4}};
  CHECK(repeat(x, 2, 1) == Tensor<int>{{1, 1, 2, 2}, {3, 3, 4, 4}});
  CHECK(repeat(x, 2, 0) == Tensor<int>{{1, 2}, {1, 2}, {3, 4}, {3, 4}});
  CHECK(repeat(x, 1, -1) == x);
  CHECK(repeat(x, 0, 0).shape() == Shape{0, 2});
  CHECK(repeat(sample({2, 3, 4}), 2, 1).shape() == Shape{2, 6, 4});
  check_shape_only(repeat(Tensor<>::shape_only({2, 3}), 3, 0), {6, 3});
}

TEST_CASE("what was repeated gets the sum of the gradients") {
  check_gradients([](const auto& in) { return tile(in[0], {2, 3, 2}); }, {sample<double>({2, 3})});
  check_gradients([](const auto& in) { return tile(in[0], {2, 0}); }, {sample<double>({2, 3})});
  check_gradients([](const auto& in) { return repeat(in[0], 3, 1); }, {sample<double>({2, 3, 2})});
  check_gradients([](const auto& in) { return repeat(in[0], 2, -1); }, {sample<double>({3})});
}

TEST_CASE("negative repetitions and shapes too large are errors") {
  const Tensor x = sample({2, 3});
  check_says(message_of<ValueError>([&] {
               static_cast<void>(tile(x, {1, -2}));
             }),
             {"tile: -2 repetitions"});
  check_says(message_of<ValueError>([&] { static_cast<void>(repeat(x, -1, 0)); }),
             {"repeat: -1 repetitions"});
  CHECK_THROWS_AS(repeat(x, 2, 2), IndexError);
  CHECK_THROWS_AS(tile(x, {1, 1, 1, 1, 1, 1, 1, 1, 1}), ShapeError);
  CHECK_THROWS_AS(repeat(x, std::numeric_limits<Index>::max(), 0), ShapeError);
  CHECK_THROWS_AS(tile(x, {std::numeric_limits<Index>::max(), 1}), ShapeError);
}
