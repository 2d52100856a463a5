// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <cmath>
#include <parton/init/identity.hpp>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;

TEST_CASE("Identity has ones on the diagonal, of a matrix that need not be square") {
  CHECK(sample(init::Identity(), {2, 2}) == Tensor{{1, 0}, {0, 1}});
  CHECK(sample(init::Identity(), {2, 3}) == Tensor{{1, 0, 0}, {0, 1, 0}});
  CHECK(sample(init::Identity(2), {3, 2}) == Tensor{{2, 0}, {0, 2}, {0, 0}});
  CHECK(sample<Eigen::bfloat16>(init::Identity(), {2, 2}) ==
        Tensor{{1, 0}, {0, 1}}.cast<Eigen::bfloat16>());
}

TEST_CASE("Identity is for matrices") {
  CHECK_THAT(message_of([] {
               sample(init::Identity(), {2, 2, 2}, "w");
             }),
             ContainsSubstring("init::Identity") && ContainsSubstring("'w'") &&
                 ContainsSubstring("(2, 2, 2)"));
  CHECK_THROWS_AS(init::Identity(std::nan("")), InitializerError);
  CHECK_THROWS_AS(sample<Eigen::half>(init::Identity(1e6), {2, 2}), InitializerError);
}

// Examples by hand from the definition of PyTorch's dirac_.
TEST_CASE("Dirac is a delta at the kernel's centre, channel by channel") {
  CHECK(sample(init::Dirac(), {2, 2, 3}) == Tensor{{{0, 1, 0}, {0, 0, 0}}, {{0, 0, 0}, {0, 1, 0}}});
  const Tensor<> w = sample(init::Dirac(), {3, 2, 2, 3});
  CHECK(w.array().sum() == 2);
  CHECK(w(0, 0, 1, 1) == 1);
  CHECK(w(1, 1, 1, 1) == 1);
}

TEST_CASE("Dirac starts anew in every group") {
  const Tensor<> w = sample(init::Dirac(2), {4, 2, 1});
  CHECK(w == Tensor{{{1}, {0}}, {{0}, {1}}, {{1}, {0}}, {{0}, {1}}});
}

// y = w * x with a delta of width 3 and padding 1 is x: the sum over the window, by hand.
TEST_CASE("a convolution with a Dirac weight passes on its input") {
  const Tensor<> w = sample(init::Dirac(), {1, 1, 3});
  const Tensor<> x = {0, 5, 7, 9, 0};
  for (Index i = 1; i < 4; ++i)
    CHECK(w(0, 0, 0) * x(i - 1) + w(0, 0, 1) * x(i) + w(0, 0, 2) * x(i + 1) == x(i));
}

TEST_CASE("Dirac refuses other ranks and groups that do not divide") {
  CHECK_THAT(message_of([] {
               sample(init::Dirac(), {2, 2}, "w");
             }),
             ContainsSubstring("init::Dirac") && ContainsSubstring("'w'") &&
                 ContainsSubstring("rank 3 to 5"));
  CHECK_THAT(message_of([] {
               sample(init::Dirac(3), {4, 2, 1}, "w");
             }),
             ContainsSubstring("groups, 3, divides"));
  CHECK_THAT(message_of([] { init::Dirac(0); }),
             ContainsSubstring("groups must be at least 1, not 0"));
}

TEST_CASE("Identity and Dirac dump their options") {
  CHECK(init::Identity().dump() == R"(["identity", {"gain": 1}])");
  CHECK(init::Dirac(2).dump() == R"(["dirac", {"groups": 2}])");
}
