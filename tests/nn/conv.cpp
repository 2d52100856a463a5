// SPDX-License-Identifier: MIT
#include <parton/nn/conv.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton/init/constant.hpp>
#include <parton/nn/cast.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/infer_shapes.hpp>
#include <parton/nn/pooling.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/random/random.hpp>
#include <parton/report/explain.hpp>
#include <parton/report/summary.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;
using parton_test::printed;

namespace {

using ConvNames = std::vector<std::string>;

nn::Sequential<> small_cnn() {
  return nn::Sequential{nn::Conv2D(4, 3, nn::relu, {.padding = 1}), nn::MaxPool2D(2),
                        nn::Conv2D(6, {3, 2}, {.use_bias = false}), nn::AvgPool2D(2), nn::Dense(5)};
}

}  // namespace

TEST_CASE("a Conv2D computes the activation of a convolution") {
  nn::Conv2D layer(2, 2, nn::relu, {.padding = {{0, 1}, 0}, .in_channels = 1});
  layer.weight().set_data(Tensor<>{{{{1, 2}, {3, 4}}}, {{{-1, 0}, {0, 1}}}});
  layer.bias().set_data({10, -3});
  const Tensor<> x = Tensor<>({1, 2, 3, 4}).reshape({1, 1, 2, 2});
  // 1 + 4 + 9 + 16 + 10; 3 + 8 + 10; -1 + 4 - 3; -3 - 3 cut off.
  CHECK(layer(x) == Tensor<>({40, 21, 0, 0}).reshape({1, 2, 2, 1}));
  nn::Conv2D own(2, 2, nn::ActivationFunction<float>([](const Tensor<>& z) { return z * z; }, "sq"),
                 {.padding = {{0, 1}, 0}, .params = layer.params()});
  CHECK(own(x) == Tensor<>({1600, 441, 0, 36}).reshape({1, 2, 2, 1}));
  CHECK(printed(own) ==
        "Conv2D(1 -> 2, kernel_size=(2, 2), stride=(1, 1), padding=((0, 1), (0, 0)), "
        "Activation(sq))");
}

TEST_CASE("a Conv1D is a Conv2D with one spatial axis") {
  nn::Conv1D layer(3, 4, {.strides = 2, .padding = 1});
  layer.initialize();
  const Tensor x = random::uniform({2, 5, 9});
  CHECK(layer(x).shape() == Shape{2, 3, 4});
  CHECK(layer.weight().shape() == Shape{3, 5, 4});
  CHECK(layer(x) == conv1d(x, layer.weight().data(), nullptr, {.strides = 2, .padding = 1}));
  CHECK(layer.name() == "conv0");
  CHECK(printed(layer) == "Conv1D(5 -> 3, kernel_size=(4,), stride=(2,), padding=(1,))");
}

TEST_CASE("convolutions are numbered together, as conv, and pooling as pool") {
  nn::Sequential<> net{nn::Conv1D(2, 1), nn::Conv2D(2, 1), nn::MaxPool1D(), nn::AvgPool2D()};
  CHECK(net.collect_params().names() ==
        ConvNames{"conv0_weight", "conv0_bias", "conv1_weight", "conv1_bias"});
  CHECK(net[3].name() == "pool1");
}

// Gluon's _Conv.__repr__, which gives the second axis of the weight and leaves defaults out.
TEST_CASE("a convolution prints as Gluon's") {
  CHECK(printed(nn::Conv2D(6, 5)) == "Conv2D(-1 -> 6, kernel_size=(5, 5), stride=(1, 1))");
  CHECK(printed(nn::Conv2D(8, {3, 5}, nn::sigmoid,
                           {.strides = {2, 1},
                            .padding = {1, 2},
                            .dilation = 2,
                            .groups = 4,
                            .use_bias = false,
                            .in_channels = 12})) ==
        "Conv2D(3 -> 8, kernel_size=(3, 5), stride=(2, 1), padding=(1, 2), dilation=(2, 2), "
        "groups=4, bias=False, Activation(sigmoid))");
}

TEST_CASE("a convolution learns its channels from the first input, or from a shape") {
  nn::Conv2D layer(4, 3, {.groups = 2});
  CHECK(layer.weight().shape() == Shape{4, -1, 3, 3});
  CHECK(layer.in_channels() == -1);
  layer.initialize();
  CHECK(layer.bias().data() == Tensor<>::zeros({4}));
  CHECK(layer(Tensor<>::zeros({2, 6, 5, 5})).shape() == Shape{2, 4, 3, 3});
  CHECK(layer.weight().shape() == Shape{4, 3, 3, 3});
  CHECK(layer.in_channels() == 6);

  nn::Sequential<> net = small_cnn();
  CHECK(infer_shapes(net, {2, 1, 8, 9}) == Shape{2, 5});
  CHECK(net[0].weight().shape() == Shape{4, 1, 3, 3});
  CHECK(net[2].weight().shape() == Shape{6, 4, 3, 2});
  CHECK(net[4].weight().shape() == Shape{5, 6});
  // 4 * 9 + 4, 6 * 4 * 6, 5 * 6 + 5.
  CHECK(summary(net, Shape{2, 1, 8, 9}).total == 40 + 144 + 35);
  CHECK(printed(explain(net)).find("conv1_weight (6, 4, 3, 2)") != std::string::npos);
}

TEST_CASE("a small CNN keeps everything in a clone and in a cast") {
  nn::Sequential<> net = small_cnn();
  net.initialize({.seed = 3});
  const Tensor x = random::uniform({2, 1, 8, 9});
  const Tensor y = net(x);
  CHECK(y.shape() == Shape{2, 5});
  nn::Sequential<> copy = net.clone();
  CHECK(copy(x) == y);
  CHECK(printed(copy) == printed(net));
  const Tensor<double> wide = net.cast<double>()(x.cast<double>());
  for (Index i = 0; i < y.size(); ++i)
    CHECK(wide.data()[i] == Approx(y.data()[i]).epsilon(1e-4).margin(1e-6));
  const nn::Conv2D told(6, {3, 1}, nn::relu,
                        {.strides = 2,
                         .padding = 1,
                         .dilation = {1, 2},
                         .groups = 2,
                         .use_bias = false,
                         .name = "edges"});
  const nn::Conv2D<double> again = told.cast<double>();
  CHECK(printed(again) == printed(told));
  CHECK(again.channels() == 6);
  CHECK(again.kernel_size() == PerAxis<2>{3, 1});
  CHECK(again.strides() == 2);
  CHECK(again.padding() == Padding<2>(1));
  CHECK(again.dilation() == PerAxis<2>{1, 2});
  CHECK(again.groups() == 2);
  CHECK_FALSE(again.use_bias());
  CHECK(again.activation().name() == "relu");
  CHECK(again.name() == "edges");
}

TEST_CASE("a small CNN has a gradient for every parameter") {
  nn::Sequential<> net = small_cnn();
  net.initialize(init::Constant(0.1));
  {
    const autograd::Record recording;
    net(Tensor<>::full({2, 1, 8, 9}, 1)).backward();
  }
  for (auto& [path, p] : net.named_parameters()) {
    INFO(path);
    CHECK(p.grad().shape() == p.shape());
    CHECK(p.grad().data()[0] > 0);
  }
}

TEST_CASE("convolutions share parameters") {
  auto shared = std::make_shared<nn::Conv2D<>>(3, 3, nn::linear,
                                               nn::ConvOptions<2>{.padding = 1, .in_channels = 3});
  const nn::Conv2D again(3, 3, nn::relu, {.padding = 1, .params = shared->params()});
  CHECK(&again.weight() == &shared->weight());
  check_says(message_of<TieError>([&] { nn::Conv2D(3, 5, {.params = shared->params()}); }),
             {"(3, 3, 3, 3)", "(3, -1, 5, 5)"});
}

TEST_CASE("a convolution refuses what does not fit, and says what") {
  nn::Sequential<> net{nn::Conv2D(2, 3, {.in_channels = 4})};
  net.initialize();
  check_says(message_of<ShapeError>([&] {
               net(Tensor<>::zeros({1, 5, 4, 4}));
             }),
             {"'conv0_weight'", "0.weight", "4 channels", "(1, 5, 4, 4)", "in_channels = 5"});
  check_says(message_of<ShapeError>([&] {
               net(Tensor<>::zeros({4, 4, 4}));
             }),
             {"'conv0_weight'", "0.weight", "(N, C, H, W)", "(4, 4, 4)", "reshape"});
  check_says(message_of<ShapeError>([&] {
               net(Tensor<>::zeros({1, 4, 2, 4}));
             }),
             {"height", "is 2", "over 3"});
  nn::Conv2D grouped(4, 1, {.groups = 2});
  grouped.initialize();
  check_says(message_of<ShapeError>([&] {
               grouped(Tensor<>::zeros({1, 3, 4, 4}));
             }),
             {"'conv0_weight'", "2 groups", "3 channels"});
  check_says(message_of<ValueError>([] { nn::Conv2D layer(0, 1); }), {"channels", "Conv2D", "0"});
  check_says(message_of<ValueError>([] { nn::Conv1D(1, 1, {.in_channels = -1}); }),
             {"in_channels", "Conv1D", "-1"});
  check_says(message_of<ValueError>([] { nn::Conv2D(3, 1, {.groups = 2}); }),
             {"channels = 3", "Conv2D", "groups = 2"});
  check_says(message_of<ValueError>([] { nn::Conv2D(4, 1, {.groups = 2, .in_channels = 3}); }),
             {"in_channels = 3"});
  check_says(message_of<ValueError>([] { nn::Conv2D(4, 1, {.groups = 0}); }), {"groups"});
  check_says(message_of<ValueError>([] { nn::Conv2D(4, {1, 0}); }), {"Conv2D", "kernel size", "0"});
  CHECK_THROWS_AS(nn::Conv2D(4, 1, {.strides = 0}), ValueError);
  CHECK_THROWS_AS(nn::Conv2D(4, 1, {.padding = -1}), ValueError);
}
