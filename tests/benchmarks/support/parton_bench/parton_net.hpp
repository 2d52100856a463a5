// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <memory>
#include <utility>

#include <parton/parton.hpp>
#include <parton_bench/bench.hpp>
#include <parton_bench/data.hpp>

namespace parton_bench {

inline parton::optim::AnyOptimizer<float> parton_optimizer(Rule rule) {
  using namespace parton::optim;
  if (rule == Rule::adam) return Adam({.learning_rate = learning_rate});
  if (rule == Rule::sgd) return SGD({.learning_rate = learning_rate});
  return SGD({.learning_rate = learning_rate, .momentum = momentum});
}

/// A net of parton with data for it, as a user would write it.
class PartonNet {
 public:
  PartonNet(parton::nn::Sequential<> net, const Data& data, parton::Shape input)
      : net_(std::move(net)),
        x_(parton::Tensor<>::empty(input)),
        labels_(parton::Tensor<std::int64_t>::empty({data.batch})) {
    std::copy(data.x.begin(), data.x.end(), x_.mutable_data());
    std::copy(data.labels.begin(), data.labels.end(), labels_.mutable_data());
    net_.initialize({.seed = 1});
    static_cast<void>(net_(x_));
  }

  void infer() const {
    const parton::Tensor<> y = net_(x_);
    keep(y.data());
  }

  void train_with(Rule rule) {
    trainer_ = std::make_unique<parton::optim::Trainer<float>>(net_.collect_params(),
                                                               parton_optimizer(rule));
  }
  void step() {
    {
      const parton::autograd::Record recording;
      cross_entropy_(net_(x_), labels_).backward();
    }
    trainer_->step(x_.shape()[0]);
  }

 private:
  parton::nn::Sequential<> net_;
  parton::Tensor<> x_;
  parton::Tensor<std::int64_t> labels_;
  parton::loss::SoftmaxCrossEntropy cross_entropy_;
  std::unique_ptr<parton::optim::Trainer<float>> trainer_;
};

}  // namespace parton_bench
