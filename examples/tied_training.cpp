// SPDX-License-Identifier: MIT
//
// Exercise 4 of the chapter: an MLP with a shared layer is trained, and its parameters and
// gradients are watched at each epoch; beside it the same net with two layers of their own.
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include <parton/parton.hpp>

using namespace parton;

namespace {

// In double, so that the digits that are printed are the same on every machine.
using Net = nn::Sequential<double>;
using Dense = nn::Dense<double>;

Net tied_net() {
  auto shared = std::make_shared<Dense>(8, nn::relu);
  Net net;
  net.add(Dense(8, nn::relu), shared, Dense(8, nn::relu, {.params = shared->params()}), Dense(10));
  return net;
}

Net untied_net() {
  return Net{Dense(8, nn::relu), Dense(8, nn::relu), Dense(8, nn::relu), Dense(10)};
}

/// Points and their classes: which of ten random directions is nearest.
struct Data {
  Tensor<double> x = random::normal<double>({200, 20});
  Tensor<std::int64_t> labels = argmax(dot(x, random::normal<double>({20, 10})));
};

/// One epoch of five steps; the mean loss.
double epoch(const Net& net, optim::Trainer<double>& trainer, const Data& data) {
  const loss::SoftmaxCrossEntropy cross_entropy;
  double total = 0;
  for (Index i = 0; i < 200; i += 40) {
    const autograd::Record recording;
    const Tensor loss = cross_entropy(net(data.x.slice(i, i + 40)), data.labels.slice(i, i + 40));
    loss.backward();
    trainer.step(40);
    total += sum(loss).item();
  }
  return total / 200;
}

/// `values 2.13  gradient 4.51`: L2 norms.
std::string norms(const Parameter<double>& parameter) {
  const ParameterStatistics found = statistics(parameter);
  char text[64];
  std::snprintf(text, sizeof text, "values %6.3f  gradient %7.3f", found.data->norm,
                found.grad->norm);
  return text;
}

}  // namespace

int main() {
  random::seed(1);
  const Data data;
  Net tied = tied_net(), untied = untied_net();
  tied.initialize(init::Xavier(), {.seed = 1});
  untied.initialize(init::Xavier(), {.seed = 1});
  infer_shapes(tied, data.x.shape());
  infer_shapes(untied, data.x.shape());
  // Both begin with the same values: of the layer that will go its own way, too.
  untied[2].weight().set_data(untied[1].weight().data());

  std::cout << "The same output at first: " << (tied(data.x) == untied(data.x)) << '\n';
  for (const Net* net : {&tied, &untied}) {
    const autograd::Record recording;
    loss::SoftmaxCrossEntropy()((*net)(data.x), data.labels).backward();
  }
  const Tensor both = untied[1].weight().grad() + untied[2].weight().grad();
  const double error = norm(tied[1].weight().grad() - both).item() / norm(both).item();
  std::cout << "The shared layer's gradient is the sum of the two: " << (error < 1e-12) << "\n\n";

  const optim::SGD sgd({.learning_rate = 0.1, .momentum = 0.9});
  optim::Trainer tied_trainer(tied.collect_params(), sgd);
  optim::Trainer untied_trainer(untied.collect_params(), sgd);
  for (int i = 1; i <= 10; ++i) {
    const double tied_loss = epoch(tied, tied_trainer, data);
    const double untied_loss = epoch(untied, untied_trainer, data);
    std::printf("epoch %-2d         %-32s  %s\n", i, "tied", "untied");
    std::printf("  loss           %-32.3f  %.3f\n", tied_loss, untied_loss);
    for (const auto& [name, parameter] : untied.collect_params()) {
      const auto tied_parameters = tied.collect_params();
      std::printf("  %-13s  %-32s  %s\n", name.c_str(),
                  tied_parameters.contains(name) ? norms(tied_parameters[name]).c_str()
                                                 : "is that of dense1",
                  norms(parameter).c_str());
    }
    std::fflush(stdout);
  }
  std::cout << "\nAfter ten epochs, the layer used twice:\n"
            << statistics(tied.collect_params("dense1.*"));
  std::cout << "\nand the two of their own:\n" << statistics(untied.collect_params("dense[12].*"));
}
