// SPDX-License-Identifier: MIT
#include <functional>
#include <string>

#include <parton/nn/activation_function.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("an activation function is a built-in by value or by name") {
  CHECK(nn::ActivationFunction<>().is_linear());
  CHECK(nn::ActivationFunction<>(nn::tanh).spec() == nn::tanh);
  CHECK(nn::ActivationFunction<>("sigmoid").spec() == nn::sigmoid);
  CHECK(nn::ActivationFunction<>(std::string("leaky_relu")).spec() == nn::leaky_relu(0.01));
  CHECK(nn::ActivationFunction<>("gelu_erf").spec() == nn::gelu_erf);
  CHECK(nn::ActivationFunction<>(nn::elu(0.5)).name() == "elu");
  CHECK(nn::ActivationFunction<>(nn::elu(0.5)).spec().slope == 0.5);
  CHECK_FALSE(nn::ActivationFunction<>(nn::relu).is_function());
}

TEST_CASE("an unknown activation is an error that lists those there are") {
  CHECK_THROWS_AS(nn::ActivationFunction<>("reul"), ValueError);
  CHECK_THROWS_WITH(nn::ActivationFunction<>("reul"), ContainsSubstring("'reul'") &&
                                                          ContainsSubstring("relu, sigmoid") &&
                                                          ContainsSubstring("any function"));
}

TEST_CASE("a negative slope of leaky_relu is an error; a slope above 1 is none") {
  CHECK_THROWS_AS(nn::leaky_relu(-0.5), ValueError);
  CHECK_THROWS_WITH(nn::leaky_relu(-0.5), ContainsSubstring("-0.5"));
  CHECK(nn::leaky_relu(2).slope == 2);
}

TEST_CASE("an activation function may be any function of a tensor, with a name to print") {
  const nn::ActivationFunction<> twice([](const Tensor<>& x) { return x * 2; }, "twice");
  CHECK(twice.is_function());
  CHECK_FALSE(twice.is_linear());
  CHECK(twice.name() == "twice");
  CHECK(twice.function()(Tensor<>{1, -3}) == Tensor<>{2, -6});
  CHECK(nn::ActivationFunction<>([](const Tensor<>& x) { return x; }).name() == "function");
}

TEST_CASE("an empty function is an error, not the identity") {
  const std::function<Tensor<>(const Tensor<>&)> empty;
  CHECK_THROWS_AS(nn::ActivationFunction<>(empty), ValueError);
  Tensor<> (*null)(const Tensor<>&) = nullptr;
  CHECK_THROWS_WITH(nn::ActivationFunction<>(null, "mine"), ContainsSubstring("'mine'"));
}

TEST_CASE("cast keeps a built-in, and lets a function compute in its own scalar") {
  const nn::ActivationFunction<> leaky(nn::leaky_relu(0.25));
  CHECK(leaky.cast<double>().spec() == nn::leaky_relu(0.25));
  const nn::ActivationFunction<> third([](const Tensor<>& x) { return x / 3; }, "third");
  const nn::ActivationFunction<double> wide = third.cast<double>();
  CHECK(wide.name() == "third");
  CHECK(wide.function()(Tensor<double>{1}).item() == static_cast<double>(1.f / 3.f));
}
