// SPDX-License-Identifier: MIT
#include <parton/compiled.hpp>
#include <parton/parton.hpp>  // either header may come first
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

/// Two steps of a net whose values and gradients a float holds exactly.
template <class Scalar>
Tensor<double> trained_weight() {
  nn::Sequential<Scalar> net;
  net.add(nn::Dense<Scalar>(4, nn::relu), nn::Dense<Scalar>(2));
  net.initialize(init::Constant<Scalar>(0.5));
  const Tensor<Scalar> x = Tensor<Scalar>::full({8, 4}, 0.25);
  optim::Trainer<Scalar> trainer(net.collect_params(), optim::SGD({.learning_rate = 0.25}));
  for (int step = 0; step < 2; ++step) {
    autograd::Record recording;
    sum(net(x)).backward();
    trainer.step(8);
  }
  return net.collect_params(".*1_weight")["dense1_weight"].data().template cast<double>();
}

}  // namespace

TEST_CASE("Nets of float, which may be compiled elsewhere, and of double, which are not, agree") {
  // A hidden unit is 4 * 0.5 * 0.25 = 0.5, so that dense1's weights fall to 0.5 - 0.25 * 0.5; all
  // of dense0's by 0.25 * (2 * 0.5) * 0.25 and its bias by 0.25 * 1, hence 0.1875 = 4 * 0.4375 *
  // 0.25 - 0.25.
  const Tensor<double> expected = Tensor<double>::full({2, 4}, 0.375 - 0.25 * 0.1875);
  CHECK(trained_weight<double>() == expected);
  CHECK(trained_weight<float>() == expected);
}

TEST_CASE("A pattern's error comes whole from where patterns are compiled") {
  nn::Sequential net{nn::Dense(2)};
  CHECK_THROWS_AS(net.collect_params("dense[0"), PatternError);
  CHECK(net.collect_params("dense0_.*").size() == 2);
}
