// SPDX-License-Identifier: MIT
// What README's first program does, as far as LibTorch can say it; only ever compiled.
#include <iostream>

#include <torch/torch.h>

int main() {
  torch::nn::Sequential net(torch::nn::Linear(20, 256), torch::nn::ReLU(),
                            torch::nn::Linear(256, 10));
  const torch::Tensor y = net->forward(torch::rand({2, 20}));
  std::cout << net << y.sizes() << '\n';

  const torch::NoGradGuard no_grad;
  for (auto& entry : net->named_parameters()) {
    if (entry.key() == "0.weight")
      torch::nn::init::xavier_uniform_(entry.value());
    else if (entry.key() == "2.weight")
      torch::nn::init::constant_(entry.value(), 42);
    std::cout << entry.key() << ' ' << entry.value().sizes() << '\n';
  }
  const auto copy = net->clone();
  net->parameters()[2][0].zero_();
  std::cout << copy->parameters()[2][0][0].item<float>() << '\n';
}
