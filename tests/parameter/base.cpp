// SPDX-License-Identifier: MIT
#include <limits>
#include <memory>
#include <string>
#include <type_traits>

#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/parameter/base.hpp>
#include <parton/parameter/parameter.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;
using parton_test::printed;
using parton_test::Warnings;

TEST_CASE("a parameter of no block is named by its key, in a tree by its block and its place") {
  const Parameter<> alone("w", ParameterOptions<>{.shape = {2}});
  CHECK(alone.key() == "w");
  CHECK(alone.name() == "w");
  CHECK(alone.path() == "w");
  CHECK(alone.owner() == nullptr);
  nn::Sequential net{nn::Dense(2), nn::Dense(2)};
  const ParameterBase& p = net[1].weight();
  CHECK(p.key() == "weight");
  CHECK(p.name() == "dense1_weight");
  CHECK(p.path() == "1.weight");
  CHECK(p.owner() != nullptr);
  CHECK_FALSE(p.has_several_owners());
}

TEST_CASE("a shared parameter has the name of the first block that holds it and is alive") {
  auto first = std::make_unique<nn::Dense<>>(2);
  nn::Sequential net{nn::Dense(3), nn::Dense(2, nn::linear, {.params = first->params()})};
  const ParameterBase& p = net[1].weight();
  CHECK(p.has_several_owners());
  CHECK(p.name() == "dense0_weight");
  CHECK(p.path() == "weight");
  first.reset();
  CHECK_FALSE(p.has_several_owners());
  CHECK(p.name() == "dense1_weight");
  CHECK(p.path() == "1.weight");
}

TEST_CASE("a parameter is one object: it is neither copied nor moved") {
  STATIC_REQUIRE(!std::is_copy_constructible_v<Parameter<>>);
  STATIC_REQUIRE(!std::is_move_constructible_v<Parameter<>>);
  STATIC_REQUIRE(!std::is_copy_assignable_v<Parameter<>>);
  STATIC_REQUIRE(!std::is_move_assignable_v<Parameter<>>);
  STATIC_REQUIRE(std::has_virtual_destructor_v<ParameterBase>);
}

TEST_CASE("a key that could not stand in a path is refused") {
  for (const char* key : {"", "a.b", "a b"})
    CHECK_THROWS_AS(Parameter<>(key, ParameterOptions<>{.shape = {2}}), NameError);
  CHECK_THROWS_AS(Parameter<>("a.b", Tensor<>{1, 2}), NameError);
}

// Rule 6 of API.md.
TEST_CASE("a parameter is declared, then shaped, then initialized") {
  Parameter<> p("w", ParameterOptions<>{.shape = {2, -1}});
  CHECK(p.state() == ParameterState::declared);
  CHECK(p.shape() == Shape{2, -1});
  CHECK_FALSE(p.is_initialized());
  CHECK_FALSE(p.is_deferred());
  p.set_shape({2, 3});
  CHECK(p.state() == ParameterState::shaped);
  CHECK_FALSE(p.is_initialized());
  p.initialize();
  CHECK(p.state() == ParameterState::initialized);
  CHECK(p.is_initialized());
  CHECK_FALSE(p.is_constant());
  // A scalar has nothing that is not known.
  const Parameter<> scalar("s", ParameterOptions<>{});
  CHECK(scalar.state() == ParameterState::shaped);
}

TEST_CASE("a parameter prints its name, shape and dtype, a constant says that it is one") {
  CHECK(printed(Parameter<>("w", ParameterOptions<>{.shape = {3, -1}})) ==
        "Parameter w (shape=(3, -1), dtype=float32)");
  CHECK(printed(Parameter<double>("w", ParameterOptions<double>{.shape = {3}})) ==
        "Parameter w (shape=(3,), dtype=float64)");
  CHECK(printed(Parameter<Eigen::half>("w", ParameterOptions<Eigen::half>{})) ==
        "Parameter w (shape=(), dtype=float16)");
  const Parameter<> constant("c", Tensor<>{1, 2});
  CHECK(printed(constant) == "Constant c (shape=(2,), dtype=float32)");
  CHECK(constant.describe("net0_c") == "Constant net0_c (shape=(2,), dtype=float32)");
  CHECK(Parameter<Eigen::bfloat16>("w", ParameterOptions<Eigen::bfloat16>{}).dtype() == "bfloat16");
}

// Any other value than the three does not compile, since GradReq is an enumeration.
TEST_CASE("A9 grad_req to null frees the gradients, back to write starts from zero") {
  nn::Sequential net{nn::Dense(4, nn::relu, {.in_units = 3}),
                     nn::Dense(2, nn::linear, {.in_units = 4})};
  net.initialize();
  for (auto& [path, p] : net.named_parameters()) {
    INFO(path);
    CHECK(p.grad_req() == GradReq::write);
    p.grad() += 5;
    p.set_grad_req(GradReq::null);
    CHECK_FALSE(p.has_grad());
    check_says(message_of<GradientError>([&p = p] { static_cast<void>(p.grad()); }),
               {p.name(), path, "grad_req", "null"});
    p.set_grad_req(GradReq::write);
    CHECK(p.grad() == Tensor<>::zeros(p.shape()));
  }
}

TEST_CASE("a change of grad_req starts from zero, the same request again changes nothing") {
  Parameter<> p("w", ParameterOptions<>{.shape = {2}, .grad_req = GradReq::add});
  CHECK(p.grad_req() == GradReq::add);
  p.initialize();
  p.grad() += 5;
  p.set_grad_req(GradReq::add);
  CHECK(p.grad() == Tensor<>{5, 5});
  p.set_grad_req(GradReq::write);
  CHECK(p.grad() == Tensor<>{0, 0});
}

TEST_CASE("grad_req may be asked for before there are values") {
  Parameter<> p("w", ParameterOptions<>{.shape = {2}});
  p.set_grad_req(GradReq::null);
  p.initialize();
  CHECK_THROWS_AS(p.grad(), GradientError);
}

TEST_CASE("a constant keeps grad_req null and warns; a parameter without derivative is silent") {
  const Warnings warnings;
  Parameter<> constant("c", Tensor<>{1, 2});
  CHECK(constant.is_constant());
  constant.set_grad_req(GradReq::null);
  CHECK(warnings.texts.empty());
  constant.set_grad_req(GradReq::write);
  CHECK(constant.grad_req() == GradReq::null);
  REQUIRE(warnings.texts.size() == 1);
  check_says(warnings.texts[0], {"'c'", "'write'", "ignored"});

  Parameter<> statistics("s", ParameterOptions<>{.shape = {2}, .differentiable = false});
  CHECK(statistics.grad_req() == GradReq::null);
  statistics.set_grad_req(GradReq::add);
  CHECK(statistics.grad_req() == GradReq::null);
  CHECK_FALSE(statistics.is_constant());
  CHECK(warnings.texts.size() == 1);
}

TEST_CASE("the multipliers are 1 until they are set, and a bad one changes nothing") {
  Parameter<> p("w", ParameterOptions<>{.shape = {2}});
  CHECK(p.lr_mult() == 1);
  CHECK(p.wd_mult() == 1);
  p.set_lr_mult(0.5);
  p.set_wd_mult(0);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {-1., -1e-300, infinity, std::numeric_limits<double>::quiet_NaN()}) {
    INFO(bad);
    check_says(message_of<ValueError>([&] { p.set_lr_mult(bad); }), {"lr_mult", "'w'"});
    check_says(message_of<ValueError>([&] { p.set_wd_mult(bad); }), {"wd_mult", "'w'"});
    CHECK_THROWS_AS(Parameter<>("w", ParameterOptions<>{.lr_mult = bad}), ValueError);
    CHECK_THROWS_AS(Parameter<>("w", ParameterOptions<>{.wd_mult = bad}), ValueError);
  }
  CHECK(p.lr_mult() == 0.5);
  CHECK(p.wd_mult() == 0);
  const Parameter<> declared("w", ParameterOptions<>{.lr_mult = 2, .wd_mult = 3});
  CHECK(declared.lr_mult() == 2);
  CHECK(declared.wd_mult() == 3);
}
