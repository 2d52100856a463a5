// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <parton/init/bilinear.hpp>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;

// Gluon's case 54.
TEST_CASE("Bilinear of 4x4 is the outer product of .25 .75 .75 .25 with itself, exactly") {
  const Tensor<> w = sample(init::Bilinear(), {1, 1, 4, 4});
  const float axis[] = {.25f, .75f, .75f, .25f};
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 4; ++x) CHECK(w(0, 0, y, x) == axis[y] * axis[x]);
}

// Reference 6.1: 3 wide gives .25 .75 .75.
TEST_CASE("Bilinear is Gluon's also where that is not symmetric") {
  const Tensor<> w = sample(init::Bilinear(), {1, 1, 3, 3});
  const float axis[] = {.25f, .75f, .75f};
  for (int y = 0; y < 3; ++y)
    for (int x = 0; x < 3; ++x) CHECK(w(0, 0, y, x) == axis[y] * axis[x]);
}

// f = 2 from the width 4: c = 0.75, so y = 0, 1 of a height of 2 have 1 - |y / 2 - 0.75| = .25,
// .75.
TEST_CASE("Bilinear takes f from the width for both axes") {
  const Tensor<> w = sample(init::Bilinear(), {1, 1, 2, 4});
  CHECK(w.reshape({2, 4}) ==
        Tensor{{.0625f, .1875f, .1875f, .0625f}, {.1875f, .5625f, .5625f, .1875f}});
}

TEST_CASE("Bilinear is the same for every output and input") {
  const Tensor<> w = sample(init::Bilinear(), {2, 3, 4, 4});
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) CHECK(w[i][j] == w[0][0]);
}

// Long et al. 2015: the triangle of half-width ceil(n / 2) around (n - 1) / 2.
TEST_CASE("a symmetric Bilinear is centred on every axis") {
  const init::AnyInitializer<float> rule = init::Bilinear({.symmetric = true});
  CHECK(sample(rule, {1, 1, 1, 3}).reshape({3}) == Tensor{.5f, 1.f, .5f});
  CHECK(sample(rule, {1, 1, 1, 4}).reshape({4}) == Tensor{.25f, .75f, .75f, .25f});
  CHECK(sample(rule, {1, 1, 3, 4}).reshape({3, 4})[1] == Tensor{.25f, .75f, .75f, .25f});
  CHECK(sample(rule, {1, 1, 3, 4}).reshape({3, 4})[0] == Tensor{.125f, .375f, .375f, .125f});
}

TEST_CASE("Bilinear is for rank 4") {
  CHECK_THAT(message_of([] {
               sample(init::Bilinear(), {4, 4}, "up_weight");
             }),
             ContainsSubstring("init::Bilinear") && ContainsSubstring("'up_weight'") &&
                 ContainsSubstring("rank 4"));
  CHECK(sample(init::Bilinear(), {1, 1, 0, 0}).size() == 0);
}

TEST_CASE("Bilinear dumps what differs from Gluon's") {
  CHECK(init::Bilinear().dump() == R"(["bilinear", {}])");
  CHECK(init::Bilinear({.symmetric = true}).dump() == R"(["bilinear", {"symmetric": true}])");
}
