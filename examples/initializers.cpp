// SPDX-License-Identifier: MIT
// Exercise 2 of the chapter: explore the initializers. Fills the weight of a Dense of 64 units on
// 48 inputs (or what else an initializer is made for) and shows the text form, statistics and a
// histogram of what came out.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <parton/parton.hpp>
#include <string>
#include <vector>

using namespace parton;

/// Thirty-one columns from -largest to largest, four lines high; a dot is half a line.
void print_histogram(const Tensor<>& values) {
  constexpr int bins = 31;
  const float limit = std::max(values.array().abs().maxCoeff(), 1e-30f);
  std::vector<int> counts(bins, 0);
  for (const float x : values.span()) {
    const double place = std::floor((static_cast<double>(x) / limit + 1) / 2 * bins);
    ++counts[static_cast<std::size_t>(std::clamp(place, 0.0, bins - 1.0))];
  }
  const int highest = *std::max_element(counts.begin(), counts.end());
  for (int level = 4; level > 0; --level) {
    std::cout << "  |";
    for (const int count : counts) {
      const int eighths = (count * 8 + highest - 1) / highest - (level - 1) * 2;
      std::cout << (eighths >= 2 ? '#' : eighths == 1 ? '.' : ' ');
    }
    std::cout << "|\n";
  }
}

void show(const init::AnyInitializer<float>& initializer, const Shape& shape) {
  Parameter<> weight("weight", {.shape = shape});
  weight.initialize(initializer, {.seed = 7});
  const Tensor<double> w = weight.data().cast<double>();
  const double mean = w.array().mean();
  const double deviation = std::sqrt((w.array() - mean).square().mean());
  const double zeros = 100 * (w.array() == 0).cast<double>().mean();
  std::cout << initializer->dump() << "  " << shape << '\n';
  char line[120];
  // A mean that rounds to zero prints without a sign.
  const double shown_mean = std::abs(mean) < 5e-6 ? 0.0 : mean;
  std::snprintf(line, sizeof line, "  mean %.5f, deviation %.5f, from %.5f to %.5f, zero %.1f%%\n",
                shown_mean, deviation, w.array().minCoeff(), w.array().maxCoeff(), zeros);
  std::cout << line;
  print_histogram(weight.data());
}

int main() {
  const Shape dense = {64, 48};

  std::cout << "Constants\n";
  show(init::Zero(), dense);
  show(init::One(), dense);
  show(init::Constant(-0.5), dense);
  show(init::Constant(Tensor{{1, 2, 3}, {4, 5, 6}}), {4, 2, 3});

  std::cout << "\nOne distribution for every layer\n";
  show(init::Uniform(0.07), dense);
  show(init::Normal(0.01), dense);
  show(init::TruncatedNormal(0.01), dense);
  show(init::Sparse(0.8), dense);

  std::cout << "\nA variance that fits the layer's width\n";
  show(init::VarianceScaling(), dense);
  show(init::Xavier(), dense);
  show(init::Xavier({.rnd_type = init::gaussian, .factor_type = init::in, .magnitude = 2}), dense);
  show(init::MSRAPrelu(), dense);
  show(init::He(), dense);
  show(init::LeCun(), dense);
  show(init::Xavier(), {64, 3, 3, 3});

  std::cout << "\nA structure\n";
  show(init::Orthogonal(), dense);
  show(init::Identity(), dense);
  show(init::Dirac(), {8, 8, 3, 3});
  show(init::Bilinear(), {2, 2, 4, 4});
  show(init::LSTMBias(), {64});

  std::cout << "\nBy name, and of one's own\n";
  show("xavier", dense);
  show(init::Mixed({{".*bias", init::Zero()}, {".*", init::Uniform(1)}}), dense);
  show(
      [](Tensor<>& data, random::Generator& rng) {
        rng.uniform(data, -10, 10);
        data.array() *= (data.array().abs() >= 5).cast<float>();
      },
      dense);

  std::cout << "\nAn initializer that does not fit says so\n";
  try {
    show(init::Xavier(), {10});
  } catch (const InitializerError& error) {
    std::cout << error.what() << '\n';
  }
}
