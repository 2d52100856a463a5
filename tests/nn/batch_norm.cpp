// SPDX-License-Identifier: MIT
#include <cmath>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <parton/init/normal.hpp>
#include <parton/nn/batch_norm.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/infer_shapes.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/random/random.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using Catch::Matchers::ContainsSubstring;
using parton_test::printed;

TEST_CASE("BatchNorm has gamma, beta and the running statistics, in this order") {
  nn::BatchNorm layer;
  CHECK(layer.params().names() == std::vector<std::string>{"batchnorm0_gamma", "batchnorm0_beta",
                                                           "batchnorm0_running_mean",
                                                           "batchnorm0_running_var"});
  layer.initialize(init::Normal(1));
  infer_shapes(layer, {2, 3});
  CHECK(layer.gamma().data() == Tensor<>{1, 1, 1});
  CHECK(layer.beta().data() == Tensor<>{0, 0, 0});
  CHECK(layer.running_mean().data() == Tensor<>{0, 0, 0});
  CHECK(layer.running_var().data() == Tensor<>{1, 1, 1});
  CHECK(layer.gamma().grad_req() == GradReq::write);
  CHECK(layer.beta().grad_req() == GradReq::write);
  CHECK(layer.running_mean().grad_req() == GradReq::null);
  CHECK(layer.running_var().grad_req() == GradReq::null);
  layer.running_var().set_grad_req(GradReq::write);
  CHECK(layer.running_var().grad_req() == GradReq::null);
}

// By the formula: channel 0 is 1, 3 (mean 2, variance 1), channel 1 is 10, 30 (20, 100).
TEST_CASE("BatchNorm in training takes the batch's statistics and moves the running ones") {
  nn::BatchNorm layer({.momentum = 0.75, .epsilon = 0});
  layer.initialize();
  const Tensor<> x = {{1, 10}, {3, 30}};
  {
    const autograd::TrainMode training;
    CHECK(layer(x) == Tensor<>{{-1, -1}, {1, 1}});
    CHECK(layer.running_mean().data() == Tensor<>{0.5, 5});
    CHECK(layer.running_var().data() == Tensor<>{1, 25.75});
    layer(x);
    CHECK(layer.running_mean().data() == Tensor<>{0.875, 8.75});
  }
  layer.running_mean().set_data(Tensor<>{1, 10});
  layer.running_var().set_data(Tensor<>{4, 100});
  layer.gamma().set_data(Tensor<>{2, 1});
  layer.beta().set_data(Tensor<>{0, 5});
  CHECK(layer(x) == Tensor<>{{0, 5}, {2, 7}});
  CHECK(layer.running_mean().data() == Tensor<>{1, 10});
}

TEST_CASE("BatchNorm moves the storage that a view of the statistics looks at") {
  nn::BatchNorm layer({.in_channels = 1});
  layer.initialize();
  const Tensor<> mean = layer.running_mean().data();
  const autograd::TrainMode training;
  layer(Tensor<>{{1}, {3}});
  CHECK(mean(0) == Approx(0.2));
}

TEST_CASE("BatchNorm normalizes each channel of an image over samples and positions") {
  nn::BatchNorm layer;
  layer.initialize();
  const autograd::TrainMode training;
  const Tensor<> y = layer(random::normal({4, 3, 5, 5}, 7, 2));
  for (Index c = 0; c < 3; ++c) {
    double sum = 0, squares = 0;
    for (Index n = 0; n < 4; ++n)
      for (const float v : y[n][c].span()) sum += v, squares += static_cast<double>(v) * v;
    CHECK(sum / 100 == Approx(0).margin(1e-5));
    CHECK(squares / 100 == Approx(1).epsilon(1e-3));
  }
  nn::BatchNorm last({.axis = -1, .epsilon = 0});
  last.initialize();
  CHECK(last(Tensor<>{{{1, 10}, {3, 30}}}) == Tensor<>{{{-1, -1}, {1, 1}}});
  CHECK(last.in_channels() == 2);
}

TEST_CASE("BatchNorm with use_global_stats uses the running statistics in training too") {
  nn::BatchNorm layer({.epsilon = 0, .use_global_stats = true});
  layer.initialize();
  const autograd::TrainMode training;
  CHECK(layer(Tensor<>{{1, 2}, {3, 4}}) == Tensor<>{{1, 2}, {3, 4}});
  CHECK(layer.running_mean().data() == Tensor<>{0, 0});
}

TEST_CASE("BatchNorm without scale takes gamma as 1, without center beta as 0") {
  nn::BatchNorm layer({.epsilon = 0, .center = false, .scale = false});
  layer.initialize();
  infer_shapes(layer, {1, 1});
  layer.gamma().set_data(Tensor<>{5});
  layer.beta().set_data(Tensor<>{5});
  CHECK(layer.gamma().grad_req() == GradReq::null);
  CHECK(layer.beta().grad_req() == GradReq::null);
  CHECK(layer(Tensor<>{{3}}) == Tensor<>{{3}});
}

// Case 44, Gluon's test_fill_shape_deferred.
TEST_CASE("widths are filled through a stack with a BatchNorm in it") {
  nn::Sequential net{nn::Dense(64), nn::BatchNorm(), nn::Dense(10)};
  net.initialize();
  net(Tensor<>::full({2, 3}, 1));
  CHECK(net[0].weight().shape() == Shape{64, 3});
  CHECK(net.at<nn::BatchNorm>(1).gamma().shape() == Shape{64});
  CHECK(net.at<nn::BatchNorm>(1).running_var().shape() == Shape{64});
  CHECK(net[2].weight().shape() == Shape{10, 64});
}

TEST_CASE("BatchNorm refuses an input of other channels, without them, or an empty batch") {
  nn::BatchNorm layer({.in_channels = 4});
  layer.initialize();
  CHECK_THROWS_AS(layer(Tensor<>::zeros({2, 3})), ShapeError);
  CHECK_THROWS_WITH(layer(Tensor<>::zeros({2, 3})), ContainsSubstring("'batchnorm0_gamma'") &&
                                                        ContainsSubstring("4 channels") &&
                                                        ContainsSubstring("in_channels = 3"));
  CHECK_THROWS_WITH(layer(Tensor<>::zeros({4})),
                    ContainsSubstring("'batchnorm0_gamma'") && ContainsSubstring("axis 1"));
  CHECK(layer(Tensor<>::zeros({0, 4})).shape() == Shape{0, 4});
  const autograd::TrainMode training;
  CHECK_THROWS_AS(layer(Tensor<>::zeros({0, 4})), ValueError);
  CHECK(layer.running_mean().data() == Tensor<>::zeros({4}));
}

TEST_CASE("BatchNorm refuses bad options") {
  CHECK_THROWS_AS(nn::BatchNorm({.momentum = 1.5}), ValueError);
  CHECK_THROWS_AS(nn::BatchNorm({.momentum = -0.1}), ValueError);
  CHECK_THROWS_WITH(nn::BatchNorm({.momentum = 1.5}),
                    ContainsSubstring("momentum") && ContainsSubstring("not 1.5"));
  CHECK_THROWS_AS(nn::BatchNorm({.epsilon = -1}), ValueError);
  CHECK_THROWS_AS(nn::BatchNorm({.in_channels = -1}), ValueError);
}

TEST_CASE("BatchNorm prints as in Gluon") {
  CHECK(printed(nn::BatchNorm({.in_channels = 4})) ==
        "BatchNorm(axis=1, eps=1e-05, momentum=0.9, fix_gamma=False, use_global_stats=False, "
        "in_channels=4)");
  CHECK(printed(nn::BatchNorm({.axis = -1,
                               .momentum = 0.5,
                               .epsilon = 0.001,
                               .scale = false,
                               .use_global_stats = true})) ==
        "BatchNorm(axis=-1, eps=0.001, momentum=0.5, fix_gamma=True, use_global_stats=True, "
        "in_channels=-1)");
}

TEST_CASE("BatchNorm keeps its options and statistics in a clone, and ties stay ties") {
  auto first = std::make_shared<nn::BatchNorm<>>(nn::BatchNormOptions<>{
      .axis = -1, .momentum = 0.5, .epsilon = 0.25, .center = false, .scale = false});
  nn::Sequential net;
  net.add(first, nn::BatchNorm({.params = first->params()}),
          nn::BatchNorm({.use_global_stats = true, .name = "norm"}));
  net.initialize();
  const Tensor<> x = random::uniform({5, 3});
  {
    const autograd::TrainMode training;
    net(x);
  }
  nn::Sequential copy = net.clone();
  CHECK(printed(copy) == printed(net));
  CHECK(copy(x) == net(x));
  CHECK(copy[2].name() == "norm");
  const auto& one = copy.at<nn::BatchNorm>(0);
  const auto& two = copy.at<nn::BatchNorm>(1);
  CHECK(&one.running_mean() == &two.running_mean());
  CHECK(one.running_mean().data() == first->running_mean().data());
  CHECK_FALSE(one.running_mean().data().shares_storage_with(first->running_mean().data()));
  CHECK(one.gamma().grad_req() == GradReq::null);
  CHECK_FALSE(one.center());
}

TEST_CASE("BatchNorm works in half and bfloat16") {
  nn::BatchNorm<Eigen::half> half({.momentum = 0.5, .epsilon = 0});
  half.initialize();
  nn::BatchNorm<Eigen::bfloat16> brain({.momentum = 0.5, .epsilon = 0});
  brain.initialize();
  const autograd::TrainMode training;
  CHECK(half(Tensor<Eigen::half>{{1}, {3}}) == Tensor<Eigen::half>{{-1}, {1}});
  CHECK(half.running_mean().data() == Tensor<Eigen::half>{1});
  CHECK(brain(Tensor<Eigen::bfloat16>{{1}, {3}}) == Tensor<Eigen::bfloat16>{{-1}, {1}});
  CHECK(brain.running_mean().data() == Tensor<Eigen::bfloat16>{1});
}

// With momentum m, k forwards of one batch give mean (1 - m^k), in whatever order they come.
TEST_CASE("a const BatchNorm trains and predicts in many threads, from the deferred start on") {
  nn::BatchNorm layer({.momentum = 0.5});
  layer.initialize();
  const nn::BatchNorm<>& shared = layer;
  const Tensor<> x = {{1, 10}, {3, 30}};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      if (i % 2 == 1) {
        for (int k = 0; k < 10; ++k) static_cast<void>(shared(x));
        return;
      }
      const autograd::TrainMode training;
      static_cast<void>(shared(x));
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(layer.running_mean().data() == Tensor<>{2 * (1 - 1 / 16.f), 20 * (1 - 1 / 16.f)});
}

TEST_CASE("infer_shapes in training moves nothing") {
  nn::BatchNorm layer({.in_channels = 2});
  layer.initialize();
  const autograd::TrainMode training;
  CHECK(infer_shapes(layer, {3, 2}) == Shape{3, 2});
  CHECK(layer.running_var().data() == Tensor<>{1, 1});
}
