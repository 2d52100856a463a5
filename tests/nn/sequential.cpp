// SPDX-License-Identifier: MIT
#include <iterator>
#include <memory>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton/init/constant.hpp>
#include <parton/nn/activation.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/flatten.hpp>
#include <parton/nn/lambda.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/random/random.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;
using parton_test::printed;

using Names = std::vector<std::string>;

namespace {

nn::Sequential<> block1() {
  return nn::Sequential{nn::Dense(32, nn::relu), nn::Dense(16, nn::relu)};
}

nn::Sequential<> block2() {
  nn::Sequential net;
  for (int i = 0; i < 4; ++i) net.add(block1());
  return net;
}

Names paths(const nn::Block<>& net) {
  Names result;
  for (auto& [path, p] : net.named_parameters()) result.push_back(path);
  return result;
}

class Net : public nn::Sequential<> {};

}  // namespace

TEST_CASE("A3 shapes before and after the first forward") {
  nn::Sequential net{nn::Dense(256, nn::relu), nn::Dense(10)};
  net.initialize();
  CHECK(printed(net) ==
        "Sequential(\n"
        "  (0): Dense(-1 -> 256, Activation(relu))\n"
        "  (1): Dense(-1 -> 10, linear)\n"
        ")");
  CHECK(printed(net.collect_params()) ==
        "sequential0_ (\n"
        "  Parameter dense0_weight (shape=(256, -1), dtype=float32)\n"
        "  Parameter dense0_bias (shape=(256,), dtype=float32)\n"
        "  Parameter dense1_weight (shape=(10, -1), dtype=float32)\n"
        "  Parameter dense1_bias (shape=(10,), dtype=float32)\n"
        ")");
  CHECK(net[0].bias().data() == Tensor<>::zeros({256}));
  CHECK_THROWS_AS(net[0].weight().data(), DeferredInitializationError);
  CHECK_THROWS_AS(net[0].weight().grad(), DeferredInitializationError);
  net(random::uniform({2, 20}));
  CHECK(printed(net) ==
        "Sequential(\n"
        "  (0): Dense(20 -> 256, Activation(relu))\n"
        "  (1): Dense(256 -> 10, linear)\n"
        ")");
  CHECK(net[0].weight().data().shape() == Shape{256, 20});
  CHECK(net[1].weight().grad().shape() == Shape{10, 256});
}

// Rule 1: the numbers begin at 0 in each tree, whatever else the process built.
TEST_CASE("D31 the names in the nested net of the chapter") {
  const nn::Sequential other{nn::Dense(256, nn::relu), nn::Dense(10)};
  nn::Sequential rgnet;
  rgnet.add(block2());
  rgnet.add(nn::Dense(10));
  rgnet.initialize();
  rgnet(random::uniform({2, 20}));
  const auto params = rgnet.collect_params();
  Names expected;
  for (int i = 0; i < 9; ++i)
    for (const char* key : {"_weight", "_bias"})
      expected.push_back("dense" + std::to_string(i) + key);
  CHECK(params.names() == expected);
  CHECK(params.prefix() == "sequential0_");
  CHECK(rgnet[0].name() == "sequential1");
  CHECK(rgnet[0][3].name() == "sequential5");
  CHECK(params["dense0_weight"].shape() == Shape{32, 20});
  CHECK(params["dense1_weight"].shape() == Shape{16, 32});
  CHECK(params["dense2_weight"].shape() == Shape{32, 16});
  CHECK(params["dense8_weight"].shape() == Shape{10, 16});
  CHECK(&rgnet[0][1][0].bias() == &params["dense2_bias"]);
  CHECK(rgnet[0][1][0].bias().data() == Tensor<>::zeros({32}));
}

TEST_CASE("E38 indexing and slicing") {
  nn::Sequential net{nn::Dense(1), nn::Dense(2), nn::Dense(3)};
  CHECK(net.at<nn::Dense>(1).units() == 2);
  CHECK(net.at<nn::Dense>(-1).units() == 3);
  nn::Sequential part = net.slice(1, 3);
  CHECK(part.size() == 2);
  CHECK(&part[0] == &net[1]);
  CHECK(&part[1] == &net[2]);
  CHECK(net.size() == 3);
  check_says(message_of<IndexError>([&] { static_cast<void>(net[3]); }), {"'sequential0'", "3"});
  CHECK_THROWS_AS(net[-4], IndexError);
}

TEST_CASE("I74 the tied layers of the chapter have one weight, one gradient and one header") {
  auto shared = std::make_shared<nn::Dense<>>(8, nn::relu);
  nn::Sequential net;
  net.add(nn::Dense(8, nn::relu), shared, nn::Dense(8, nn::relu, {.params = shared->params()}),
          nn::Dense(10));
  net.initialize();
  net(random::uniform({2, 20}));
  net[1].weight().data()(0, 0) = 100;
  CHECK(net[2].weight().data()(0, 0) == 100);
  CHECK(net[1].weight().grad().shares_storage_with(net[2].weight().grad()));
  CHECK(net.collect_params().names() == Names{"dense0_weight", "dense0_bias", "dense1_weight",
                                              "dense1_bias", "dense3_weight", "dense3_bias"});
  CHECK(net[2].name() == "dense2");
  CHECK(printed(net[2].params()) ==
        "dense1_ (\n"
        "  Parameter dense1_weight (shape=(8, 8), dtype=float32)\n"
        "  Parameter dense1_bias (shape=(8,), dtype=float32)\n"
        ")");
}

TEST_CASE("a Sequential runs its layers in order, an empty one returns its input") {
  nn::Sequential net{
      nn::Dense(2, nn::linear, {.in_units = 1, .weight_initializer = init::Constant(3)}),
      nn::Dense(1, nn::linear, {.in_units = 2, .weight_initializer = init::Constant(-5)}),
      nn::Activation(nn::relu)};
  net.initialize();
  CHECK(net(Tensor<>{{2}, {-2}}) == Tensor<>{{0}, {60}});
  const nn::Sequential<> none;
  CHECK(none(Tensor<>{1, 2}) == Tensor<>{1, 2});
  CHECK(none.empty());
  CHECK(none.begin() == none.end());
  CHECK(printed(none) == "Sequential(\n\n)");
  CHECK_THROWS_AS(none[0], IndexError);
}

TEST_CASE("a slice shares the layers, numbers them anew, and outlives the net") {
  nn::Sequential<> tail;
  {
    nn::Sequential net{nn::Dense(1), nn::Dense(2), nn::Dense(3)};
    net.initialize();
    tail = net.slice(-2);
    CHECK(tail.collect_params().names()[0] == "dense0_weight");
    CHECK(net.collect_params().names()[2] == "dense1_weight");
    CHECK(&tail.collect_params()["dense0_weight"] == &net[1].weight());
    tail(random::uniform({1, 7}));
    CHECK(net[1].weight().shape() == Shape{2, 7});
    CHECK(net.slice(0, -1).size() == 2);
    CHECK(net.slice(1, 1).empty());
    CHECK(net.slice(3).empty());
    const std::pair<Index, Index> bad[] = {{0, 4}, {2, 1}, {-4, 2}, {0, -4}, {4, 4}};
    for (const auto& [begin, end] : bad) CHECK_THROWS_AS(net.slice(begin, end), IndexError);
    check_says(message_of<IndexError>([&] { static_cast<void>(net.slice(1, 9)); }),
               {"[1, 9)", "3 layers"});
  }
  REQUIRE(tail.size() == 2);
  CHECK(tail[0].weight().path() == "0.weight");
  CHECK(tail(random::uniform({1, 7})).shape() == Shape{1, 3});
}

TEST_CASE("a loop over a Sequential sees its layers") {
  STATIC_REQUIRE(std::ranges::forward_range<nn::Sequential<>>);
  STATIC_REQUIRE(std::is_same_v<decltype(*std::declval<const nn::Sequential<>&>().begin()),
                                const nn::Block<>&>);
  nn::Sequential net{nn::Dense(1), nn::Dense(2)};
  for (nn::Block<>& layer : net) layer.initialize(init::Constant(1));
  Index units = 0;
  const nn::Sequential<>& constant = net;
  for (const nn::Block<>& layer : constant) units += layer.bias().shape()[0];
  CHECK(units == 3);
  auto at = net.begin();
  CHECK(at++->name() == "dense0");
  CHECK(&*at == &net[1]);
  CHECK(++at == net.end());
}

TEST_CASE("add takes several layers, temporaries and shared ones, and can be chained") {
  nn::Sequential net;
  const auto held = std::make_shared<nn::Dense<>>(2);
  const std::shared_ptr<nn::Block<>> block = std::make_shared<nn::Flatten<>>();
  CHECK(&net.add(nn::Dense(1), held, block).add(nn::Activation(nn::relu)) == &net);
  CHECK(net.size() == 4);
  CHECK(&net[1] == held.get());
  CHECK(&net[2] == block.get());
  const nn::Sequential same{nn::Dense(1), held, block};
  CHECK(&same[1] == held.get());
  // The same layer in two places: one set of parameters, two rows of the print.
  net.add(held);
  CHECK(&net[1] == &net[4]);
  CHECK(paths(net) == Names{"0.weight", "0.bias", "1.weight", "1.bias"});
  CHECK(net[4].name() == "dense1");
}

TEST_CASE("add takes all its layers or none") {
  nn::Sequential net{nn::Dense(1, nn::linear, {.name = "decoder"})};
  const auto held = std::make_shared<nn::Dense<>>(2);
  CHECK_THROWS_AS(net.add(held, nn::Dense(2, nn::linear, {.name = "decoder"})), NameError);
  CHECK_THROWS_AS(net.add(held, nn::Dense(2), std::shared_ptr<nn::Dense<>>()), NameError);
  CHECK(net.size() == 1);
  CHECK(held->path().empty());
  CHECK(paths(net) == Names{"0.weight", "0.bias"});
}

TEST_CASE("a layer that was added under a key has it in its path, in print and as a child") {
  nn::Sequential net{nn::Dense(1)};
  net.add("hidden", nn::Dense(2)).add(nn::Dense(3));
  const auto held = std::make_shared<nn::Dense<>>(4);
  net.add(std::string("output"), held);
  CHECK(paths(net) == Names{"0.weight", "0.bias", "hidden.weight", "hidden.bias", "2.weight",
                            "2.bias", "output.weight", "output.bias"});
  CHECK(&net.child("output") == held.get());
  CHECK(&net.child("hidden") == &net[1]);
  CHECK(net[1].weight().name() == "dense1_weight");
  CHECK(printed(net.slice(1, 3)) ==
        "Sequential(\n  (0): Dense(-1 -> 2, linear)\n  (1): Dense(-1 -> 3, linear)\n)");
  CHECK(printed(net).find("(hidden): Dense(-1 -> 2, linear)") != std::string::npos);
  CHECK_THROWS_AS(net.add("hidden", nn::Dense(1)), NameError);
}

TEST_CASE("replace puts a layer in another one's place, under its key") {
  nn::Sequential net{nn::Dense(1), nn::Dense(2)};
  net.add("hidden", nn::Dense(3, nn::linear, {.name = "middle"}));
  net.replace(-1, nn::Dense(7)).replace(0, std::make_shared<nn::Flatten<>>());
  CHECK(paths(net) == Names{"1.weight", "1.bias", "hidden.weight", "hidden.bias"});
  CHECK(net.at<nn::Dense>(2).units() == 7);
  CHECK(net[2].name() == "dense1");
  CHECK_THROWS_AS(net.replace(3, nn::Dense(1)), IndexError);
  net.add(nn::Dense(4, nn::linear, {.name = "decoder"}));
  CHECK_THROWS_AS(net.replace(1, nn::Dense(4, nn::linear, {.name = "decoder"})), NameError);
  CHECK(net.at<nn::Dense>(1).units() == 2);
}

// Fine print of API.md: a constructor with one Sequential is a move.
TEST_CASE("nets nest by add, and a net in a constructor alone is moved") {
  nn::Sequential outer;
  outer.add(block1());
  CHECK(outer.size() == 1);
  CHECK(outer.at<nn::Sequential>(0).size() == 2);
  CHECK(outer[0][1].path() == "0.1");
  const nn::Sequential moved{block1()};
  CHECK(moved.size() == 2);
  const nn::Sequential nested{block1(), nn::Dense(3)};
  CHECK(nested.size() == 2);
  CHECK(nested[0].child_count() == 2);
}

TEST_CASE("references into a net survive its moves") {
  nn::Sequential net{nn::Dense(1, nn::linear, {.in_units = 1}), nn::Dense(2)};
  net.initialize();
  nn::Block<>& layer = net[0];
  Parameter<>& weight = layer.weight();
  nn::Sequential other = std::move(net);
  nn::Sequential third;
  third = std::move(other);
  CHECK(&third[0] == &layer);
  CHECK(&third[0].weight() == &weight);
  CHECK(weight.path() == "0.weight");
  net = nn::Sequential{nn::Dense(9)};  // a net that was moved from takes another
  CHECK(net.at<nn::Dense>(0).units() == 9);
}

TEST_CASE("at gives the layer as what it is, and names both types where it is not") {
  nn::Sequential net{nn::Dense(4), nn::Flatten()};
  const nn::Sequential<>& constant = net;
  CHECK(net.at<nn::Dense>(0).units() == 4);
  CHECK(constant.at<nn::Dense<float>>(-2).units() == 4);
  CHECK(&net.at<nn::Block<>>(1) == &net[1]);
  check_says(message_of<TypeError>([&] { static_cast<void>(net.at<nn::Dense>(1)); }),
             {"'1'", "Flatten", "Dense"});
  CHECK_THROWS_AS(net.at<nn::Dense>(2), IndexError);
}

TEST_CASE("the scalar of a Sequential is that of its layers") {
  nn::Sequential net{std::make_shared<nn::Dense<double>>(2), nn::Dense<double>(3)};
  STATIC_REQUIRE(std::is_same_v<decltype(net), nn::Sequential<double>>);
  STATIC_REQUIRE(std::is_same_v<decltype(nn::Sequential{net.slice(0)}), nn::Sequential<double>>);
  STATIC_REQUIRE(std::is_same_v<decltype(nn::Sequential()), nn::Sequential<float>>);
  net.initialize();
  CHECK(net(random::uniform<double>({2, 5})).shape() == Shape{2, 3});
}

TEST_CASE("a class derived from Sequential has its own name") {
  Net net;
  net.add(nn::Dense(1));
  CHECK(net.name() == "net0");
  CHECK(printed(net) == "Net(\n  (0): Dense(-1 -> 1, linear)\n)");
  nn::Sequential outer;
  outer.add(std::move(net));
  CHECK(outer.at<Net>(0).size() == 1);
}

TEST_CASE("layers may be added in a loop over the net, which visits those of its start") {
  nn::Sequential net{nn::Dense(1), nn::Dense(2)};
  const nn::Block<>& first = net[0];
  auto at = net.begin();
  for (nn::Block<>& layer : net)
    for (int i = 0; i < 50; ++i) net.add(nn::Dense(static_cast<Index>(layer.child_count()) + 3));
  CHECK(net.size() == 102);
  CHECK(&*at == &first);
  CHECK(&*++at == &net[1]);
  CHECK_THROWS_AS(*net.end(), IndexError);
}

TEST_CASE("a layer that adds layers while the net runs leaves this run as it was") {
  nn::Sequential net;
  net.add(nn::Lambda([&net](const Tensor<>& x) {
            for (int i = 0; i < 20; ++i) net.add(nn::Flatten());
            return x;
          }),
          nn::Dense(2));
  net.initialize();
  CHECK(net(random::uniform({2, 3})).shape() == Shape{2, 2});
  CHECK(net.size() == 22);
}
