// SPDX-License-Identifier: MIT
//
// "Parameter Management", a chapter of Dive into Deep Learning, from its first line to its last.
#include <iostream>
#include <memory>

#include <parton/parton.hpp>

using namespace parton;

namespace {

void heading(const char* text) { std::cout << "\n# " << text << "\n\n"; }

// To four decimals: sums in a forward may differ in their last bits between machines.
Tensor<> rounded(Tensor<> values) {
  Tensor result = values.copy();
  result.array() = (result.array() * 1e4f).round() / 1e4f;
  return result;
}

// Nested factories.
nn::Sequential<> block1() {
  return nn::Sequential{nn::Dense(32, nn::relu), nn::Dense(16, nn::relu)};
}

nn::Sequential<> block2() {
  nn::Sequential net;
  for (int i = 0; i < 4; ++i) net.add(block1());
  return net;
}

// A custom initializer: the chapter's strange distribution, U(5, 10) with probability 1/4, 0 with
// 1/2 and U(-10, -5) with 1/4.
struct MyInit : init::Initializer<> {
  void init_weight(std::string_view name, Tensor<>& data, random::Generator& rng) const override {
    std::cout << "Init " << name << ' ' << data.shape() << '\n';
    rng.uniform(data, -10, 10);
    data.array() *= (data.array().abs() >= 5).cast<float>();
  }
};

}  // namespace

int main() {
  random::seed(1);

  heading("Parameter Management");
  nn::Sequential net;
  net.add(nn::Dense(256, nn::relu));
  net.add(nn::Dense(10));
  net.initialize();  // the default: weights U(-0.07, 0.07), biases 0

  const Tensor x = random::uniform({2, 20});
  std::cout << rounded(net(x)) << '\n';

  heading("Parameter Access");
  std::cout << net[0].params() << '\n';
  std::cout << net[1].params() << '\n';

  heading("Targeted Parameters");
  std::cout << net[1].bias() << '\n';
  std::cout << net[1].bias().data() << '\n';
  std::cout << net[0].params()["dense0_weight"] << '\n';
  std::cout << net[0].params()["dense0_weight"].data() << '\n';
  std::cout << net[0].weight().grad() << '\n';

  heading("All Parameters at Once");
  std::cout << net[0].collect_params() << '\n';
  std::cout << net.collect_params() << '\n';
  std::cout << net.collect_params()["dense1_bias"].data() << '\n';
  std::cout << net.collect_params(".*weight") << '\n';
  std::cout << net.collect_params("dense0.*") << '\n';

  heading("Collecting Parameters from Nested Blocks");
  nn::Sequential rgnet;
  rgnet.add(block2());
  rgnet.add(nn::Dense(10));
  rgnet.initialize();
  rgnet(x);
  std::cout << rgnet << '\n';
  std::cout << rgnet.collect_params() << '\n';
  std::cout << rgnet[0][1][0].bias().data() << '\n';

  heading("Parameter Initialization");
  heading("Built-in Initialization");
  // force_reinit makes sure that the parameters are filled again, even if they already were.
  net.initialize(init::Normal(0.01), {.force_reinit = true});
  std::cout << net[0].weight().data()[0] << '\n';
  net.initialize(init::Constant(1), {.force_reinit = true});
  std::cout << net[0].weight().data()[0] << '\n';
  // The biases are not 1: a bias has an initializer of its own, which is stronger.
  std::cout << explain(net);
  net[0].weight().initialize(init::Xavier(), {.force_reinit = true});
  net[1].initialize(init::Constant(42), {.force_reinit = true});
  std::cout << net[0].weight().data()[0] << '\n';
  std::cout << net[1].weight().data()(0, 0) << '\n';

  heading("Custom Initialization");
  net.initialize(MyInit(), {.force_reinit = true});
  std::cout << net[0].weight().data()[0] << '\n';
  net[0].weight().data() += 1;
  net[0].weight().data()(0, 0) = 42;
  std::cout << net[0].weight().data()[0] << '\n';

  heading("Tied Parameters");
  nn::Sequential tied;
  // The shared layer is held by the caller too, so that its parameters can be referred to.
  auto shared = std::make_shared<nn::Dense<>>(8, nn::relu);
  tied.add(nn::Dense(8, nn::relu), shared, nn::Dense(8, nn::relu, {.params = shared->params()}),
           nn::Dense(10));
  tied.initialize();
  tied(random::uniform({2, 20}));
  // Are the parameters the same?
  std::cout << equal(tied[1].weight().data()[0], tied[2].weight().data()[0]) << '\n';
  tied[1].weight().data()(0, 0) = 100;
  // Is it one object, and not just the same values?
  std::cout << equal(tied[1].weight().data()[0], tied[2].weight().data()[0]) << '\n';
  std::cout << tied.collect_params() << '\n';
}
