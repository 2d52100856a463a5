// SPDX-License-Identifier: MIT
#include <parton/nn/dense.hpp>
#include <parton/nn/infer_shapes.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/product.hpp>
#include <parton/ops/reduce.hpp>
#include <parton/random/random.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

class Squaring : public nn::Block<float> {
 public:
  Tensor<> forward(const Tensor<>& input) const override {
    const Tensor<> x = dense(input);
    return dot(x, square.data()) + x;
  }
  nn::Dense<>& dense = add_child("dense", nn::Dense(5));
  Parameter<>& square = add_parameter("square", {.shape = {5, 5}});
};

class Branching : public nn::Block<float> {
 public:
  Tensor<> forward(const Tensor<>& input) const override {
    return norm(input).item() > 1 ? input / 2 : input;
  }
};

}  // namespace

TEST_CASE("infer_shapes tells every parameter its shape without initializing anything") {
  nn::Sequential net{nn::Dense(256, nn::relu), nn::Dense(10)};
  CHECK(infer_shapes(net, {2, 20}) == Shape{2, 10});
  CHECK(net[0].weight().shape() == Shape{256, 20});
  CHECK(net[1].weight().shape() == Shape{10, 256});
  CHECK(net[0].weight().state() == ParameterState::shaped);
  CHECK_THROWS_AS(net(random::uniform({2, 20})), UninitializedError);
}

TEST_CASE("infer_shapes completes the initialization that waited") {
  nn::Sequential net{nn::Dense(4)};
  net.initialize({.seed = 3});
  CHECK(net[0].weight().is_deferred());
  infer_shapes(net, {1, 2});
  CHECK(net[0].weight().is_initialized());
  nn::Sequential other{nn::Dense(4, nn::linear, {.in_units = 2})};
  other.initialize({.seed = 3});
  CHECK(net[0].weight().data() == other[0].weight().data());
}

TEST_CASE("infer_shapes follows the forward of an own block, whose parameters need no values") {
  Squaring net;
  CHECK(infer_shapes(net, {7, 3}) == Shape{7, 5});
  CHECK(net.dense.weight().shape() == Shape{5, 3});
}

TEST_CASE(
    "infer_shapes of a forward that branches on values is an error that says to run it once") {
  const Branching net;
  CHECK_THROWS_AS(infer_shapes(net, {2, 2}), ValueError);
  CHECK_THROWS_WITH(infer_shapes(net, {2, 2}),
                    Catch::Matchers::ContainsSubstring("run net(x) once"));
  CHECK(net(Tensor<>{{3, 4}}) == Tensor<>{{1.5, 2}});
}

TEST_CASE("infer_shapes refuses an input that does not fit, and ends when it throws") {
  nn::Sequential net{nn::Dense(4, nn::linear, {.in_units = 3})};
  CHECK_THROWS_AS(infer_shapes(net, {2, 20}), ShapeError);
  CHECK_THROWS_AS(net[0].weight().data(), UninitializedError);
}

TEST_CASE("infer_shapes runs no hooks") {
  nn::Sequential net{nn::Dense(4)};
  int calls = 0;
  net[0].register_forward_hook([&](const auto&, const auto&, const auto&) { ++calls; });
  infer_shapes(net, {2, 20});
  CHECK(calls == 0);
}
