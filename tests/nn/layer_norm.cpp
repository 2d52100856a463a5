// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <parton/init/normal.hpp>
#include <parton/nn/infer_shapes.hpp>
#include <parton/nn/layer_norm.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/random/random.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using Catch::Matchers::ContainsSubstring;
using parton_test::printed;

// Case 50, Gluon's test_layernorm.
TEST_CASE("LayerNorm of two rows gives the numbers of Gluon's test") {
  nn::LayerNorm layer;
  layer.initialize(init::Normal(1));
  const Tensor<> y = layer(Tensor<>{{1, 2, 3, 4, 5}, {1, 1, 2, 2, 2}});
  const Tensor<> expected = {{-1.41421, -0.707105, 0, 0.707105, 1.41421},
                             {-1.224719, -1.224719, 0.816480, 0.816480, 0.816480}};
  for (Index i = 0; i < 10; ++i) CHECK(y.data()[i] == Approx(expected.data()[i]).margin(2e-6));
}

TEST_CASE("LayerNorm multiplies by gamma and adds beta along any axis") {
  nn::LayerNorm layer({.axis = 0, .epsilon = 0});
  layer.initialize();
  const Tensor<> x = {{1, 10}, {3, 30}};
  CHECK(layer(x) == Tensor<>{{-1, -1}, {1, 1}});
  layer.gamma().set_data(Tensor<>{2, 3});
  layer.beta().set_data(Tensor<>{10, 20});
  CHECK(layer(x) == Tensor<>{{8, 8}, {23, 23}});
}

TEST_CASE("LayerNorm without scale or center ignores gamma or beta and does not train them") {
  nn::LayerNorm layer({.epsilon = 0, .center = false, .scale = false});
  layer.initialize(init::Constant(7), {.override_own = true});
  CHECK(layer.gamma().grad_req() == GradReq::null);
  CHECK(layer.beta().grad_req() == GradReq::null);
  CHECK(layer(Tensor<>{{1, 3}}) == Tensor<>{{-1, 1}});
  const nn::LayerNorm both;
  CHECK(both.gamma().grad_req() == GradReq::write);
  CHECK(both.beta().grad_req() == GradReq::write);
}

TEST_CASE("LayerNorm takes its size from the first forward, and then refuses another") {
  nn::LayerNorm layer;
  CHECK(layer.params().names() == std::vector<std::string>{"layernorm0_gamma", "layernorm0_beta"});
  layer.initialize();
  CHECK(layer.gamma().is_deferred());
  CHECK(infer_shapes(layer, {2, 3, 6}) == Shape{2, 3, 6});
  CHECK(layer.gamma().data() == Tensor<>::full({6}, 1));
  CHECK(layer.beta().data() == Tensor<>::zeros({6}));
  CHECK_THROWS_AS(layer(Tensor<>::zeros({2, 5})), ShapeError);
  CHECK_THROWS_WITH(layer(Tensor<>::zeros({2, 5})),
                    ContainsSubstring("'layernorm0_gamma'") && ContainsSubstring("6 channels") &&
                        ContainsSubstring("has 5 there") && ContainsSubstring("axis -1"));
  CHECK_THROWS_AS(layer(Tensor<>::full({}, 1)), ShapeError);
  CHECK_THROWS_WITH(nn::LayerNorm({.axis = 2})(Tensor<>::zeros({2, 5})),
                    ContainsSubstring("'layernorm0_gamma'") && ContainsSubstring("axis 2"));
}

TEST_CASE("a forward that does not fit tells no parameter its size") {
  nn::LayerNorm layer;
  layer.beta().set_data(Tensor<>{1, 2, 3});
  CHECK_THROWS_WITH(layer(Tensor<>::zeros({2, 5})), ContainsSubstring("'layernorm0_beta'"));
  CHECK(layer.gamma().shape() == Shape{-1});
}

TEST_CASE("LayerNorm refuses bad options") {
  CHECK_THROWS_AS(nn::LayerNorm({.epsilon = -1}), ValueError);
  CHECK_THROWS_AS(nn::LayerNorm({.epsilon = std::numeric_limits<double>::infinity()}), ValueError);
  CHECK_THROWS_WITH(nn::LayerNorm({.epsilon = -1}),
                    ContainsSubstring("epsilon of a LayerNorm") && ContainsSubstring("not -1"));
  CHECK_THROWS_AS(nn::LayerNorm({.in_channels = -2}), ValueError);
}

TEST_CASE("LayerNorm prints as in Gluon") {
  CHECK(printed(nn::LayerNorm()) ==
        "LayerNorm(eps=1e-05, axis=-1, center=True, scale=True, in_channels=-1)");
  CHECK(printed(nn::LayerNorm(
            {.axis = 1, .epsilon = 0.001, .center = false, .scale = false, .in_channels = 4})) ==
        "LayerNorm(eps=0.001, axis=1, center=False, scale=False, in_channels=4)");
}

TEST_CASE("LayerNorm keeps every option in a clone, and ties stay ties") {
  auto first = std::make_shared<nn::LayerNorm<>>(nn::LayerNormOptions<>{
      .axis = 1, .epsilon = 0.25, .center = false, .scale = true, .name = "norm"});
  nn::Sequential net;
  net.add(first, nn::LayerNorm({.axis = 1, .params = first->params()}));
  net.initialize();
  const Tensor<> x = random::uniform({2, 3});
  const Tensor<> y = net(x);
  nn::Sequential copy = net.clone();
  CHECK(printed(copy) == printed(net));
  CHECK(copy(x) == y);
  CHECK(copy[0].name() == "norm");
  CHECK(&copy.at<nn::LayerNorm>(0).gamma() == &copy.at<nn::LayerNorm>(1).gamma());
  CHECK(copy.at<nn::LayerNorm>(0).beta().grad_req() == GradReq::null);
}

// Any three numbers a, a + d, a + 2d normalize to -sqrt(1.5), 0, sqrt(1.5).
TEST_CASE("LayerNorm works in half and bfloat16") {
  nn::LayerNorm<Eigen::half> half;
  half.initialize();
  CHECK(static_cast<float>(half(Tensor<Eigen::half>{{1, 2, 3}})(0, 2)) ==
        Approx(std::sqrt(1.5)).epsilon(1e-3));
  nn::LayerNorm<Eigen::bfloat16> brain;
  brain.initialize();
  CHECK(static_cast<float>(brain(Tensor<Eigen::bfloat16>{{1, 2, 3}})(0, 2)) ==
        Approx(std::sqrt(1.5)).epsilon(1e-2));
}

TEST_CASE("the first forward of a const LayerNorm may come from many threads") {
  nn::LayerNorm layer;
  layer.initialize();
  const nn::LayerNorm<>& shared = layer;
  const Tensor<> x = random::uniform({4, 16});
  std::vector<Tensor<>> results(8);
  std::vector<std::thread> threads;
  for (auto& result : results) threads.emplace_back([&] { result = shared(x); });
  for (std::thread& thread : threads) thread.join();
  for (const auto& result : results) CHECK(result == results[0]);
  CHECK(layer.in_channels() == 16);
}
