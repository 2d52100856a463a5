// SPDX-License-Identifier: MIT
#include <parton/ops/squeeze.hpp>

#include <parton/ops/arithmetic.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("expand_dims puts an axis of length 1 anywhere") {
  const Tensor x = sample({2, 3});
  CHECK(expand_dims(x, 0).shape() == Shape{1, 2, 3});
  CHECK(expand_dims(x, 1).shape() == Shape{2, 1, 3});
  CHECK(expand_dims(x, 2).shape() == Shape{2, 3, 1});
  CHECK(expand_dims(x, -1).shape() == Shape{2, 3, 1});
  CHECK(expand_dims(x, -3).shape() == Shape{1, 2, 3});
  CHECK(expand_dims(Tensor<int>::full({}, 1), 0).shape() == Shape{1});
  CHECK(expand_dims(x, 0).shares_storage_with(x));
  check_shape_only(expand_dims(Tensor<>::shape_only({2}), 1), {2, 1});
  CHECK_THROWS_AS(expand_dims(x, 3), IndexError);
  CHECK_THROWS_AS(expand_dims(x, -4), IndexError);
  CHECK_THROWS_AS(expand_dims(sample({1, 1, 1, 1, 1, 1, 1, 1}), 0), ShapeError);
}

TEST_CASE("squeeze takes axes of length 1 out, all or those named") {
  const Tensor x = sample({1, 2, 1, 3, 1});
  CHECK(squeeze(x).shape() == Shape{2, 3});
  CHECK(squeeze(x, 0).shape() == Shape{2, 1, 3, 1});
  CHECK(squeeze(x, {0, -1}).shape() == Shape{2, 1, 3});
  CHECK(squeeze(x, Axes()).shape() == x.shape());
  CHECK(squeeze(sample({1, 1})).shape() == Shape{});
  CHECK(squeeze(x).shares_storage_with(x));
  check_says(message_of<ShapeError>([&] { static_cast<void>(squeeze(x, 1)); }),
             {"squeeze: an axis of length 2 of the shape (1, 2, 1, 3, 1)"});
  CHECK_THROWS_AS(squeeze(x, 5), IndexError);
  CHECK_THROWS_AS(squeeze(x, {0, 0}), ValueError);
}

TEST_CASE("gradients pass through in the input's shape") {
  check_gradients([](const auto& in) { return expand_dims(in[0], 1) * 2; },
                  {sample<double>({2, 3})});
  check_gradients([](const auto& in) { return squeeze(in[0]) * 2; }, {sample<double>({1, 3})});
}
