// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <parton/init/constant.hpp>
#include <parton/init/xavier.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/parameter/dict.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;
using parton_test::printed;
using parton_test::Warnings;

using Names = std::vector<std::string>;

namespace {

nn::Sequential<> two_layers() {
  return nn::Sequential{nn::Dense(3, nn::relu, {.in_units = 2}),
                        nn::Dense(2, nn::linear, {.in_units = 3})};
}

/// A block that has a name of its own and one layer.
class Named : public nn::Block<> {
 public:
  explicit Named(const std::string& name) { set_name(name); }
  Tensor<> forward(const Tensor<>& x) const override { return dense(x); }
  nn::Dense<>& dense = add_child("dense", nn::Dense(10, {.use_bias = false, .in_units = 5}));
};

class Net : public nn::Block<> {
 public:
  Tensor<> forward(const Tensor<>& x) const override { return x; }
  Parameter<>& w0 = add_parameter("w0", {.shape = {10, 10}});
  Parameter<>& w1 = add_parameter("w1", {.shape = {10, 10}});
};

/// One parameter, of its own or shared.
class Holder : public nn::Block<> {
 public:
  explicit Holder(ParameterOptions<> options) : p(add_parameter("param", std::move(options))) {}
  Holder(ParameterOptions<> options, const ParameterDict<>& shared)
      : p(add_parameter("param", std::move(options), shared)) {
    require_tie(shared);
  }
  Tensor<> forward(const Tensor<>& x) const override { return x; }
  Parameter<>& p;
};

template <class Dict, class Key>
constexpr bool takes_key = requires(const Dict& d, Key key) {
  d[key];
};
template <class Dict, class Key>
constexpr bool may_contain = requires(const Dict& d, Key key) {
  d.contains(key);
};

}  // namespace

// Rule 1: names are those of the blocks alone, so the container is in the header only.
TEST_CASE("A2 printed forms of a dictionary and of one parameter") {
  CHECK(printed(Named("net1").collect_params()) ==
        "net1_ (\n"
        "  Parameter dense0_weight (shape=(10, 5), dtype=float32)\n"
        ")");
  const nn::Dense layer(10);
  CHECK(printed(layer.bias()) == "Parameter dense0_bias (shape=(10,), dtype=float32)");
}

TEST_CASE("B15 names are in the order of declaration") {
  const Net net;
  CHECK(net.params().names() == Names{"net0_w0", "net0_w1"});
  CHECK(printed(net.params()) ==
        "net0_ (\n"
        "  Parameter net0_w0 (shape=(10, 10), dtype=float32)\n"
        "  Parameter net0_w1 (shape=(10, 10), dtype=float32)\n"
        ")");
}

TEST_CASE("B17 the same declaration gets the same parameter, another one complains") {
  const Holder first(ParameterOptions<>{.shape = {10, 10}});
  const Holder second(ParameterOptions<>{.shape = {10, 10}}, first.params());
  CHECK(&second.p == &first.p);
  const auto refused = [&](ParameterOptions<> options) {
    return message_of<TieError>([&] { Holder(std::move(options), first.params()); });
  };
  check_says(refused({.shape = {10, 5}}), {"'holder0_param'", "shape", "(10, 5)", "(10, 10)"});
  check_says(refused({.shape = {10, 10}, .lr_mult = 2}), {"'holder0_param'", "lr_mult", "1", "2"});
}

TEST_CASE("B19 blocks with equal initializers may share") {
  const ParameterOptions<> options{.shape = {1}, .initializer = init::Constant(-10.0)};
  const Holder a(options), b(options, a.params()), c(options);
  CHECK(&a.p == &b.p);
  CHECK(&a.p != &c.p);
  CHECK(a.p.initializer() == c.p.initializer());
}

TEMPLATE_TEST_CASE("B21 zero_grad makes all gradients exactly zero", "", float, double) {
  nn::Sequential net{nn::Dense<TestType>(2, nn::linear, {.in_units = 3}),
                     nn::Dense<TestType>(2, nn::linear, {.in_units = 2})};
  net.initialize();
  const auto params = net.collect_params();
  params["dense1_bias"].set_grad_req(GradReq::null);
  for (auto& [name, p] : params)
    if (p.grad_req() != GradReq::null) p.grad() += 3;
  params.zero_grad();
  CHECK(params["dense0_weight"].grad() == Tensor<TestType>::zeros({2, 3}));
  CHECK(params["dense1_weight"].grad() == Tensor<TestType>::zeros({2, 2}));
  CHECK_FALSE(params["dense1_bias"].has_grad());
}

TEST_CASE("a dictionary gives its parameters by full name and in the order of the layers") {
  nn::Sequential net = two_layers();
  const ParameterDict<> params = net.collect_params();
  CHECK(params.size() == 4);
  CHECK_FALSE(params.empty());
  CHECK(params.names() == Names{"dense0_weight", "dense0_bias", "dense1_weight", "dense1_bias"});
  CHECK(params.prefix() == "sequential0_");
  CHECK(params.contains("dense1_bias"));
  CHECK_FALSE(params.contains("bias"));
  CHECK_FALSE(params.contains(""));
  CHECK(&params["dense1_bias"] == &net[1].bias());
  CHECK(&params[std::string("dense0_weight")] == &net[0].weight());
  std::size_t position = 0;
  for (auto& [name, p] : params) {
    CHECK(name == params.names()[position++]);
    CHECK(&params[name] == &p);
  }
  CHECK(position == 4);
  CHECK(params.begin()->pointer().get() == &net[0].weight());
}

TEST_CASE("a name that is not there is an error with the nearest ones") {
  const nn::Sequential net = two_layers();
  const auto params = net.collect_params();
  check_says(message_of<KeyError>([&] { static_cast<void>(params["dense0_weigth"]); }),
             {"'dense0_weigth'", "4", "Did you mean 'dense0_weight'"});
  check_says(message_of<KeyError>([&] { static_cast<void>(net.params()["dense0_bias"]); }),
             {"'dense0_bias'", "0"});
}

TEST_CASE("a literal 0 is no name") {
  STATIC_REQUIRE(takes_key<ParameterDict<>, const char*>);
  STATIC_REQUIRE_FALSE(takes_key<ParameterDict<>, std::nullptr_t>);
  STATIC_REQUIRE(may_contain<ParameterDict<>, const char*>);
  STATIC_REQUIRE_FALSE(may_contain<ParameterDict<>, std::nullptr_t>);
}

TEST_CASE("an empty dictionary prints an empty line, and can be asked everything") {
  const ParameterDict<> none;
  CHECK(none.empty());
  CHECK(none.names().empty());
  CHECK(none.begin() == none.end());
  CHECK(none.prefix().empty());
  CHECK(none.source() == nullptr);
  CHECK(printed(none) == "(\n\n)");
  CHECK(printed(nn::Sequential<>().params()) == "sequential0_ (\n\n)");
  CHECK_FALSE(none.contains("w"));
  CHECK_THROWS_AS(none["w"], KeyError);
  CHECK(none.filter(".*").empty());
  none.initialize();
  none.zero_grad();
  none.set_grad_req(GradReq::null);
}

TEST_CASE("a filtered dictionary keeps the order, the prefix and the parameters") {
  nn::Sequential net = two_layers();
  const auto weights = net.collect_params().filter(".*weight");
  CHECK(weights.names() == Names{"dense0_weight", "dense1_weight"});
  CHECK(weights.prefix() == "sequential0_");
  CHECK(&weights["dense1_weight"] == &net[1].weight());
  CHECK(weights.filter("dense1").names() == Names{"dense1_weight"});
  CHECK(weights.filter(".*bias").empty());
  CHECK(printed(weights.filter(".*bias")) == "sequential0_ (\n\n)");
}

TEST_CASE("parameters of several nets come into one dictionary") {
  const nn::Sequential body = two_layers();
  const nn::Dense head(4, nn::linear, {.name = "head"});
  ParameterDict<> all = body.collect_params();
  const ParameterDict<> before = all;
  all.insert(head.collect_params());
  CHECK(all.size() == 6);
  CHECK(all.names().back() == "head_bias");
  CHECK(all.prefix() == "sequential0_");
  CHECK(&all["head_weight"] == &head.weight());
  CHECK(before.size() == 4);  // copies are apart
  all.insert(head.collect_params());
  all.insert(ParameterDict<>(all));
  CHECK(all.size() == 6);  // the same ones again
  const auto lone = std::make_shared<Parameter<>>("scale", ParameterOptions<>{.shape = {1}});
  all.insert(lone);
  CHECK(&all["scale"] == lone.get());
  ParameterDict<> fresh;
  fresh.insert(lone);
  CHECK(printed(fresh) == "(\n  Parameter scale (shape=(1,), dtype=float32)\n)");
}

TEST_CASE("two parameters of one name do not come into one dictionary, and nothing is added") {
  const nn::Sequential one = two_layers(), other{nn::Dense(1, nn::linear, {.name = "new"}),
                                                 nn::Dense(3), nn::Dense(3), nn::Dense(3)};
  ParameterDict<> all = one.collect_params();
  check_says(message_of<NameError>([&] { all.insert(other.collect_params()); }),
             {"'dense0_weight'", "under one Sequential"});
  CHECK(all.size() == 4);
  CHECK_FALSE(all.contains("new_weight"));
  CHECK_THROWS_AS(all.insert(other.collect_params("dense1").begin()->pointer()), NameError);
}

TEST_CASE("a tied parameter is listed once, at its first place") {
  auto shared = std::make_shared<nn::Dense<>>(3);
  nn::Sequential net;
  net.add(shared, nn::Dense(2), shared, nn::Dense(3, nn::linear, {.params = shared->params()}));
  CHECK(net.collect_params().names() ==
        Names{"dense0_weight", "dense0_bias", "dense1_weight", "dense1_bias"});
}

TEST_CASE("what is set on a dictionary is set on all its parameters and on no other") {
  const nn::Sequential net = two_layers();
  const auto biases = net.collect_params(".*bias");
  biases.set_lr_mult(2);
  biases.set_wd_mult(0);
  biases.set_grad_req(GradReq::add);
  for (auto& [name, p] : net.collect_params()) {
    INFO(name);
    const bool is_bias = p.key() == "bias";
    CHECK(p.lr_mult() == (is_bias ? 2 : 1));
    CHECK(p.wd_mult() == (is_bias ? 0 : 1));
    CHECK(p.grad_req() == (is_bias ? GradReq::add : GradReq::write));
  }
  CHECK_THROWS_AS(biases.set_lr_mult(-1), ValueError);
  CHECK_THROWS_AS(biases.set_wd_mult(NAN), ValueError);
  CHECK(net[1].bias().lr_mult() == 2);
}

// Rule 4 of API.md.
TEST_CASE("a rule for all is weaker than a parameter's own one, unless it may override it") {
  nn::Sequential net = two_layers();
  const auto params = net.collect_params();
  params.initialize(init::Constant(1));
  CHECK(net[0].weight().data() == Tensor<>::full({3, 2}, 1));
  CHECK(net[0].bias().data() == Tensor<>::zeros({3}));
  CHECK(net[0].weight().filled_by() == FillSource::net_rule);
  CHECK(net[0].bias().filled_by() == FillSource::own_rule);
  params.initialize(init::Constant(2), {.force_reinit = true, .override_own = true});
  CHECK(net[0].weight().data() == Tensor<>::full({3, 2}, 2));
  CHECK(net[0].bias().data() == Tensor<>::full({3}, 2));
  CHECK(net[0].bias().filled_by() == FillSource::net_rule);
  params.initialize({.force_reinit = true});
  CHECK(net[0].weight().filled_by() == FillSource::default_rule);
  CHECK(net[0].bias().data() == Tensor<>::zeros({3}));
}

TEST_CASE("initialize fills those that have no values yet and warns of the others") {
  nn::Sequential net = two_layers();
  net[0].weight().set_data(Tensor<>::full({3, 2}, 9));
  const Warnings warnings;
  net.collect_params().initialize(init::Constant(1));
  CHECK(net[0].weight().data() == Tensor<>::full({3, 2}, 9));
  CHECK(net[1].weight().data() == Tensor<>::full({2, 3}, 1));
  REQUIRE(warnings.texts.size() == 1);
  check_says(warnings.texts[0], {"'dense0_weight'", "0.weight"});
}

TEST_CASE("an initialization that does not fit one parameter changes none") {
  nn::Sequential net = two_layers();
  const auto params = net.collect_params();
  const InitializeOptions override_own{.force_reinit = true, .override_own = true};
  check_says(message_of<InitializerError>([&] { params.initialize(init::Xavier(), override_own); }),
             {"'dense0_bias'"});
  for (const auto& entry : params) CHECK_FALSE(entry.parameter().is_initialized());
  params.initialize(init::Constant(1));
  CHECK_THROWS_AS(params.initialize(init::Xavier(), override_own), InitializerError);
  CHECK(net[0].weight().data() == Tensor<>::full({3, 2}, 1));
}

TEST_CASE("dictionaries that were handed out see the new names when a tree joins a larger one") {
  nn::Sequential net = two_layers();
  const auto all = net.collect_params(), weights = net.collect_params(".*weight"),
             own = net[1].params(), copy = all;
  CHECK(own.prefix() == "dense1_");
  CHECK(own.contains("dense1_bias"));
  const auto& weight = net[1].weight();
  nn::Sequential larger{nn::Dense(7)};
  larger.add(nn::Sequential{nn::Dense(7)}, std::move(net));
  CHECK(all.names() == Names{"dense2_weight", "dense2_bias", "dense3_weight", "dense3_bias"});
  CHECK(copy.names() == all.names());
  CHECK(weights.names() == Names{"dense2_weight", "dense3_weight"});
  CHECK(own.names() == Names{"dense3_weight", "dense3_bias"});
  CHECK(all.prefix() == "sequential2_");
  CHECK(weights.prefix() == "sequential2_");
  CHECK(own.prefix() == "dense3_");
  CHECK_FALSE(all.contains("dense0_weight"));
  CHECK(&all["dense3_weight"] == &weight);
  CHECK(all.filter("dense3").size() == 2);
  CHECK(printed(own) ==
        "dense3_ (\n"
        "  Parameter dense3_weight (shape=(2, 3), dtype=float32)\n"
        "  Parameter dense3_bias (shape=(2,), dtype=float32)\n"
        ")");
}

TEST_CASE("a dictionary outlives its net, with the parameters under their last names") {
  ParameterDict<> params;
  {
    nn::Sequential net = two_layers();
    net.initialize(init::Constant(3));
    params = net.collect_params();
    CHECK(params.source() != nullptr);
  }
  CHECK(params.source() == nullptr);
  CHECK(params["dense1_weight"].data() == Tensor<>::full({2, 3}, 3));
  CHECK(params.prefix() == "sequential0_");
}
