// SPDX-License-Identifier: MIT
// onnx_export_models FOLDER [DIGITS]
//
// Writes a model for every layer and op that ONNX has, and nets, each with inputs and with what
// parton computes of them, at two sizes of the batch; run_onnx.mjs and run_opencv.py run the files
// and compare. DIGITS is digits.csv, from which two nets learn first: a line of headings, then 64
// numbers from 0 to 16 and the digit. With --wrong in its place, one expected number is changed.
#include "models.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "layers.hpp"
#include "ops.hpp"

namespace onnx_export {

namespace {

struct Digits {
  Tensor<> images, labels;
};

Digits read_digits(const std::string& path, std::size_t most) {
  std::ifstream file(path);
  std::vector<float> pixels, labels;
  std::string line, cell;
  std::getline(file, line);  // the headings
  while (labels.size() < most && std::getline(file, line)) {
    std::istringstream cells(line);
    for (int column = 0; std::getline(cells, cell, ','); ++column)
      (column < 64 ? pixels : labels).push_back(std::stof(cell) / (column < 64 ? 16.f : 1.f));
  }
  return {Tensor<>(pixels).reshape({labels.size(), 1, 8, 8}), Tensor<>(labels)};
}

/// The nets of examples/train_digits.cpp, after a little training.
void add_trained(Models& models, const std::string& name, nn::Sequential<> net,
                 const Digits& digits, int epochs) {
  constexpr Index batch = 32;
  net.initialize(init::Xavier(), {.seed = 1});
  infer_shapes(net, {1, 1, 8, 8});
  optim::Trainer trainer(net.collect_params(), optim::Adam({.learning_rate = 0.003}));
  const loss::SoftmaxCrossEntropy cross_entropy;
  float last = 0;
  for (int epoch = 0; epoch < epochs; ++epoch)
    for (Index i = 0; i + batch <= digits.labels.size(); i += batch) {
      const autograd::Record recording;
      const Tensor loss =
          cross_entropy(net(digits.images.slice(i, i + batch)), digits.labels.slice(i, i + batch));
      loss.backward();
      trainer.step(batch);
      last = mean(loss).item();
    }
  std::printf("%s: loss %.2f\n", name.c_str(), static_cast<double>(last));
  models.add<float>(name, net, Tensor<>(digits.images.slice(0, 7)).copy());
}

void add_digits(Models& models, const std::string& path) {
  if (!std::filesystem::exists(path)) {
    std::printf("without digits.csv: the trained nets are left out\n");
    return;
  }
  const Digits digits = read_digits(path, 640);
  add_trained(models, "digits_mlp", nn::Sequential{nn::Dense(64, nn::relu), nn::Dense(10)}, digits,
              5);
  nn::Sequential cnn;
  cnn.add(nn::Conv2D(32, 3, nn::relu, {.padding = 1}), nn::MaxPool2D(2));
  cnn.add(nn::Conv2D(64, 3, nn::relu, {.padding = 1}), nn::Dropout(0.5), nn::Dense(10));
  add_trained(models, "digits_cnn", std::move(cnn), digits, 1);
}

int run(const std::string& folder, const std::string& digits) {
  std::filesystem::create_directories(folder);
  random::seed(1);
  Models models(folder);
  if (digits == "--wrong") {
    models.op("right", {2, 3}, [](const Tensor<>& x) -> Tensor<> { return exp(x); });
    models.wrong("wrong");
  } else {
    add_ops(models);
    add_layers(models);
    add_nets(models);
    add_digits(models, digits);
  }
  return models.finish() ? 0 : 1;
}

}  // namespace

}  // namespace onnx_export

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("onnx_export_models FOLDER [DIGITS]\n", stderr);
    return 2;
  }
  try {
    return onnx_export::run(argv[1], argc > 2 ? argv[2] : "digits.csv");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
