// SPDX-License-Identifier: MIT
#include <parton/ops/activation.hpp>

#include <cmath>
#include <concepts>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Values of the formulas in double by Python's math module.
const std::vector<double> points = {-2.5, -0.1, 0, 0.1, 3};
const std::vector<std::pair<ActivationKind, std::vector<double>>> table = {
    {ActivationKind::linear, {-2.5, -0.1, 0, 0.1, 3}},
    {ActivationKind::relu, {0, 0, 0, 0.1, 3}},
    {ActivationKind::sigmoid, {0.07585818, 0.4750208125, 0.5, 0.5249791875, 0.9525741268}},
    {ActivationKind::tanh, {-0.9866142982, -0.0996679946, 0, 0.0996679946, 0.9950547537}},
    {ActivationKind::softrelu,
     {0.0788897343, 0.6443966601, 0.6931471806, 0.7443966601, 3.0485873516}},
    {ActivationKind::softsign, {-0.7142857143, -0.0909090909, 0, 0.0909090909, 0.75}},
    {ActivationKind::gelu, {-0.0150842661, -0.046017249, 0, 0.053982751, 2.9963626079}},
    {ActivationKind::gelu_erf, {-0.0155241633, -0.0460172163, 0, 0.0539827837, 2.9959503059}},
    {ActivationKind::silu, {-0.1896454501, -0.0475020813, 0, 0.0524979187, 2.8577223805}},
    {ActivationKind::leaky_relu, {-0.025, -0.001, 0, 0.1, 3}},
    {ActivationKind::elu, {-0.9179150014, -0.095162582, 0, 0.1, 3}},
    {ActivationKind::selu, {-1.6137857589, -0.1673052726, 0, 0.1050700987, 3.1521029621}}};

template <class Scalar>
Tensor<Scalar> tensor_of(const std::vector<double>& values) {
  return Tensor<double>(values).template cast<Scalar>();
}

}  // namespace

TEMPLATE_TEST_CASE("activations have the values of their formulas", "", float, double, Eigen::half,
                   Eigen::bfloat16) {
  for (const auto& [kind, expected] : table) {
    const ActivationSpec spec{kind};
    INFO(spec.name());
    const double limit = std::max(tolerance<TestType>(), 2e-10);
    check_values(activate(tensor_of<TestType>(points), spec), {5}, expected, limit);
    // In place, over a run long enough for Eigen's packets and a rest.
    Tensor<TestType> many = Tensor<TestType>::empty({7, 5});
    for (Index i = 0; i < 7; ++i) many[i].assign(tensor_of<TestType>(points));
    detail::apply_activation(spec, many.mutable_data(), many.size());
    for (Index i = 0; i < 7; ++i) check_values(Tensor<TestType>(many[i]), {5}, expected, limit);
  }
}

TEST_CASE("each activation has a function of its own") {
  const Tensor x = tensor_of<float>(points);
  using Function = std::function<Tensor<>(const Tensor<>&)>;
  const std::vector<std::pair<ActivationKind, Function>> functions = {
      {ActivationKind::relu, [](const auto& a) { return relu(a); }},
      {ActivationKind::sigmoid, [](const auto& a) { return sigmoid(a); }},
      {ActivationKind::tanh, [](const auto& a) { return tanh(a); }},
      {ActivationKind::softrelu, [](const auto& a) { return softrelu(a); }},
      {ActivationKind::softsign, [](const auto& a) { return softsign(a); }},
      {ActivationKind::gelu, [](const auto& a) { return gelu(a); }},
      {ActivationKind::gelu_erf, [](const auto& a) { return gelu_erf(a); }},
      {ActivationKind::silu, [](const auto& a) { return silu(a); }},
      {ActivationKind::leaky_relu, [](const auto& a) { return leaky_relu(a); }},
      {ActivationKind::elu, [](const auto& a) { return elu(a); }},
      {ActivationKind::selu, [](const auto& a) { return selu(a); }}};
  for (const auto& [kind, function] : functions) {
    INFO(ActivationSpec{kind}.name());
    CHECK(function(x) == activate(x, {kind}));
    check_shape_only(function(Tensor<>::shape_only({2, 3})), {2, 3});
    CHECK(function(Tensor<>::empty({0, 3})).shape() == Shape{0, 3});
    CHECK(function(Tensor<>::full({}, 3)).item() == Approx(function(x)(4)));
    CHECK(std::isnan(function(Tensor<>::full({2, 9}, std::nanf("")))(1, 8)));
  }
  CHECK(x == tensor_of<float>(points));  // the input stays
}

TEST_CASE("activations at the numbers of Gluon's tests") {
  // Reference case 50: swish, elu, selu and prelu at -0.1 and 0.1.
  const Tensor x{-0.1f, 0.1f};
  check_values(silu(x), {2}, {-0.0475021, 0.0524979}, 1e-6);
  check_values(elu(x), {2}, {-0.0951626, 0.1}, 1e-6);
  check_values(selu(x), {2}, {-0.1673053, 0.1050701}, 1e-6);
  check_values(prelu(x, {0.25f}), {2}, {-0.025, 0.1}, 1e-6);
  const Tensor y{{{-0.1f, 0.1f}, {-0.1f, 0.1f}, {-0.1f, 0.1f}}};
  check_values(prelu(y, {0.1f, 0.25f, 0.5f}), {1, 3, 2}, {-.01, .1, -.025, .1, -.05, .1}, 1e-6);
}

TEST_CASE("the numbers of activations change them as their formulas say") {
  const Tensor x = tensor_of<double>(points);
  check_values(leaky_relu(x, 0.5), {5}, {-1.25, -0.05, 0, 0.1, 3});
  check_values(leaky_relu(x, 2), {5}, {-5, -0.2, 0, 0.1, 3});
  check_values(elu(x, 2), {5}, {2 * std::expm1(-2.5), 2 * std::expm1(-0.1), 0, 0.1, 3});
  // x / (1 + exp(-2 x)) by Python.
  check_values(silu(x, 2), {5}, {-0.0167321273, -0.0450166003, 0, 0.0549833997, 2.9925821305},
               1e-9);
  CHECK(activate(x, {ActivationKind::silu, 2}) == silu(x, 2));
}

TEST_CASE("activations of very large numbers neither overflow nor lose their limit") {
  const Tensor x{-infinity, -3e38, -1000.0, 1000.0, 3e38, infinity};
  const auto last_two = [](const auto& y) { return std::pair(y(4), y(5)); };
  for (const bool single : {true, false}) {
    const auto run = [&](auto function) {
      return single ? function(x.cast<float>()).template cast<double>() : function(x);
    };
    const double top = single ? static_cast<double>(3e38f) : 3e38;
    const auto soft = run([](const auto& a) { return softrelu(a); });
    CHECK(soft(0) == 0);
    CHECK(soft(2) == 0);
    CHECK(soft(3) == 1000);
    CHECK(last_two(soft) == std::pair(top, infinity));
    const auto logistic = run([](const auto& a) { return sigmoid(a); });
    CHECK(logistic(0) == 0);
    CHECK(logistic(2) == 0);
    CHECK(last_two(logistic) == std::pair(1.0, 1.0));
    for (const auto& y :
         {run([](const auto& a) { return silu(a); }), run([](const auto& a) { return gelu(a); }),
          run([](const auto& a) { return gelu_erf(a); })}) {
      CHECK(y(1) == 0);
      CHECK(y(2) == 0);
      CHECK(y(3) == 1000);
      CHECK(last_two(y) == std::pair(top, infinity));
    }
    const auto exponential = run([](const auto& a) { return elu(a); });
    CHECK(exponential(0) == -1);
    CHECK(exponential(2) == -1);
    CHECK(last_two(exponential) == std::pair(top, infinity));
    CHECK(run([](const auto& a) { return relu(a); })(0) == 0);
    CHECK(run([](const auto& a) { return tanh(a); })(0) == -1);
  }
}

TEST_CASE("prelu refuses an alpha that is neither one nor one for each channel") {
  const Tensor x = sample({2, 3, 4});
  CHECK_THROWS_AS(prelu(x, {0.1f, 0.2f}), ShapeError);
  CHECK_THROWS_AS(prelu(x, Tensor<>::zeros({1, 3})), ShapeError);
  CHECK_THROWS_AS(prelu(sample({3}), {0.1f, 0.2f, 0.3f}), ShapeError);
  CHECK_THROWS_WITH(prelu(x, {0.1f, 0.2f}), Catch::Matchers::ContainsSubstring("(2, 3, 4)") &&
                                                Catch::Matchers::ContainsSubstring("(2,)"));
  CHECK(prelu(sample({0, 3}), {0.1f, 0.2f, 0.3f}).shape() == Shape{0, 3});
  CHECK(prelu(sample({2, 3, 0}), {0.1f, 0.2f, 0.3f}).shape() == Shape{2, 3, 0});
  CHECK(prelu(sample({}), Tensor<>::full({}, 0.5)).shape() == Shape{});
  check_shape_only(prelu(Tensor<>::shape_only({2, 3}), {0.1f, 0.2f, 0.3f}), {2, 3});
  check_shape_only(prelu(sample({2, 3}), Tensor<>::shape_only({3})), {2, 3});
  CHECK_THROWS_AS(prelu(Tensor<>::shape_only({2, 3}), {0.1f, 0.2f}), ShapeError);
}

TEST_CASE("activations take Eigen arguments, and tanh of an Eigen array stays Eigen's") {
  const Eigen::MatrixXf m = Eigen::MatrixXf::Constant(2, 3, -1);
  CHECK(relu(m) == Tensor<>::zeros({2, 3}));
  CHECK(leaky_relu(m * 2, 0.5) == Tensor<>::full({2, 3}, -1));
  CHECK(tanh(m).shape() == Shape{2, 3});
  Eigen::Tensor<float, 3> t(2, 3, 4);
  t.setConstant(1);
  CHECK(relu(t) == Tensor<>::full({2, 3, 4}, 1));
  const Eigen::ArrayXf a = Eigen::ArrayXf::Constant(2, 1);
  CHECK(relu(a) == Tensor<>::full({2}, 1));
  STATIC_REQUIRE_FALSE(std::same_as<decltype(tanh(a)), Tensor<>>);
  const Eigen::ArrayXf still_eigen = tanh(a);
  CHECK(still_eigen[0] == Approx(std::tanh(1)));
}

TEST_CASE("the gradients of activations are those of finite differences") {
  std::vector<ActivationSpec> specs = {{ActivationKind::leaky_relu, -0.5},
                                       {ActivationKind::elu, -0.5},
                                       {ActivationKind::elu, 2},
                                       {ActivationKind::silu, 1.5}};
  for (const auto& [kind, expected] : table) specs.push_back({kind});
  for (const ActivationSpec spec : specs) {
    INFO(spec.name());
    for (const Shape& shape : {Shape{}, Shape{0, 3}, Shape{5, 7}})
      check_gradients([spec](const auto& in) { return activate(in[0], spec); },
                      {random_input(shape, 3, -3, 3)});
  }
}

TEST_CASE("the gradients of activations at 0 and at infinity are PyTorch's") {
  Tensor<> x{-std::numeric_limits<float>::infinity(), -1e4f, 0.f, 1e4f,
             std::numeric_limits<float>::infinity()};
  const std::vector<std::pair<ActivationSpec, std::vector<double>>> slopes = {
      {{ActivationKind::relu}, {0, 0, 0, 1, 1}},
      {{ActivationKind::leaky_relu, 0.5}, {0.5, 0.5, 0.5, 1, 1}},
      {{ActivationKind::elu, 2}, {0, 0, 2, 1, 1}},
      {{ActivationKind::elu, -2}, {0, 0, -2, 1, 1}},
      {{ActivationKind::sigmoid}, {0, 0, 0.25, 0, 0}},
      {{ActivationKind::tanh}, {0, 0, 1, 0, 0}},
      {{ActivationKind::softrelu}, {0, 0, 0.5, 1, 1}},
      {{ActivationKind::gelu}, {0, 0, 0.5, 1, 1}},
      {{ActivationKind::gelu_erf}, {0, 0, 0.5, 1, 1}},
      {{ActivationKind::silu, 3}, {0, 0, 0.5, 1, 1}}};
  x.attach_grad();
  for (const auto& [spec, expected] : slopes) {
    INFO(spec.name());
    const autograd::Record recording;
    activate(x, spec).backward();
    check_values(x.grad(), {5}, expected, 1e-6);
  }
}

TEST_CASE("prelu has a gradient for its input and for its alpha, one or one for each channel") {
  const auto f = [](const auto& in) { return prelu(in[0], in[1]); };
  for (const auto& [shape, channels] : std::vector<std::pair<Shape, Shape>>{
           {{2, 3, 4}, {3}}, {{5, 3}, {3}}, {{4}, {1}}, {{}, {}}, {{2, 0}, {1}}, {{0, 3}, {3}}})
    check_gradients(f, {random_input(shape, 5), random_input(channels, 6)});
  Tensor<Eigen::half> x = Tensor<Eigen::half>{{-1, 2}, {-3, 4}}, alpha{0.5f, 0.25f};
  alpha.attach_grad();
  const autograd::Record recording;
  prelu(x, alpha).backward();
  CHECK(alpha.grad() == Tensor<Eigen::half>{-4, 0});
}
