// SPDX-License-Identifier: MIT
#include <sstream>

#include <parton/init/constant.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/flatten.hpp>
#include <parton/nn/infer_shapes.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/warning.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("Flatten keeps the first axis and collapses the rest") {
  const nn::Flatten layer;
  CHECK(layer(Tensor<>::zeros({2, 3, 4})).shape() == Shape{2, 12});
  CHECK(layer(Tensor<>{{1, 2}, {3, 4}}) == Tensor<>{{1, 2}, {3, 4}});
  CHECK(layer(Tensor<>{1, 2, 3}) == Tensor<>{{1}, {2}, {3}});
  CHECK(layer(Tensor<>::zeros({0, 5})).shape() == Shape{0, 5});
  CHECK_THROWS_AS(layer(Tensor<>::full({}, 1)), ShapeError);
}

TEST_CASE("Flatten prints without parentheses, as in Gluon") {
  std::ostringstream os;
  os << nn::Sequential{nn::Flatten(), nn::Dense(3)};
  CHECK(os.str() == "Sequential(\n  (0): Flatten\n  (1): Dense(-1 -> 3, linear)\n)");
}

TEST_CASE("Flatten in a net: names, shapes and clone") {
  nn::Sequential net{nn::Flatten(), nn::Flatten({.name = "again"}), nn::Dense(3)};
  CHECK(net[0].name() == "flatten0");
  CHECK(net[1].name() == "again");
  CHECK(infer_shapes(net, {2, 5, 7}) == Shape{2, 3});
  CHECK(net[2].weight().shape() == Shape{3, 35});
  net.initialize();
  nn::Sequential copy = net.clone();
  CHECK(copy[1].name() == "again");
  CHECK(copy(Tensor<>::zeros({2, 5, 7})).shape() == Shape{2, 3});
  CHECK(nn::Flatten<Eigen::half>().clone()(Tensor<Eigen::half>{1, 2}).shape() == Shape{2, 1});
}

// Case 45, Gluon's test_hybrid_stale_cache: zero weights and a bias of ones give ones.
TEST_CASE("a Flatten may be added, or a layer replaced, after a first forward") {
  nn::Sequential net;
  net.add(nn::Dense(
      10, nn::linear,
      {.flatten = false, .weight_initializer = init::Zero(), .bias_initializer = init::One()}));
  net.initialize();
  const Tensor<> ones = Tensor<>::full({2, 3, 5}, 1);
  CHECK(net(ones) == Tensor<>::full({2, 3, 10}, 1));
  net.add(nn::Flatten());
  CHECK(net(ones) == Tensor<>::full({2, 30}, 1));

  nn::Sequential second;
  second.add("fc1", nn::Dense(10, nn::linear, {.flatten = false}));
  second.add("fc2", nn::Dense(10, nn::linear, {.flatten = false}));
  second.initialize();
  CHECK(second(ones).shape() == Shape{2, 3, 10});
  const Tensor<> kept = second[0].weight().data().copy();
  second.replace(1, nn::Dense(10, nn::linear, {.flatten = true}));
  second.child("fc2").initialize();
  CHECK(second(ones).shape() == Shape{2, 10});
  CHECK(second[0].weight().data() == kept);
}
