// SPDX-License-Identifier: MIT
// Two nets learn to read digits of 8x8 pixels: a multilayer perceptron and a small convolutional
// net. Without --data the digits are drawn here, shifted and noisy.
//
//     example_train_digits --data digits.csv --epochs 30
//
// The file has a line of headings, then one image a line: 64 numbers from 0 to 16, and the digit.
// The last 297 images are kept for the test.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include <parton/parton.hpp>

using namespace parton;

namespace {

struct Digits {
  Tensor<> images;  // (n, 1, 8, 8), from 0 to 1
  Tensor<> labels;  // (n,)

  [[nodiscard]] Index size() const { return labels.size(); }
  [[nodiscard]] Digits slice(Index begin, Index end) const {
    return {Tensor<>(images.slice(begin, end)), Tensor<>(labels.slice(begin, end))};
  }
  [[nodiscard]] Digits pick(const Tensor<Index>& which) const {
    return {take(images, which), take(labels, which)};
  }
};

constexpr std::array<std::string_view, 7> font = {
    " ###    #    ###   ###     #  #####   ##  #####  ###   ### ",
    "#   #  ##   #   # #   #   ##  #      #        # #   # #   #",
    "#   # # #       #     #  # #  #     #        #  #   # #   #",
    "#   #   #      #    ##  #  #  ####  ####    #    ###   ####",
    "#   #   #     #       # #####     # #   #   #   #   #     #",
    "#   #   #    #    #   #    #  #   # #   #  #    #   #    # ",
    " ###  ##### #####  ###     #   ###   ###   #     ###   ##  ",
};

/// `n` digits at a random place of the image, more or less bright, under normal noise.
Digits draw_digits(Index n) {
  Digits result{random::normal({n, 1, 8, 8}, 0, 0.15), Tensor<>::zeros({n})};
  const Tensor chance = random::uniform({n, 4});
  for (Index i = 0; i < n; ++i) {
    const auto below = [&](Index what, int end) {
      return static_cast<Index>(static_cast<double>(chance(i, what)) * end);
    };
    const Index digit = below(0, 10), right = below(1, 4), down = below(2, 2);
    const float ink = 0.6f + 0.4f * chance(i, 3);
    for (Index y = 0; y < 7; ++y)
      for (Index x = 0; x < 5; ++x)
        if (font[static_cast<std::size_t>(y)][static_cast<std::size_t>(6 * digit + x)] == '#')
          result.images(i, 0, y + down, x + right) += ink;
    result.labels(i) = static_cast<float>(digit);
  }
  result.images = clip(result.images, 0, 1);
  return result;
}

Digits read_digits(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  std::vector<float> pixels, labels;
  std::string line;
  std::getline(file, line);  // the headings
  for (int number = 2; std::getline(file, line); ++number) {
    const char* at = line.data();
    const char* const end = at + line.size();
    for (int column = 0; column < 65; ++column) {
      float value = 0;
      const auto [next, error] = std::from_chars(at, end, value);
      if (error != std::errc() || (column < 64 ? next == end || *next != ',' : false))
        throw std::runtime_error(path + ":" + std::to_string(number) + ": expected 65 numbers");
      at = next + 1;
      if (column < 64)
        pixels.push_back(value / 16);
      else
        labels.push_back(value);
    }
  }
  const auto n = static_cast<Index>(labels.size());
  return {Tensor<>(pixels).reshape({n, 1, 8, 8}), Tensor<>(labels)};
}

nn::Sequential<> mlp() { return nn::Sequential{nn::Dense(64, nn::relu), nn::Dense(10)}; }

nn::Sequential<> cnn() {
  nn::Sequential net;
  net.add(nn::Conv2D(32, 3, nn::relu, {.padding = 1}), nn::MaxPool2D(2));
  net.add(nn::Conv2D(64, 3, nn::relu, {.padding = 1}), nn::Dropout(0.5), nn::Dense(10));
  return net;
}

double accuracy(const nn::Sequential<>& net, const Digits& digits) {
  const Tensor<std::int64_t> found = argmax(net(digits.images));
  Index right = 0;
  for (Index i = 0; i < digits.size(); ++i)
    if (static_cast<float>(found(i)) == digits.labels(i)) ++right;
  return static_cast<double>(right) / static_cast<double>(digits.size());
}

struct Settings {
  std::string data;
  int epochs = 20;
  std::uint64_t seed = 1;
  Index batch = 32;
};

void learn(const std::string& name, nn::Sequential<> net, const Digits& train, const Digits& test,
           const Settings& settings) {
  net.initialize(init::Xavier(), {.seed = settings.seed});
  infer_shapes(net, {1, 1, 8, 8});
  std::cout << '\n' << name << ": " << net << '\n';

  const Index batches = (train.size() + settings.batch - 1) / settings.batch;
  const auto steps = static_cast<std::uint64_t>(batches * settings.epochs);
  optim::Trainer trainer(
      net.collect_params(),
      optim::Adam({.learning_rate = 0.003, .schedule = optim::Cosine({.steps = steps})}));
  const loss::SoftmaxCrossEntropy cross_entropy;
  for (int epoch = 1; epoch <= settings.epochs; ++epoch) {
    const Tensor<Index> order(random::permutation(train.size()));
    double total = 0;
    Progress progress(batches, {.label = name + ", epoch " + std::to_string(epoch)});
    for (Index i : progress) {
      const Index begin = i * settings.batch;
      const Digits batch =
          train.pick(order.slice(begin, std::min(begin + settings.batch, train.size())));
      const autograd::Record recording;
      const Tensor loss = cross_entropy(net(batch.images), batch.labels);
      loss.backward();
      trainer.step(batch.size());
      total += sum(loss).item();
      progress.show({.loss = mean(loss).item()});
    }
    progress.clear();
    std::printf("epoch %2d  loss %.3f  accuracy %.1f%%\n", epoch,
                total / static_cast<double>(train.size()), 100 * accuracy(net, test));
    std::fflush(stdout);
  }
}

int run(const Settings& settings) {
  random::seed(settings.seed);
  const Digits all = settings.data.empty() ? draw_digits(1297) : read_digits(settings.data);
  constexpr Index kept = 297;
  if (all.size() <= kept) throw std::runtime_error("more than 297 images are needed");
  const Digits train = all.slice(0, all.size() - kept);
  const Digits test = all.slice(all.size() - kept, all.size());
  std::cout << train.size() << " digits to learn from, " << test.size() << " for the test\n";
  learn("MLP", mlp(), train, test, settings);
  learn("CNN", cnn(), train, test, settings);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("An MLP and a CNN learn to read digits of 8x8 pixels.");
  app.add_option("--data", settings.data, "digits.csv; without it digits are drawn")
      ->check(CLI::ExistingFile);
  app.add_option("--epochs", settings.epochs, "How often all images are seen")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", settings.seed, "Of the initial values and the order")
      ->capture_default_str();
  app.add_option("--batch", settings.batch, "Images per step")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  try {
    return run(settings);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
