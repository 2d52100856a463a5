// SPDX-License-Identifier: MIT
#include <memory>
#include <string>
#include <utility>

#include <parton/init/constant.hpp>
#include <parton/init/normal.hpp>
#include <parton/init/xavier.hpp>
#include <parton/nn/dense.hpp>
#include <parton/parameter/parameter.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;
using parton_test::Warnings;

namespace {

using Options = ParameterOptions<>;

/// What a parameter's data() says while there is none.
template <class E>
std::string refusal(const Parameter<>& p) {
  const std::string text = message_of<E>([&] { static_cast<void>(p.data()); });
  CHECK(message_of<E>([&] { static_cast<void>(p.grad()); }) == text);
  return text;
}

}  // namespace

// There is one device, so one data and one gradient.
TEST_CASE("A1 a basic parameter") {
  Parameter<> p("weight", Options{.shape = {10, 10}});
  p.initialize("xavier");
  CHECK(p.name() == "weight");
  CHECK(p.data().shape() == Shape{10, 10});
  CHECK(p.grad() == Tensor<>::zeros({10, 10}));
  // sqrt(3 / 10)
  CHECK(p.data().array().abs().maxCoeff() <= 0.547723f);
  CHECK(p.data().array().abs().maxCoeff() > 0.4f);
}

TEST_CASE("A7 another initialization needs force") {
  nn::Dense layer(4, nn::linear, {.in_units = 3});
  layer.initialize();
  const Tensor first = layer.weight().data().copy();
  layer.weight().grad() += 1;
  const Warnings warnings;
  layer.initialize();
  REQUIRE(warnings.texts.size() == 2);
  check_says(warnings.texts[0], {"'dense0_weight'", "keeps its values", "force_reinit"});
  check_says(warnings.texts[1], {"'dense0_bias'", "keeps its values", "force_reinit"});
  CHECK(layer.weight().data() == first);
  CHECK(layer.weight().grad() == Tensor<>::full({4, 3}, 1));
  layer.initialize({.force_reinit = true});
  CHECK(warnings.texts.size() == 2);
  CHECK_FALSE(layer.weight().data() == first);
  CHECK(layer.weight().grad() == Tensor<>::zeros({4, 3}));
}

// Every parameter may wait for its shape here, so initialize() of the second one is no error.
TEST_CASE("A8 access without initialization") {
  Parameter<> p("w", Options{.shape = {3}});
  check_says(refusal<UninitializedError>(p), {"'w'", "initialize()", "set_data()"});
  CHECK_NOTHROW(p.zero_grad());
  Parameter<> open("v", Options{.shape = {3, -1}});
  check_says(refusal<UninitializedError>(open), {"'v'"});
  open.initialize();
  CHECK(open.is_deferred());
  check_says(refusal<DeferredInitializationError>(open), {"'v'", "(3, -1)", "forward", "in_units"});
  CHECK_NOTHROW(open.zero_grad());
}

TEST_CASE("an initialization that waits for the shape is done when the shape is known") {
  Parameter<> p("w", Options{.shape = {2, -1, -1}});
  p.initialize(init::Constant(4));
  CHECK(p.pending_source() == FillSource::parameter_rule);
  CHECK(p.filled_by() == FillSource::none);
  CHECK(p.rule_text() == "[\"constant\", {\"value\": 4}]");
  p.set_shape({-1, 3, -1});
  CHECK(p.shape() == Shape{2, 3, -1});
  CHECK(p.is_deferred());
  p.set_shape({2, 3, 1});
  CHECK(p.data() == Tensor<>::full({2, 3, 1}, 4));
  CHECK_FALSE(p.is_deferred());
  CHECK(p.pending_source() == FillSource::none);
  CHECK(p.filled_by() == FillSource::parameter_rule);
}

TEST_CASE("of several initializations that wait the last one counts, without a warning") {
  const Warnings warnings;
  Parameter<> p("w", Options{.shape = {-1}});
  p.initialize(init::Constant(4));
  p.initialize(init::Constant(5));
  p.set_shape({2});
  CHECK(p.data() == Tensor<>{5, 5});
  CHECK(warnings.texts.empty());
}

TEST_CASE("a shape that contradicts a known dimension is an error with both shapes") {
  Parameter<> p("w", Options{.shape = {2, -1}});
  for (const Shape& bad : {Shape{3, 4}, Shape{2}, Shape{2, 4, 1}, Shape{}}) {
    check_says(message_of<ShapeError>([&] { p.set_shape(bad); }),
               {"'w'", "(2, -1)", bad.to_string()});
    CHECK(p.shape() == Shape{2, -1});
  }
}

TEST_CASE("a shape that the waiting rule cannot fill is not taken") {
  Parameter<> p("w", Options{.shape = {-1}});
  p.initialize(init::Xavier());
  check_says(message_of<InitializerError>([&] { p.set_shape({4}); }), {"'w'", "(4,)", "Xavier"});
  CHECK(p.shape() == Shape{-1});
  CHECK(p.is_deferred());
  p.initialize(init::Constant(1));
  p.set_shape({4});
  CHECK(p.data() == Tensor<>{1, 1, 1, 1});
}

TEST_CASE("set_data gives values and unknown dimensions before any initialization") {
  const Warnings warnings;
  Parameter<> p("w", Options{.shape = {2, -1}});
  Tensor<> value{{1, 2, 3}, {4, 5, 6}};
  p.set_data(value);
  value += 1;  // a copy was taken
  CHECK(p.data() == Tensor<>{{1, 2, 3}, {4, 5, 6}});
  CHECK(p.filled_by() == FillSource::set_data);
  CHECK(p.rule_text().empty());
  CHECK(warnings.texts.empty());
  p.initialize(init::Constant(1));  // what was set is stronger
  CHECK(p.data()(0, 0) == 1);
  CHECK(p.data()(1, 2) == 6);
  CHECK(warnings.texts.size() == 1);
}

TEST_CASE("set_data beats an initialization that waits") {
  Parameter<> p("w", Options{.shape = {-1}});
  p.initialize(init::Constant(1));
  p.set_data({7, 8});
  CHECK_FALSE(p.is_deferred());
  p.set_shape({2});
  CHECK(p.data() == Tensor<>{7, 8});
}

TEST_CASE("set_data later writes in place and leaves the gradient alone") {
  Parameter<> p("w", Options{.shape = {2}});
  p.initialize();
  const Tensor<> before = p.data();
  p.grad() += 3;
  p.set_data({7, 8});
  CHECK(before == Tensor<>{7, 8});
  CHECK(p.grad() == Tensor<>{3, 3});
  p.set_data(p.data());
  CHECK(p.data() == Tensor<>{7, 8});
  p.load_data(Tensor<>{1, 2});
  CHECK(before == Tensor<>{1, 2});
  CHECK(p.filled_by() == FillSource::loaded);
}

TEST_CASE("set_data of another shape is an error with both shapes that changes nothing") {
  Parameter<> p("w", Options{.shape = {2, -1}});
  check_says(message_of<ShapeError>([&] {
               p.set_data(Tensor<>::zeros({3, 4}));
             }),
             {"'w'", "(2, -1)", "(3, 4)"});
  CHECK_THROWS_AS(p.set_data(Tensor<>::shape_only({2, 4})), Error);
  CHECK_THROWS_AS(p.set_data(Tensor<>::zeros({2, 4, 1})), ShapeError);
  CHECK(p.shape() == Shape{2, -1});
  CHECK_FALSE(p.is_initialized());
  p.set_data(Tensor<>::zeros({2, 4}));
  CHECK_THROWS_AS(p.set_data(Tensor<>::zeros({2, 5})), ShapeError);
  CHECK_THROWS_AS(p.load_data(Tensor<>::zeros({8})), ShapeError);
  CHECK(p.data() == Tensor<>::zeros({2, 4}));
}

TEST_CASE("a forced initialization fills the same storage, so earlier handles and views are live") {
  Parameter<> p("w", Options{.shape = {2, 3}});
  p.initialize();
  const Tensor<> data = p.data(), row = p.data()[1], grad = p.grad();
  const auto matrix = p.data().matrix();
  p.grad() += 1;
  p.initialize(init::Constant(3), {.force_reinit = true});
  CHECK(data == Tensor<>::full({2, 3}, 3));
  CHECK(row == Tensor<>{3, 3, 3});
  CHECK(matrix(1, 2) == 3);
  CHECK(grad == Tensor<>::zeros({2, 3}));
  p.data()(0, 0) = 42;
  CHECK(matrix(0, 0) == 42);
}

TEST_CASE("a forced initialization by a rule that does not fit leaves all as it was") {
  Parameter<> p("w", Options{.shape = {2}});
  p.set_data({1, 2});
  p.grad() += 1;
  CHECK_THROWS_AS(p.initialize(init::Xavier(), {.force_reinit = true}), InitializerError);
  CHECK(p.data() == Tensor<>{1, 2});
  CHECK(p.grad() == Tensor<>{1, 1});
  CHECK(p.filled_by() == FillSource::set_data);
}

// Rule 4 of API.md, as far as it concerns one parameter.
TEST_CASE("its own initializer beats the default, and the one given to it beats its own") {
  Parameter<> plain("w", Options{.shape = {100}});
  CHECK_FALSE(plain.initializer());
  plain.initialize();
  CHECK(plain.filled_by() == FillSource::default_rule);
  CHECK(plain.data().array().abs().maxCoeff() <= 0.07f);
  Parameter<> own("w", Options{.shape = {2}, .initializer = init::Constant(5)});
  CHECK(own.initializer()->dump() == "[\"constant\", {\"value\": 5}]");
  own.initialize();
  CHECK(own.filled_by() == FillSource::own_rule);
  CHECK(own.data() == Tensor<>{5, 5});
  own.initialize(init::Constant(6), {.force_reinit = true});
  CHECK(own.filled_by() == FillSource::parameter_rule);
  CHECK(own.data() == Tensor<>{6, 6});
  own.initialize({.force_reinit = true});  // the given one was for once
  CHECK(own.data() == Tensor<>{5, 5});
}

TEST_CASE("the gradient takes no memory until somebody asks for it") {
  Parameter<> p("w", Options{.shape = {2}});
  p.initialize();
  p.zero_grad();
  CHECK_FALSE(p.has_grad());
  p.grad() += 4;
  CHECK(p.has_grad());
  CHECK(p.grad() == Tensor<>{4, 4});
  p.zero_grad();
  CHECK(p.grad() == Tensor<>{0, 0});
}

TEST_CASE("a constant has its value from the start, keeps a copy, and returns to it by force") {
  const Warnings warnings;
  Tensor<> value{1, 2};
  Parameter<> c("c", value);
  value += 5;
  CHECK(c.is_initialized());
  CHECK(c.data() == Tensor<>{1, 2});
  CHECK(c.filled_by() == FillSource::constant_value);
  CHECK_THROWS_AS(c.grad(), GradientError);
  const Tensor<> handle = c.data();
  c.set_data({8, 9});
  CHECK(handle == Tensor<>{8, 9});
  CHECK_THROWS_AS(c.set_data({8, 9, 10}), ShapeError);
  c.initialize();
  CHECK(handle == Tensor<>{8, 9});
  CHECK(warnings.texts.empty());
  c.initialize({.force_reinit = true, .override_own = true});
  CHECK(handle == Tensor<>{1, 2});
  c.initialize(init::One(), {.force_reinit = true});
  CHECK(handle == Tensor<>{1, 2});
  REQUIRE(warnings.texts.size() == 1);
  check_says(warnings.texts[0], {"'c'", "constant", "ignored"});
}

TEST_CASE("a clone has the declaration, values and gradient, and lives on its own") {
  Parameter<> p("w", Options{.shape = {2}, .grad_req = GradReq::add, .lr_mult = 2, .wd_mult = 3});
  p.set_data({1, 2});
  p.grad() += 4;
  const auto copy = p.clone();
  p.data() += 10;
  p.grad() += 10;
  CHECK(copy->data() == Tensor<>{1, 2});
  CHECK(copy->grad() == Tensor<>{4, 4});
  CHECK(copy->grad_req() == GradReq::add);
  CHECK(copy->lr_mult() == 2);
  CHECK(copy->wd_mult() == 3);
  CHECK(copy->filled_by() == FillSource::set_data);
  const auto wide = copy->clone<double>();
  CHECK(wide->dtype() == "float64");
  CHECK(wide->data() == Tensor<double>{1, 2});
  CHECK(wide->grad() == Tensor<double>{4, 4});
}

TEST_CASE("a clone is in the same state: declared, waiting with the same draws, or constant") {
  Parameter<> p("w", Options{.shape = {-1}, .initializer = init::Normal(1)});
  CHECK(p.clone<double>()->state() == ParameterState::declared);
  p.initialize({.seed = 3});
  const auto copy = p.clone();
  CHECK(copy->is_deferred());
  CHECK(copy->pending_source() == FillSource::own_rule);
  p.set_shape({4});
  copy->set_shape({4});
  CHECK(copy->data() == p.data());
  Parameter<> c("c", Tensor<>{1, 2});
  c.set_data({8, 9});
  const auto constant = c.clone<double>();
  CHECK(constant->is_constant());
  CHECK(constant->data() == Tensor<double>{8, 9});
  constant->initialize({.force_reinit = true});
  CHECK(constant->data() == Tensor<double>{1, 2});
  const Parameter<> moved("m", Options{.shape = {1}, .differentiable = false});
  const auto statistics = moved.clone();
  statistics->set_grad_req(GradReq::write);
  CHECK(statistics->grad_req() == GradReq::null);
}

TEST_CASE("two declarations of one parameter complete each other") {
  Parameter<> p("w", Options{.shape = {2, -1}, .lr_mult = 2});
  p.reconcile(Options{.shape = {-1, 3}, .initializer = init::Constant(5)});
  CHECK(p.shape() == Shape{2, 3});
  p.initialize();
  CHECK(p.data() == Tensor<>::full({2, 3}, 5));
  p.reconcile(Options{.shape = {2, 3}, .initializer = init::Constant(5), .lr_mult = 2});
  CHECK(p.lr_mult() == 2);
}

TEST_CASE("two declarations that contradict each other are an error with both values") {
  Parameter<> p("w", Options{.shape = {2, 3}, .initializer = init::Constant(5)});
  const auto conflict = [&](Options wanted) {
    return message_of<TieError>([&] { p.reconcile(wanted); });
  };
  check_says(conflict({.shape = {2, 4}}), {"'w'", "shape", "(2, 3)", "(2, 4)"});
  check_says(conflict({.shape = {2, 3}, .initializer = init::Constant(6)}),
             {"'w'", "initializer", "5", "6"});
  check_says(conflict({.shape = {2, 3}, .grad_req = GradReq::add}),
             {"'w'", "grad_req", "write", "add"});
  check_says(conflict({.shape = {2, 3}, .lr_mult = 2}), {"'w'", "lr_mult", "1", "2"});
  check_says(conflict({.shape = {2, 3}, .wd_mult = 4}), {"'w'", "wd_mult", "1", "4"});
}

TEST_CASE("a load in two steps checks first, and changes nothing before the second") {
  Parameter<> fresh("weight", ParameterOptions<>{.shape = {2, -1}}),
      full("weight", ParameterOptions<>{.shape = {2, 1}});
  full.initialize(init::Constant(5));
  Tensor<> handle = full.data();
  CHECK_THROWS_AS(full.prepare_load(Tensor<>{1}), ShapeError);
  auto first = fresh.prepare_load(Tensor<>{{1}, {2}}), second = full.prepare_load({{3}, {4}});
  CHECK(!fresh.is_initialized());
  CHECK(handle == Tensor<>{{5}, {5}});
  fresh.commit_load(std::move(first));
  full.commit_load(std::move(second));
  CHECK(fresh.data() == Tensor<>{{1}, {2}});
  CHECK(fresh.filled_by() == FillSource::loaded);
  CHECK(handle == Tensor<>{{3}, {4}});
}

TEST_CASE("braces beside a parameter's key are its shape or its options, never values") {
  const Parameter<> shape{"weight", {2, 3}};
  CHECK(shape.shape() == Shape{2, 3});
  CHECK_FALSE(shape.is_constant());
  const Parameter<> one{"weight", {2}};
  CHECK(one.shape() == Shape{2});
  const Parameter<> named{"weight", {.shape = {2}}};
  CHECK(named.shape() == Shape{2});
  const Parameter<> positional("weight", {{-1, 3}, init::Constant(1)});
  CHECK(positional.shape() == Shape{-1, 3});
  const Parameter<> scalar("weight", {});
  CHECK(scalar.shape() == Shape{});
  const Parameter<> object("weight", Shape{4});
  CHECK(object.shape() == Shape{4});
  CHECK_FALSE(object.is_constant());
  const Parameter deduced("weight", {2, 3});
  CHECK(deduced.dtype() == "float32");
  const Parameter constant("c", Tensor{1.f, 2.f});
  CHECK(constant.is_constant());
  const Parameter wide("c", Tensor<double>{1., 2.});
  STATIC_REQUIRE(std::same_as<decltype(wide), const Parameter<double>>);
  const Parameter<> eigen("c", Eigen::MatrixXf::Ones(2, 3));
  CHECK(eigen.data().shape() == Shape{2, 3});
}

// API.md, rule 4: param.initialize(X) is stronger than net.initialize(X).
TEST_CASE("who wins does not depend on whether the shape was known at the time") {
  const auto filled = [](Parameter<>& p) {
    p.set_shape({2});
    return p.data()(0);
  };
  ParameterDict<> dict;
  const auto pointer = std::make_shared<Parameter<>>("w", ParameterOptions<>{.shape = {-1}});
  dict.insert(pointer);
  SECTION("the parameter's, then the net's") {
    pointer->initialize(init::Constant(2));
    dict.initialize(init::Constant(1));
    CHECK(filled(*pointer) == 2);
    CHECK(pointer->filled_by() == FillSource::parameter_rule);
  }
  SECTION("the parameter's, then the net's default, or one that overrides own initializers") {
    pointer->initialize(init::Constant(2));
    dict.initialize();
    dict.initialize(init::Constant(1), {.override_own = true});
    CHECK(filled(*pointer) == 2);
  }
  SECTION("force_reinit starts anew") {
    pointer->initialize(init::Constant(2));
    dict.initialize(init::Constant(1), {.force_reinit = true});
    CHECK(filled(*pointer) == 1);
  }
  SECTION("the net's, then the parameter's") {
    dict.initialize(init::Constant(1));
    pointer->initialize(init::Constant(2));
    CHECK(filled(*pointer) == 2);
  }
  SECTION("of two of the net, the later one") {
    dict.initialize(init::Constant(1));
    dict.initialize(init::Constant(3));
    CHECK(filled(*pointer) == 3);
  }
  SECTION("set_data beats what is waiting, and what comes later without force") {
    dict.initialize(init::Constant(1));
    pointer->set_data(Tensor{7.f, 7.f});
    CHECK_FALSE(pointer->is_deferred());
    CHECK(pointer->data()(0) == 7);
  }
}
