// SPDX-License-Identifier: MIT
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton/init/constant.hpp>
#include <parton/nn/block.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/dropout.hpp>
#include <parton/nn/lambda.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/product.hpp>
#include <parton/random/random.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;
using parton_test::printed;
using parton_test::Warnings;

using Names = std::vector<std::string>;

namespace {

struct Identity : nn::Block<> {
  Tensor<> forward(const Tensor<>& x) const override { return x; }
};

struct AddConstant : nn::Block<> {
  Tensor<> forward(const Tensor<>& x) const override { return x + value.data(); }
  Parameter<>& value = add_constant("const", Tensor<>{{1, 2}, {3, 4}});
};

/// Two layers in the block's scope, and one with a name of its own.
struct Model : nn::Block<> {
  Tensor<> forward(const Tensor<>& x) const override { return mine(second(first(x))); }
  nn::Dense<>& first = add_child("first", nn::Dense(2));
  nn::Dense<>& second = add_child("second", nn::Dense(2));
  nn::Dense<>& mine = add_child("mine", nn::Dense(2, nn::linear, {.name = "mydense"}));
};

/// Two layers, each of its own or tied to that of another pair.
struct Pair : nn::Block<> {
  explicit Pair(const Pair* other = nullptr)
      : first(add_child("first", layer(other == nullptr ? nullptr : &other->first))),
        second(add_child("second", layer(other == nullptr ? nullptr : &other->second))) {}
  Tensor<> forward(const Tensor<>& x) const override { return second(first(x)); }
  static nn::Dense<> layer(const nn::Dense<>* other) {
    if (other == nullptr) return nn::Dense(5, nn::linear, {.in_units = 5});
    return nn::Dense(5, nn::linear, {.params = other->params()});
  }
  nn::Dense<>& first;
  nn::Dense<>& second;
};

struct Container : nn::Block<> {
  explicit Container(const std::string& name = "") { set_name(name); }
  Tensor<> forward(const Tensor<>& x) const override { return x; }
  using nn::Block<>::add_child;
  using nn::Block<>::add_constant;
  using nn::Block<>::add_parameter;
  using nn::Block<>::replace_child;
};

struct Weighted : nn::Block<> {
  Tensor<> forward(const Tensor<>& x) const override { return x * weight.data() + bias.data(); }
  Parameter<>& weight = add_parameter("weight", {.shape = {3}});
  Parameter<>& bias = add_parameter("bias", {.shape = {3}, .initializer = init::Zero()});
};

struct Unregistered : nn::Block<> {
  Tensor<> forward(const Tensor<>& x) const override { return plain(x); }
  nn::Dense<> plain{3};
};

struct Layer : Identity {};
struct Layer1 : Identity {};

}  // namespace

// Without the training; a constant's name that is taken is an error whatever the value.
TEST_CASE("C24 a constant is used") {
  AddConstant net;
  CHECK(net(Tensor<>::full({2, 2}, 1)) == Tensor<>{{2, 3}, {4, 5}});
  net.initialize(init::Constant(9));
  net.initialize(init::Constant(9), {.force_reinit = true, .override_own = true});
  CHECK(net.value.data() == Tensor<>{{1, 2}, {3, 4}});
  check_says(message_of<GradientError>([&] { static_cast<void>(net.value.grad()); }),
             {"'addconstant0_const'"});
  check_says(message_of<KeyError>([&] { static_cast<void>(net.parameter("other")); }),
             {"'other'", "'const'"});
  Container block;
  block.add_parameter("w", {.shape = {1}});
  CHECK_THROWS_AS(block.add_constant("w", Tensor<>{1}), NameError);
}

TEST_CASE("D27 collecting with patterns") {
  Container net("test");
  net.add_child("conv0", nn::Dense(10, nn::linear, {.name = "conv0"}));
  net.add_child("dense0", nn::Dense(10));
  CHECK(net.collect_params().names() ==
        Names{"conv0_weight", "conv0_bias", "dense0_weight", "dense0_bias"});
  CHECK(net.collect_params(".*weight").names() == Names{"conv0_weight", "dense0_weight"});
  CHECK(net.collect_params("conv0_bias|dense0_bias").names() == Names{"conv0_bias", "dense0_bias"});
  CHECK(net.collect_params().prefix() == "test_");
}

// Rule 1: numbers go through the whole tree, no name contains that of the block around it.
TEST_CASE("D30 the names in a class with layers") {
  const Model one, other;
  const Names names{"dense0_weight", "dense0_bias",    "dense1_weight",
                    "dense1_bias",   "mydense_weight", "mydense_bias"};
  CHECK(one.collect_params().names() == names);
  CHECK(other.collect_params().names() == names);
  CHECK(one.name() == "model0");
  CHECK(other.first.name() == "dense0");
  nn::Sequential<> both;
  both.add(Model(), Pair());
  CHECK(both[0].name() == "model0");
  CHECK(both[1].name() == "pair0");
  CHECK(both[1][1].name() == "dense3");
  check_says(message_of<NameError>([&] { both.add(Model()); }),
             {"'mydense'", "'0.mine'", "'2.mine'"});
}

TEST_CASE("D33 apply visits the children first and returns the block") {
  Container net("test");
  net.add_child("dense", nn::Dense(10));
  net.add_child("dropout", nn::Dropout(0.5));
  Names names;
  CHECK(&net.apply([&](const nn::Block<>& block) { names.push_back(block.name()); }) == &net);
  CHECK(names == Names{"dense0", "dropout0", "test"});
}

// What a name refers to is fixed by the types: the refusals are the compiler's.
TEST_CASE("E36 the rules for what stands in a block") {
  STATIC_REQUIRE_FALSE(std::is_assignable_v<nn::Dense<>&, int>);
  STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<nn::Dense<>>);
  STATIC_REQUIRE_FALSE(std::is_assignable_v<nn::Dense<>&, Parameter<>&>);
  STATIC_REQUIRE_FALSE(std::is_assignable_v<Parameter<>&, Parameter<>&>);
  Model net;
  net.first = nn::Dense(7);
  CHECK(&net[0] == &net.first);
  CHECK(net.at<nn::Dense>(0).units() == 7);
  CHECK(net.first.name() == "dense0");
  CHECK(net.first.weight().path() == "first.weight");
  CHECK(net.collect_params().size() == 6);
}

// No container is searched: a layer is registered, or its forward says by name that it is not.
TEST_CASE("E37 layers in a container are not lost silently") {
  const Warnings warnings;
  Container net;
  std::vector<nn::Dense<>*> layers;
  for (const char* key : {"a", "b"}) layers.push_back(&net.add_child(key, nn::Dense(2)));
  CHECK(net.collect_params().size() == 4);
  CHECK(&net.child("b") == layers[1]);
  CHECK(warnings.texts.empty());
  Unregistered lost;
  lost.initialize();
  CHECK_THROWS_AS(lost(Tensor<>::zeros({1, 2})), UninitializedError);
}

TEST_CASE("E41 forward hooks end when they are detached") {
  nn::Dense layer(10);
  layer.initialize();
  int before = 0, after = 0;
  auto pre = layer.register_forward_pre_hook([&](const auto&, const auto&) { ++before; });
  auto post = layer.register_forward_hook([&](const auto&, const auto&, const auto&) { ++after; });
  const Tensor x = random::uniform({3, 5});
  layer(x);
  CHECK(std::make_pair(after, before) == std::make_pair(1, 1));
  post.detach();
  layer(x);
  CHECK(std::make_pair(after, before) == std::make_pair(1, 2));
  pre.detach();
  layer(x);
  CHECK(std::make_pair(after, before) == std::make_pair(1, 2));
}

// Each layer is tied by its own params(); names are those of the tree that is asked.
TEST_CASE("I70 sharing a composite") {
  Pair one;
  const Pair two(&one);
  one.initialize();
  CHECK(two(random::uniform({3, 5})).shape() == Shape{3, 5});
  CHECK(&two.first.weight() == &one.first.weight());
  CHECK(&two.collect_params()["dense1_bias"] == &one.second.bias());
  CHECK(two.collect_params().names() == one.collect_params().names());
  check_says(message_of<TieError>([&] { nn::Dense(5, {.params = one.collect_params()}); }),
             {"'dense0_weight'", "'dense1_weight'"});
}

TEST_CASE("what is registered is found by key, by position and by path") {
  nn::Sequential<> net;
  net.add(Pair(), std::make_shared<Model>());
  CHECK(net.child_count() == 2);
  CHECK(&net.child("0.second") == &net[0][1]);
  CHECK(&net.child("1") == &net[-1]);
  CHECK(&net[0][0].parameter("bias") == &net[0][0].bias());
  CHECK(net.at<Pair>(0).second.units() == 5);
  const auto& constant = net;
  CHECK(&constant.child("0.first") == &constant[0][0]);
  CHECK(&constant[0][0].weight() == &constant[0][0].parameter("weight"));
  check_says(message_of<KeyError>([&] { static_cast<void>(net.child("0.secnod")); }),
             {"'secnod'", "Pair", "'second'"});
  CHECK_THROWS_AS(net.child(""), KeyError);
  CHECK_THROWS_AS(net.child("0."), KeyError);
  check_says(message_of<KeyError>([&] { static_cast<void>(net[0].weight()); }),
             {"'pair0'", "Pair", "'weight'", "none"});
  check_says(message_of<IndexError>([&] { static_cast<void>(net[2]); }), {"sequential0", "2"});
  check_says(message_of<TypeError>([&] { static_cast<void>(net.at<Model>(0)); }),
             {"'0'", "Pair", "Model"});
}

// Rule 2 of API.md.
TEST_CASE("visit_parameters calls with what named_parameters lists, ties and all") {
  auto shared = std::make_shared<nn::Dense<>>(4);
  nn::Sequential net{nn::Sequential{nn::Dense(3), nn::Dense(4)}, shared,
                     nn::Dense(4, nn::linear, {.params = shared->params()})};
  net.add(shared);
  std::vector<std::string> paths;
  std::vector<const Parameter<>*> visited;
  net.visit_parameters([&](std::string_view path, Parameter<>& parameter) {
    paths.emplace_back(path);
    visited.push_back(&parameter);
  });
  CHECK(paths == std::vector<std::string>{"0.0.weight", "0.0.bias", "0.1.weight", "0.1.bias",
                                          "1.weight", "1.bias"});
  std::size_t at = 0;
  for (auto& [path, parameter] : net.named_parameters()) {
    CHECK(path == paths.at(at));
    CHECK(&parameter == visited.at(at++));
  }
  CHECK(at == visited.size());
}

TEST_CASE("named_parameters has paths from the block on, a parameter has its path in the tree") {
  nn::Sequential<> net;
  net.add(nn::Dense(1), Pair());
  const auto all = net.named_parameters(), below = net[1].named_parameters();
  REQUIRE(all.size() == 6);
  CHECK(all[5].name() == "1.second.bias");
  REQUIRE(below.size() == 4);
  CHECK(below[3].name() == "second.bias");
  CHECK(below[3].parameter().path() == "1.second.bias");
  CHECK(net[1][1].path() == "1.second");
  CHECK(net.path().empty());
}

TEST_CASE("own parameters come before those of the children") {
  Container net;
  net.add_child("layer", nn::Dense(1));
  net.add_parameter("scale", {.shape = {1}});
  CHECK(net.collect_params().names() == Names{"container0_scale", "dense0_weight", "dense0_bias"});
  CHECK(net.params().names() == Names{"container0_scale"});
}

TEST_CASE("a key is registered once in a block, as a parameter or as a child") {
  Container net;
  net.add_parameter("a", {.shape = {1}});
  net.add_child("b", nn::Dense(1));
  check_says(message_of<NameError>([&] { net.add_child("a", nn::Dense(1)); }), {"'a'", "twice"});
  CHECK_THROWS_AS(net.add_parameter("b", {.shape = {1}}), NameError);
  CHECK_THROWS_AS(net.add_parameter("c.d", {.shape = {1}}), NameError);
  CHECK_THROWS_AS(net.add_child("", nn::Dense(1)), NameError);
  CHECK_THROWS_AS(net.add_child("c", std::shared_ptr<nn::Dense<>>()), NameError);
  CHECK_THROWS_AS(Container("a b"), NameError);
  CHECK(net.collect_params().size() == 3);
}

TEST_CASE("add_child returns the layer that it moved in or shares") {
  Container net;
  const auto held = std::make_shared<nn::Dense<>>(2);
  CHECK(&net.add_child("shared", held) == held.get());
  nn::Dense<>& moved = net.add_child("moved", nn::Dense(3));
  CHECK(&net[1] == &moved);
  net.replace_child("moved", held);
  CHECK(&net[1] == held.get());
  CHECK(net.collect_params().size() == 2);
  CHECK_THROWS_AS(net.replace_child("other", held), KeyError);
}

TEST_CASE("an automatic name that meets another one is an error with both paths") {
  nn::Sequential<> net;
  net.add(Layer1());
  CHECK(net[0].name() == "layer10");
  for (int i = 0; i < 10; ++i) net.add(Layer());
  check_says(message_of<NameError>([&] { net.add(Layer()); }), {"'layer10'", "'0'", "'11'"});
}

TEST_CASE("initialize fills the block it is called on and what is below, no other") {
  nn::Sequential<> net;
  net.add(Pair(), Pair());
  net[1].initialize(init::Constant(2));
  CHECK_FALSE(net[0][0].weight().is_initialized());
  CHECK(net[1][1].weight().data() == Tensor<>::full({5, 5}, 2));
}

TEST_CASE("references to what was registered survive moves of the block, and names follow") {
  Pair pair;
  pair.initialize(init::Constant(1));
  nn::Dense<>& second = pair.second;
  Parameter<>& weight = second.weight();
  const Tensor<> data = weight.data();
  std::vector<Pair> pairs;
  pairs.push_back(std::move(pair));
  pairs.emplace_back();
  pairs.reserve(pairs.capacity() + 1);  // moves them all
  CHECK(&pairs[0].second == &second);
  nn::Sequential<> inner, outer;
  inner.add(nn::Dense(1), std::move(pairs[0]));
  outer.add(std::move(inner));
  CHECK(&outer[0][1][1] == &second);
  CHECK(&second.weight() == &weight);
  CHECK(weight.path() == "0.1.second.weight");
  CHECK(weight.name() == "dense2_weight");
  weight.data()(0, 0) = 42;
  CHECK(data(0, 0) == 42);
  CHECK(outer.child("0.1")(Tensor<>::zeros({1, 5})).shape() == Shape{1, 5});
  check_says(message_of<Error>([&] { pair.initialize(); }), {"moved from"});
  CHECK_THROWS_AS(pair.collect_params(), Error);
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<Pair>);
  STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<Pair>);
}

TEST_CASE("members called weight and bias work in a net, a clone and through the base") {
  nn::Sequential<> net;
  net.add(Weighted());
  net.initialize(init::Constant(2));
  CHECK(&net[0].weight() == &net.at<Weighted>(0).weight);
  CHECK(net(Tensor<>{1, 2, 3}) == Tensor<>{2, 4, 6});
  nn::Sequential<> copy = net.clone();
  CHECK(copy.at<Weighted>(0).bias.data() == Tensor<>{0, 0, 0});
  CHECK(&copy.at<Weighted>(0).weight != &net.at<Weighted>(0).weight);
}

TEST_CASE("apply visits a block once for each place, and may add layers") {
  nn::Sequential<> net;
  const auto twice = std::make_shared<nn::Dense<>>(1);
  net.add(twice, twice);
  int visits = 0;
  net.apply([&](nn::Block<>& block) {
    ++visits;
    if (&block == &net) net.add(nn::Dense(1));
  });
  CHECK(visits == 3);
  CHECK(net.size() == 3);
}

TEST_CASE("a block prints its children by key, without any an empty line") {
  CHECK(printed(Pair()) ==
        "Pair(\n  (first): Dense(5 -> 5, linear)\n  (second): Dense(5 -> 5, linear)\n)");
  CHECK(printed(Layer()) == "Layer(\n\n)");
}

TEST_CASE("an error from within a net says at which block it was thrown, once") {
  nn::Sequential inner{nn::Dense(3), nn::Lambda([](const Tensor<>& x) { return dot(x, x); })};
  nn::Sequential outer;
  outer.add(std::move(inner), nn::Dense(4));
  outer.initialize();
  const Tensor<> x = random::uniform({2, 20});
  const std::string text = message_of<ShapeError>([&] { outer(x); });
  check_says(text, {"dot: the shapes (2, 3)", " (path 0.1)"});
  CHECK(text.find("path") == text.rfind("path"));

  outer[0].initialize(init::Constant(Tensor{1.f, 2.f}));
  check_says(message_of<InitializerError>([&] { outer(x); }),
             {"'dense0_weight'", " (path 0.0.weight)"});
  nn::Sequential alone{nn::Dense(3)};
  check_says(message_of<UninitializedError>([&] { alone(x); }), {"(path 0."});
}

TEST_CASE("apply refuses an empty function before it visits anything") {
  nn::Dense layer(2);
  const std::function<void(nn::Block<>&)> empty;
  CHECK_THROWS_AS(layer.apply(empty), ValueError);
}
