// SPDX-License-Identifier: MIT
#include <memory>
#include <sstream>

#include <parton/init/normal.hpp>
#include <parton/nn/cast.hpp>
#include <parton/random/random.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

template <class Scalar = float>
class AnyScalar : public nn::Block<Scalar> {
 public:
  Tensor<Scalar> forward(const Tensor<Scalar>& x) const override { return dense(x); }
  nn::Dense<Scalar>& dense = this->add_child("dense", nn::Dense<Scalar>(3));
};

class FloatOnly : public nn::Block<float> {
 public:
  Tensor<> forward(const Tensor<>& x) const override { return x; }
};

}  // namespace

TEST_CASE("cast converts values exactly, keeps states and ties, and leaves the original alone") {
  auto shared = std::make_shared<nn::Dense<>>(4, nn::relu);
  nn::Sequential net;
  net.add(nn::Dense(4), shared, nn::Dense(4, nn::relu, {.params = shared->params()}), shared,
          nn::Dense(2, nn::linear, {.name = "head"}));
  net.initialize({.seed = 5});
  const Tensor x = random::uniform({3, 6});
  net(x);
  nn::Sequential<double> wide = net.cast<double>();
  CHECK(wide.collect_params().names() == net.collect_params().names());
  CHECK(&wide[1].weight() == &wide[2].weight());
  CHECK(&wide[1] == &wide[3]);
  for (auto& [path, p] : net.named_parameters()) {
    CHECK(wide.collect_params()[p.name()].data() == p.data().cast<double>());
  }
  wide[0].weight().data() += 1.0;
  CHECK_FALSE(wide[0].weight().data() == net[0].weight().data().cast<double>());
  CHECK(wide.at<nn::Dense>(4).units() == 2);
}

// The float is exact in double, so a cast there and back is the identity.
TEST_CASE("cast to double and back is the same net") {
  nn::Sequential net{nn::Dense(4, nn::tanh), nn::Dense(2)};
  net.initialize();
  const Tensor x = random::uniform({3, 6});
  const Tensor y = net(x);
  nn::Sequential<> back = net.cast<double>().cast<float>();
  CHECK(back(x) == y);
}

TEST_CASE(
    "cast keeps what waits for its shape, and own initializers in the full precision of the new "
    "scalar") {
  nn::Sequential net{nn::Dense(4, nn::linear, {.weight_initializer = init::Normal(0.5)})};
  net.initialize({.seed = 1});
  nn::Sequential<double> wide = net.cast<double>();
  CHECK(wide[0].weight().is_deferred());
  wide(random::uniform<double>({1, 3}));
  nn::Sequential<double> direct{
      nn::Dense<double>(4, nn::linear, {.weight_initializer = init::Normal(0.5)})};
  direct.initialize({.seed = 1});
  direct(random::uniform<double>({1, 3}));
  CHECK(wide[0].weight().data() == direct[0].weight().data());
}

TEST_CASE("cast of a single layer, and to half and bfloat16") {
  nn::Dense layer(2, nn::linear, {.in_units = 2, .weight_initializer = init::Constant(0.5)});
  layer.initialize();
  CHECK(layer.cast<Eigen::half>().weight().data() == Tensor<Eigen::half>{{0.5, 0.5}, {0.5, 0.5}});
  CHECK(layer.cast<Eigen::bfloat16>().weight().dtype() == "bfloat16");
}

TEST_CASE(
    "cast of an own block: a registered template is made anew, another one is an error by name") {
  nn::Sequential<> net;
  net.add(AnyScalar<>());
  net.initialize();
  net(random::uniform({1, 2}));
  CHECK_THROWS_AS(net.cast<double>(), CloneError);
  CHECK_THROWS_WITH(net.cast<double>(), Catch::Matchers::ContainsSubstring("AnyScalar") &&
                                            Catch::Matchers::ContainsSubstring("'0'") &&
                                            Catch::Matchers::ContainsSubstring("float64"));
  nn::register_cast<AnyScalar<float>, AnyScalar<double>>();
  nn::Sequential<double> wide = net.cast<double>();
  CHECK(wide.child("0.dense").weight().data() ==
        net.child("0.dense").weight().data().cast<double>());

  nn::Sequential<> fixed;
  fixed.add(FloatOnly());
  CHECK_THROWS_WITH(fixed.cast<double>(), Catch::Matchers::ContainsSubstring("FloatOnly"));
}
