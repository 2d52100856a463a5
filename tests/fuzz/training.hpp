// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton/io/checkpoint.hpp>
#include <parton/ops/reduce.hpp>
#include <parton/optim/adam.hpp>

#include "../io/hostile.hpp"
#include "net.hpp"

/// \file What the target of checkpoints does with a file.

namespace parton_fuzz {

/// The small net and a Trainer over it.
struct Training {
  Training() : trainer((net.initialize(), net.collect_params()), optim::Adam()) {}

  void step() {
    {
      const autograd::Record recording;
      sum(net(Tensor<>::full({1, 2}, 0.5f))).backward();
    }
    trainer.step(1);
  }

  [[nodiscard]] std::string state() const {
    std::string text = state_of(net);
    const auto trained = trainer.state_dict();
    text += trained.optimizer + io_test::raw(trained.steps) + io_test::raw(trained.learning_rate);
    for (const auto& [path, count] : trained.counts) text += path + io_test::raw(count);
    for (const auto& [key, tensor] : trained.tensors) {
      text += key + tensor.shape().to_string();
      text.append(reinterpret_cast<const char*>(tensor.data()),
                  static_cast<std::size_t>(tensor.size()) * sizeof(float));
    }
    return text;
  }

  nn::Sequential<> net = small_net();
  optim::Trainer<> trainer;
};

/// A checkpoint is loaded, and training goes on; or nothing has changed.
inline void check_checkpoint(const std::string& path) {
  random::seed(1);
  const random::State random = random::state();
  Training training;
  const std::string before = training.state();
  try {
    static_cast<void>(io::load_checkpoint(training.net, training.trainer, path));
  } catch (const Error&) {
    require(training.state() == before, "a load that fails leaves net and Trainer as they were");
    require(random::state() == random, "a load that fails leaves the randomness as it was");
    return;
  }
  try {
    training.step();
  } catch (const Error&) {  // an input of another shape than the file's weights
  }
}

}  // namespace parton_fuzz
