// SPDX-License-Identifier: MIT
#include <cmath>
#include <string>

#include <parton/nn/activation.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/dropout.hpp>
#include <parton/nn/infer_shapes.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using parton_test::printed;

// The numbers are those that Gluon's test_activations asserts by formula (case 50).
TEST_CASE("Activation computes swish, elu and selu as Gluon's tests have them") {
  const Tensor<> x = {-0.1, 0.1};
  const auto check = [&](const nn::Activation<>& layer, double below, double above) {
    const Tensor<> y = layer(x);
    CHECK(y(0) == Approx(below).epsilon(1e-5));
    CHECK(y(1) == Approx(above).epsilon(1e-5));
  };
  check(nn::Activation(nn::silu), -0.0475021, 0.0524979);
  check(nn::Activation(nn::elu()), -0.0951626, 0.1);
  check(nn::Activation(nn::selu), -0.1673053, 0.1050701);
  check(nn::Activation(nn::relu), 0, 0.1);
  check(nn::Activation("tanh"), std::tanh(-0.1), std::tanh(0.1));
  check(nn::Activation(nn::leaky_relu(0.25)), -0.025, 0.1);
}

TEST_CASE("Activation takes any function of a tensor") {
  const nn::Activation layer([](const Tensor<>& x) { return x * x; });
  CHECK(layer(Tensor<>{-2, 3}) == Tensor<>{4, 9});
  CHECK(printed(layer) == "Activation(function)");
  const nn::Activation named(
      nn::ActivationFunction<>([](const Tensor<>& x) { return x * x; }, "squared relu"));
  CHECK(printed(named) == "Activation(squared relu)");
  CHECK(named.name() == "activation0");
}

TEST_CASE("Activation and LeakyReLU print as in Gluon") {
  CHECK(printed(nn::Activation(nn::relu)) == "Activation(relu)");
  CHECK(printed(nn::Activation("softrelu")) == "Activation(softrelu)");
  CHECK(printed(nn::LeakyReLU(0.1)) == "LeakyReLU(0.1)");
  CHECK(printed(nn::LeakyReLU(1e-5)) == "LeakyReLU(1e-05)");
  const nn::Sequential net{nn::Dense(2), nn::Activation(nn::relu), nn::LeakyReLU(0.25)};
  CHECK(printed(net) ==
        "Sequential(\n  (0): Dense(-1 -> 2, linear)\n  (1): Activation(relu)\n"
        "  (2): LeakyReLU(0.25)\n)");
}

TEST_CASE("an Activation is named after its activation, a LeakyReLU after its class") {
  const nn::Sequential net{nn::Activation(nn::relu), nn::Activation(nn::tanh),
                           nn::Activation(nn::relu), nn::LeakyReLU(0.1),
                           nn::Activation(nn::relu, {.name = "last"})};
  CHECK(net[0].name() == "relu0");
  CHECK(net[1].name() == "tanh0");
  CHECK(net[2].name() == "relu1");
  CHECK(net[3].name() == "leakyrelu0");
  CHECK(net[4].name() == "last");
}

TEST_CASE(
    "LeakyReLU keeps what is positive and multiplies the rest, and refuses a negative slope") {
  const nn::LeakyReLU layer(0.1);
  CHECK(layer(Tensor<>{-1, 0, 2}) == Tensor<>{-0.1, 0, 2});
  CHECK(layer.slope() == 0.1);
  CHECK_THROWS_AS(nn::LeakyReLU(-0.1), ValueError);
}

TEST_CASE("activations are cloned with all that they were told") {
  CHECK(nn::Activation(nn::elu(0.5)).clone().activation().spec() == nn::elu(0.5));
  CHECK(nn::LeakyReLU(0.3).clone().slope() == 0.3);
  const nn::Activation own([](const Tensor<>& x) { return x + 1; });
  CHECK(own.clone()(Tensor<>{1}) == Tensor<>{2});
}

TEST_CASE("activations work in half and bfloat16, and on shapes alone") {
  CHECK(nn::Activation<Eigen::half>(nn::relu)(Tensor<Eigen::half>{-1, 2}) ==
        Tensor<Eigen::half>{0, 2});
  CHECK(nn::LeakyReLU<Eigen::bfloat16>(0.5)(Tensor<Eigen::bfloat16>{-1, 2}) ==
        Tensor<Eigen::bfloat16>{-0.5, 2});
  CHECK(infer_shapes(nn::Activation(nn::gelu), {2, 3}) == Shape{2, 3});
  CHECK(infer_shapes(nn::LeakyReLU(0.1), {}) == Shape{});
}

// Gluon's test_basic (case 42), whose net has five layers and three with parameters.
TEST_CASE("Gluon's five-layer stack gives (32, 32) from (32, 2, 10), with six parameters") {
  nn::Sequential net{nn::Dense(128, nn::tanh, {.flatten = false, .in_units = 10}), nn::Dropout(0.5),
                     nn::Dense(64, nn::tanh, {.in_units = 256}),
                     nn::Dense(32, nn::linear, {.in_units = 64}), nn::Activation(nn::relu)};
  net.initialize();
  CHECK(net(Tensor<>::zeros({32, 2, 10})).shape() == Shape{32, 32});
  CHECK(net.collect_params().size() == 6);
}
