// SPDX-License-Identifier: MIT
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <parton/init/constant.hpp>
#include <parton/init/normal.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/random/random.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;
using parton_test::printed;

using Names = std::vector<std::string>;

TEST_CASE("A5 a deferred layer is initialized by its first call, and only by that") {
  nn::Dense layer(10);
  layer.initialize();
  CHECK(layer.weight().shape() == Shape{10, -1});
  CHECK(layer.bias().data() == Tensor<>::zeros({10}));
  const Tensor x = random::uniform({5, 4});
  CHECK(layer(x).shape() == Shape{5, 10});
  CHECK(layer.weight().shape() == Shape{10, 4});
  const Tensor first = layer.weight().data().copy();
  layer(x);
  CHECK(layer.weight().data() == first);
}

// The five-layer stack of this case is in tests/nn/activation.cpp.
TEST_CASE("F42 the shapes of a Dense, with and without flattening") {
  nn::Dense open(128, nn::tanh, {.flatten = false, .in_units = 10, .name = "test"});
  open.initialize();
  CHECK(open(random::uniform({2, 3, 10})).shape() == Shape{2, 3, 128});
  CHECK(open.collect_params().names() == Names{"test_weight", "test_bias"});
  nn::Dense flat(128, nn::relu, {.in_units = 30, .name = "test2"});
  flat.initialize();
  CHECK(flat(random::uniform({17, 2, 5, 3})).shape() == Shape{17, 128});
  CHECK(flat.collect_params().names() == Names{"test2_weight", "test2_bias"});
}

TEST_CASE("a Dense computes the activation of x W^T + b") {
  nn::Dense layer(2, nn::relu, {.in_units = 3});
  layer.weight().set_data(Tensor<>{{1, 2, 3}, {-1, 0, 1}});
  layer.bias().set_data({10, -3});
  const Tensor<> x{{1, 1, 1}, {0, 2, 4}};
  CHECK(layer(x) == Tensor<>{{16, 0}, {26, 1}});
  nn::Dense plain(2, {.use_bias = false, .params = layer.params()});
  CHECK(plain(x) == Tensor<>{{6, 0}, {16, 4}});
  nn::Dense own(2, nn::ActivationFunction<float>([](const Tensor<>& z) { return z * z; }, "square"),
                {.params = layer.params()});
  CHECK(own(x) == Tensor<>{{256, 9}, {676, 1}});
  CHECK(layer(x.matrix()) == layer(x));
}

TEST_CASE("a Dense says what it was told") {
  const nn::Dense plain(3);
  CHECK(plain.units() == 3);
  CHECK(plain.in_units() == -1);
  CHECK(plain.use_bias());
  CHECK(plain.flatten());
  CHECK(plain.activation().is_linear());
  CHECK(plain.name() == "dense0");
  const nn::Dense told(3, nn::relu,
                       {.use_bias = false, .flatten = false, .in_units = 4, .name = "decoder"});
  CHECK(told.in_units() == 4);
  CHECK_FALSE(told.use_bias());
  CHECK_FALSE(told.flatten());
  CHECK(told.activation().name() == "relu");
  CHECK(told.name() == "decoder");
  const nn::Dense copy = told.clone();
  CHECK(copy.in_units() == 4);
  CHECK_FALSE(copy.use_bias());
  CHECK_FALSE(copy.flatten());
  CHECK(copy.activation().name() == "relu");
  CHECK(copy.name() == "decoder");
}

TEST_CASE("a Dense prints both widths and its activation, as in Gluon") {
  nn::Dense layer(3);
  CHECK(printed(layer) == "Dense(-1 -> 3, linear)");
  layer.initialize();
  layer(random::uniform({1, 7}));
  CHECK(printed(layer) == "Dense(7 -> 3, linear)");
  CHECK(printed(nn::Dense(3, nn::sigmoid, {.in_units = 2})) ==
        "Dense(2 -> 3, Activation(sigmoid))");
}

TEST_CASE("without bias there is one parameter, and asking for the other says so") {
  nn::Dense layer(3, {.use_bias = false});
  CHECK(layer.params().names() == Names{"dense0_weight"});
  check_says(message_of<KeyError>([&] { static_cast<void>(layer.bias()); }),
             {"'dense0'", "Dense", "'bias'", "'weight'"});
  layer.initialize();
  CHECK(layer(Tensor<>::zeros({2, 5})) == Tensor<>::zeros({2, 3}));
}

TEST_CASE("the width is that of all axes but the first, or of the last without flattening") {
  const auto shapes = [](bool flatten, const Shape& input) {
    nn::Dense layer(3, nn::linear, {.flatten = flatten});
    layer.initialize();
    const Shape output = layer(Tensor<>::zeros(input)).shape();
    return std::make_pair(layer.in_units(), output);
  };
  CHECK(shapes(true, {2, 5}) == std::make_pair(Index{5}, Shape{2, 3}));
  CHECK(shapes(true, {2, 5, 4, 2}) == std::make_pair(Index{40}, Shape{2, 3}));
  CHECK(shapes(true, {6}) == std::make_pair(Index{1}, Shape{6, 3}));
  CHECK(shapes(true, {0, 5}) == std::make_pair(Index{5}, Shape{0, 3}));
  CHECK(shapes(true, {2, 0}) == std::make_pair(Index{0}, Shape{2, 3}));
  CHECK(shapes(false, {2, 5, 4}) == std::make_pair(Index{4}, Shape{2, 5, 3}));
  CHECK(shapes(false, {6}) == std::make_pair(Index{6}, Shape{3}));
}

TEST_CASE("an input that does not fit is an error with both widths and the parameter's path") {
  nn::Sequential net{nn::Dense(3, nn::linear, {.in_units = 4}),
                     nn::Dense(2, nn::linear, {.flatten = false})};
  net.initialize();
  check_says(message_of<ShapeError>([&] {
               net(Tensor<>::zeros({1, 5}));
             }),
             {"'dense0_weight'", "0.weight", "width 4", "width 5", "(1, 5)", "in_units = 5"});
  net(Tensor<>::zeros({1, 4}));
  check_says(message_of<ShapeError>([&] {
               net[1](Tensor<>::zeros({1, 3, 4}));
             }),
             {"1.weight", "width 3", "width 4", "last axis"});
  CHECK_THROWS_AS(net(Tensor<>::full({}, 1)), ShapeError);
  CHECK(net[0].weight().shape() == Shape{3, 4});
  CHECK(net(Tensor<>::zeros({2, 2, 2})).shape() == Shape{2, 2});
}

TEST_CASE("a forward before any initialization says so by name") {
  const nn::Sequential net{nn::Dense(3, nn::linear, {.in_units = 4})};
  check_says(message_of<UninitializedError>([&] {
               net(Tensor<>::zeros({1, 4}));
             }),
             {"dense0_", "path 0.", "initialize()"});
}

TEST_CASE("the widths of a Dense are in their domain") {
  check_says(message_of<ValueError>([] { nn::Dense layer(0); }), {"units", "Dense", "0"});
  CHECK_THROWS_AS(nn::Dense(-3), ValueError);
  check_says(message_of<ValueError>([] { nn::Dense(1, nn::linear, {.in_units = -1}); }),
             {"in_units", "-1"});
  CHECK_THROWS_AS(nn::Dense(std::numeric_limits<Index>::max()), ShapeError);
  CHECK_THROWS_AS(nn::Dense(std::numeric_limits<std::uint64_t>::max()), ShapeError);
  CHECK_THROWS_AS(nn::Dense(1, nn::linear, {.name = "a.b"}), NameError);
  CHECK(nn::Dense(std::size_t{3}).units() == 3);
}

TEST_CASE("the initializers of a Dense are its parameters' own ones") {
  nn::Dense layer(
      2, nn::linear,
      {.in_units = 2, .weight_initializer = init::Constant(3), .bias_initializer = init::One()});
  layer.initialize(init::Normal(1));
  CHECK(layer.weight().data() == Tensor<>::full({2, 2}, 3));
  CHECK(layer.bias().data() == Tensor<>::full({2}, 1));
  // Gluon's bias_initializer=None: the net's rule fills the bias too.
  nn::Dense none(2, nn::linear, {.in_units = 2, .bias_initializer = {}});
  none.initialize(init::Constant(4));
  CHECK(none.bias().data() == Tensor<>::full({2}, 4));
}

// Rule 7 of API.md.
TEST_CASE(
    "a Dense with params has the same parameters, and either side tells the other its width") {
  const nn::Dense shared(8);
  const nn::Dense informed(8, nn::relu, {.in_units = 4, .params = shared.params()});
  CHECK(&informed.weight() == &shared.weight());
  CHECK(&informed.bias() == &shared.bias());
  CHECK(shared.in_units() == 4);
  const nn::Dense third(8, nn::relu, {.params = informed.params()});
  CHECK(&third.weight() == &shared.weight());
  CHECK(third.in_units() == 4);
  CHECK(third.activation().name() == "relu");
}

TEST_CASE("a Dense may share the weight alone") {
  const nn::Dense bare(8, {.use_bias = false});
  const nn::Dense biased(8, nn::linear, {.params = bare.params()});
  CHECK(&biased.weight() == &bare.weight());
  CHECK(biased.bias().shape() == Shape{8});
  const nn::Dense again(8, {.use_bias = false, .params = biased.params()});
  CHECK(again.params().size() == 1);
}

TEST_CASE("a tie that cannot be made is an error that says why") {
  const nn::Dense shared(8, nn::linear, {.in_units = 4});
  const auto refused = [](Index units, nn::DenseOptions<> options) {
    return message_of<TieError>([&] { nn::Dense(units, nn::linear, std::move(options)); });
  };
  check_says(refused(9, {.params = shared.params()}),
             {"'dense0_weight'", "shape", "(8, 4)", "(9, -1)"});
  check_says(refused(8, {.in_units = 5, .params = shared.params()}), {"(8, 4)", "(8, 5)"});
  check_says(refused(8, {.bias_initializer = init::One(), .params = shared.params()}),
             {"'dense0_bias'", "initializer", "zero", "one"});
  check_says(refused(8, {.params = ParameterDict<>()}), {"Dense", "empty"});
  const nn::Sequential two{nn::Dense(8), nn::Dense(8)};
  check_says(refused(8, {.params = two.params()}), {"Dense", "empty"});
  check_says(refused(8, {.params = two.collect_params()}),
             {"'dense0_weight'", "'dense1_weight'", "params() of one layer"});
  CHECK_FALSE(shared.weight().has_several_owners());
}

TEMPLATE_TEST_CASE("a Dense works in every scalar", "", double, Eigen::half, Eigen::bfloat16) {
  nn::Dense<TestType> layer(2, nn::relu);
  layer.initialize(init::Constant(2));
  CHECK(layer(Tensor<TestType>::full({1, 3}, static_cast<TestType>(0.5f))) ==
        Tensor<TestType>::full({1, 2}, static_cast<TestType>(3.f)));
}

TEST_CASE("the first forward of a const Dense may come from many threads") {
  nn::Sequential waiting{nn::Dense(16, nn::relu), nn::Dense(4)};
  waiting.initialize({.seed = 5});
  nn::Sequential alone{nn::Dense(16, nn::relu), nn::Dense(4)};
  alone.initialize({.seed = 5});
  const nn::Sequential<>& net = waiting;
  const Tensor x = random::uniform({3, 8});
  std::vector<Tensor<>> results(8);
  std::vector<std::thread> threads;
  for (Tensor<>& result : results) threads.emplace_back([&] { result = net(x); });
  for (std::thread& thread : threads) thread.join();
  const Tensor expected = alone(x);
  for (const Tensor<>& result : results) CHECK(result == expected);
}
