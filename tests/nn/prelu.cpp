// SPDX-License-Identifier: MIT
#include <sstream>

#include <parton/init/normal.hpp>
#include <parton/nn/infer_shapes.hpp>
#include <parton/nn/prelu.hpp>
#include <parton/nn/sequential.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using Catch::Matchers::ContainsSubstring;

// Case 50: Gluon's test_activations.
TEST_CASE("PReLU begins with the slope 0.25, whatever the net's initializer") {
  nn::PReLU layer;
  layer.initialize(init::Normal(1));
  CHECK(layer(Tensor<>{-0.1, 0.1}) == Tensor<>{-0.025, 0.1});
  CHECK(layer.alpha().name() == "prelu0_alpha");
  CHECK(layer.alpha().data() == Tensor<>{0.25});
  CHECK(layer(Tensor<>{{{-4, 4}}}).shape() == Shape{1, 1, 2});
}

TEST_CASE("PReLU has one slope for each channel, as in Gluon's test") {
  nn::PReLU layer(
      {.in_channels = 3, .alpha_initializer = init::Constant(Tensor<>{0.1, 0.25, 0.5})});
  layer.initialize();
  const Tensor<> x = {{{-0.1, 0.1}, {-0.1, 0.1}, {-0.1, 0.1}}};
  const Tensor<> expected = {{{-0.01, 0.1}, {-0.025, 0.1}, {-0.05, 0.1}}};
  const Tensor<> y = layer(x);
  for (Index i = 0; i < 6; ++i) CHECK(y.data()[i] == Approx(expected.data()[i]));
}

TEST_CASE("PReLU takes the number of channels from the first forward, and then refuses others") {
  nn::PReLU layer({.in_channels = 0});
  layer.initialize();
  CHECK(layer.alpha().is_deferred());
  CHECK(infer_shapes(layer, {2, 5, 7}) == Shape{2, 5, 7});
  CHECK(layer.alpha().shape() == Shape{5});
  CHECK_THROWS_AS(layer(Tensor<>::zeros({2, 4})), ShapeError);
  CHECK_THROWS_WITH(layer(Tensor<>::zeros({2, 4})),
                    ContainsSubstring("'prelu0_alpha'") && ContainsSubstring("5 channels") &&
                        ContainsSubstring("(2, 4)") && ContainsSubstring("in_channels = 4"));
  CHECK_THROWS_AS(layer(Tensor<>::zeros({5})), ShapeError);
  CHECK_THROWS_WITH(layer(Tensor<>::zeros({5})),
                    ContainsSubstring("'prelu0_alpha'") && ContainsSubstring("axis 1"));
  CHECK_THROWS_AS(nn::PReLU({.in_channels = -1}), ValueError);
}

TEST_CASE("PReLU prints as a block without children does in Gluon") {
  std::ostringstream os;
  os << nn::PReLU();
  CHECK(os.str() == "PReLU(\n\n)");
}

TEST_CASE("PReLU is shared and cloned") {
  auto first = std::make_shared<nn::PReLU<>>();
  nn::Sequential net;
  net.add(first, nn::PReLU({.params = first->params()}), nn::PReLU({.in_channels = 0}));
  net.initialize();
  net(Tensor<>::zeros({1, 3}));
  CHECK(&net.at<nn::PReLU>(0).alpha() == &net.at<nn::PReLU>(1).alpha());
  CHECK(net.collect_params().size() == 2);
  first->alpha().set_data(Tensor<>{0.5});
  nn::Sequential copy = net.clone();
  CHECK(&copy.at<nn::PReLU>(0).alpha() == &copy.at<nn::PReLU>(1).alpha());
  CHECK(copy.at<nn::PReLU>(2).alpha().shape() == Shape{3});
  CHECK_THROWS_AS(copy(Tensor<>::zeros({1, 4})), ShapeError);
  CHECK_THROWS_AS(nn::PReLU({.in_channels = 2, .params = first->params()}), TieError);
}

TEST_CASE("PReLU works in half and bfloat16") {
  nn::PReLU<Eigen::half> half;
  half.initialize();
  CHECK(half(Tensor<Eigen::half>{-4, 4}) == Tensor<Eigen::half>{-1, 4});
  nn::PReLU<Eigen::bfloat16> brain;
  brain.initialize();
  CHECK(brain(Tensor<Eigen::bfloat16>{-4, 4}) == Tensor<Eigen::bfloat16>{-1, 4});
}
