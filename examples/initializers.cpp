// SPDX-License-Identifier: MIT
// Exercise 2 of the chapter: explore the initializers. Fills the weight of a Dense of 64 units on
// 48 inputs (or what else an initializer is made for) and shows the text form, statistics and a
// histogram of what came out.
#include <iostream>

#include <parton/parton.hpp>

using namespace parton;

void show(const init::AnyInitializer<float>& initializer, const Shape& shape) {
  Parameter<> weight("weight", {.shape = shape});
  weight.initialize(initializer, {.seed = 7});
  const Tensor w = weight.data();
  const double limit = statistics(abs(w)).max;
  std::cout << initializer->dump() << "  " << shape << '\n'
            << statistics(w) << '\n'
            << histogram(w, {.bins = 9, .low = -limit, .high = limit}) << '\n';
}

int main() {
  const Shape dense = {64, 48};

  std::cout << "Constants\n";
  show(init::Zero(), dense);
  show(init::One(), dense);
  show(init::Constant(-0.5), dense);
  show(init::Constant(Tensor{{1, 2, 3}, {4, 5, 6}}), {4, 2, 3});

  std::cout << "One distribution for every layer\n";
  show(init::Uniform(0.07), dense);
  show(init::Normal(0.01), dense);
  show(init::TruncatedNormal(0.01), dense);
  show(init::Sparse(0.8), dense);

  std::cout << "A variance that fits the layer's width\n";
  show(init::VarianceScaling(), dense);
  show(init::Xavier(), dense);
  show(init::Xavier({.rnd_type = init::gaussian, .factor_type = init::in, .magnitude = 2}), dense);
  show(init::MSRAPrelu(), dense);
  show(init::He(), dense);
  show(init::LeCun(), dense);
  show(init::Xavier(), {64, 3, 3, 3});

  std::cout << "A structure\n";
  show(init::Orthogonal(), dense);
  show(init::Identity(), dense);
  show(init::Dirac(), {8, 8, 3, 3});
  show(init::Bilinear(), {2, 2, 4, 4});
  show(init::LSTMBias(), {64});

  std::cout << "By name, and of one's own\n";
  show("xavier", dense);
  show(init::Mixed({{".*bias", init::Zero()}, {".*", init::Uniform(1)}}), dense);
  show(
      [](Tensor<>& data, random::Generator& rng) {
        rng.uniform(data, -10, 10);
        data.array() *= (data.array().abs() >= 5).cast<float>();
      },
      dense);

  std::cout << "An initializer that does not fit says so\n";
  try {
    show(init::Xavier(), {10});
  } catch (const InitializerError& error) {
    std::cout << error.what() << '\n';
  }
}
