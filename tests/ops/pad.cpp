// SPDX-License-Identifier: MIT
#include <parton/ops/pad.hpp>

#include <limits>

#include <parton_test/capture.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("pad puts a value, the edge or the mirror around each axis") {
  const Tensor<int> x = {{1, 2, 3}, {4, 5, 6}};
  CHECK(pad(x, {{1, 0}, {0, 2}}) == Tensor<int>{{0, 0, 0, 0, 0}, {1, 2, 3, 0, 0}, {4, 5, 6, 0, 0}});
  CHECK(pad(x, {{0, 1}}, {.value = 7}) == Tensor<int>{{1, 2, 3}, {4, 5, 6}, {7, 7, 7}});
  CHECK(pad(x, {{1, 0}, {1, 1}}, {.mode = PadMode::edge}) ==
        Tensor<int>{{1, 1, 2, 3, 3}, {1, 1, 2, 3, 3}, {4, 4, 5, 6, 6}});
  // numpy.pad([1, 2, 3], (3, 5), mode="reflect")
  CHECK(pad(Tensor<int>{1, 2, 3}, {{3, 5}}, {.mode = PadMode::reflect}) ==
        Tensor<int>{2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2});
  CHECK(pad(Tensor<int>{4}, {{2, 1}}, {.mode = PadMode::reflect}) == Tensor<int>{4, 4, 4, 4});
  CHECK(pad(Tensor<>::empty({0}), {{1, 1}}, {.value = 0.5}) == Tensor{0.5f, 0.5f});
  CHECK(pad(x, std::vector<PadWidth>{{}, {1, 0}}).shape() == Shape{2, 4});
  const Tensor<int> same = pad(x, {{}});
  CHECK(same == x);
  CHECK_FALSE(same.shares_storage_with(x));
  CHECK(pad(Tensor<int>::full({}, 3), std::vector<PadWidth>{}).item() == 3);
  check_shape_only(pad(Tensor<>::shape_only({2, 3}), {{1, 1}, {0, 2}}), {4, 5});
}

TEST_CASE("what was repeated gets the sum of the gradients, a constant none") {
  for (const PadMode filling : {PadMode::constant, PadMode::edge, PadMode::reflect})
    check_gradients(
        [filling](const auto& in) {
          return pad(in[0], {{4, 3}, {}, {1, 2}}, {.mode = filling});
        },
        {sample<double>({3, 2, 2})});
  check_gradients([](const auto& in) { return pad(in[0], {{}}); }, {sample<double>({2})});
}

TEST_CASE("paddings that cannot be are errors") {
  const Tensor x = sample({2, 3});
  check_says(message_of<ValueError>([&] {
               static_cast<void>(pad(x, {{}, {1, -1}}));
             }),
             {"pad: 1 before and -1 after axis 1", "slice"});
  check_says(message_of<IndexError>([&] {
               static_cast<void>(pad(x, {{}, {}, {}}));
             }),
             {"pad: 3 paddings for the shape (2, 3)"});
  for (const PadMode filling : {PadMode::edge, PadMode::reflect})
    check_says(message_of<ValueError>([&] {
                 static_cast<void>(pad(Tensor<>::empty({0, 2}), {{1, 0}}, {.mode = filling}));
               }),
               {"pad: axis 0 of the shape (0, 2)", filling == PadMode::edge ? "edge" : "reflect"});
  CHECK_THROWS_AS(pad(x, {{std::numeric_limits<Index>::max(), 1}}), ShapeError);
}
