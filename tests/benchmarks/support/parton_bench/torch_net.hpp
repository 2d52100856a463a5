// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include <parton_bench/bench.hpp>
#include <parton_bench/data.hpp>

namespace parton_bench {

/// LibTorch's own optimizers, or the same written with its _foreach functions.
class TorchOptimizer {
 public:
  TorchOptimizer(std::vector<torch::Tensor> parameters, Rule rule, bool foreach)
      : rule_(rule), parameters_(std::move(parameters)) {
    if (foreach) {
      for (const torch::Tensor& parameter : parameters_) {
        first_.push_back(torch::zeros_like(parameter));
        second_.push_back(torch::zeros_like(parameter));
      }
    } else if (rule == Rule::adam) {
      own_ = std::make_unique<torch::optim::Adam>(parameters_,
                                                  torch::optim::AdamOptions(learning_rate));
    } else {
      own_ = std::make_unique<torch::optim::SGD>(
          parameters_,
          torch::optim::SGDOptions(learning_rate).momentum(rule == Rule::sgd ? 0 : momentum));
    }
  }

  void step() {
    if (own_) {
      own_->step();
      return;
    }
    const torch::NoGradGuard no_grad;
    std::vector<torch::Tensor> gradients;
    gradients.reserve(parameters_.size());
    for (const torch::Tensor& parameter : parameters_) gradients.push_back(parameter.grad());
    if (rule_ == Rule::sgd) {
      at::_foreach_add_(parameters_, gradients, -learning_rate);
      return;
    }
    if (rule_ == Rule::momentum) {
      at::_foreach_mul_(first_, momentum);
      at::_foreach_add_(first_, gradients);
      at::_foreach_add_(parameters_, first_, -learning_rate);
      return;
    }
    ++steps_;
    const double steps = static_cast<double>(steps_);
    at::_foreach_mul_(first_, 0.9);
    at::_foreach_add_(first_, gradients, 0.1);
    at::_foreach_mul_(second_, 0.999);
    at::_foreach_addcmul_(second_, gradients, gradients, 0.001);
    std::vector<torch::Tensor> below = at::_foreach_sqrt(second_);
    at::_foreach_div_(below, std::sqrt(1 - std::pow(0.999, steps)));
    at::_foreach_add_(below, 1e-8);
    at::_foreach_addcdiv_(parameters_, first_, below, -learning_rate / (1 - std::pow(0.9, steps)));
  }

 private:
  Rule rule_;
  long steps_ = 0;
  std::vector<torch::Tensor> parameters_, first_, second_;
  std::unique_ptr<torch::optim::Optimizer> own_;
};

/// A net of LibTorch, given as a function of the input, with data for it.
class TorchNet {
 public:
  using Forward = std::function<torch::Tensor(const torch::Tensor&)>;

  TorchNet(Forward forward, std::vector<torch::Tensor> parameters, const Data& data,
           at::IntArrayRef input)
      : forward_(std::move(forward)),
        parameters_(std::move(parameters)),
        x_(torch::from_blob(const_cast<float*>(data.x.data()), input).clone()),
        labels_(torch::from_blob(const_cast<std::int64_t*>(data.labels.data()), {data.batch},
                                 torch::kInt64)
                    .clone()) {}

  void infer() const {
    const torch::InferenceMode inference;
    const torch::Tensor y = forward_(x_);
    keep(y.data_ptr());
  }

  void train_with(Rule rule, bool foreach) {
    optimizer_ = std::make_unique<TorchOptimizer>(parameters_, rule, foreach);
  }
  void step() {
    // Gradients that are not there are written, not zeroed and added to.
    for (torch::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
    torch::cross_entropy_loss(forward_(x_), labels_).backward();
    optimizer_->step();
  }

 private:
  Forward forward_;
  std::vector<torch::Tensor> parameters_;
  torch::Tensor x_, labels_;
  std::unique_ptr<TorchOptimizer> optimizer_;
};

}  // namespace parton_bench
