// SPDX-License-Identifier: MIT
#include <parton/ops/move_axis.hpp>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("swapaxes and moveaxis are the transpositions that they name") {
  const Tensor x = sample({2, 3, 4, 5});
  CHECK(swapaxes(x, 0, -1) == transpose(x, {3, 1, 2, 0}));
  CHECK(swapaxes(x, 2, 1) == transpose(x, {0, 2, 1, 3}));
  CHECK(swapaxes(x, 1, 1) == x);
  CHECK(moveaxis(x, 0, -1) == transpose(x, {1, 2, 3, 0}));
  CHECK(moveaxis(x, -1, 0) == transpose(x, {3, 0, 1, 2}));
  CHECK(moveaxis(x, 1, 2) == transpose(x, {0, 2, 1, 3}));
  CHECK(moveaxis(x, 2, 2) == x);
  check_shape_only(moveaxis(Tensor<>::shape_only({2, 3, 4}), 0, 1), {3, 2, 4});
  check_shape_only(swapaxes(Tensor<>::shape_only({2, 3, 4}), 0, 2), {4, 3, 2});
  CHECK_THROWS_AS(swapaxes(x, 0, 4), IndexError);
  CHECK_THROWS_AS(moveaxis(x, -5, 0), IndexError);
  CHECK_THROWS_AS(moveaxis(x, 0, 4), IndexError);
}

TEST_CASE("their gradients move back") {
  check_gradients([](const auto& in) { return swapaxes(in[0], 0, 2); },
                  {sample<double>({2, 3, 4})});
  check_gradients([](const auto& in) { return moveaxis(in[0], 0, -1); },
                  {sample<double>({2, 3, 4})});
  check_gradients([](const auto& in) { return transpose(in[0]); }, {sample<double>({0, 3})});
}
