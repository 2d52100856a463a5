// SPDX-License-Identifier: MIT
// One step of an optimizer for several tensors: ONNX's preview of training operators.
#include <cmath>
#include <cstddef>
#include <memory>

#include <parton/optim/adagrad.hpp>
#include <parton/optim/adam.hpp>
#include <parton/optim/sgd.hpp>
#include <parton/parameter/parameter.hpp>

#include "call.hpp"

namespace onnx_tests {

namespace {

/// Applies the optimizer to inputs R, T, X1.., G1.., and one or two states of each; the results are
/// the new X1.. and states. `count` is what parton counts the updates with.
Results step(const Call& c, parton::optim::Optimizer<float>& optimizer, std::uint64_t count) {
  const std::size_t states = optimizer.state_names().size();
  const std::size_t n = (c.inputs.size() - 2) / (2 + states);
  Results results(n * (1 + states));
  for (std::size_t i = 0; i < n; ++i) {
    Tensor<> data = c.in(2 + i).copy();
    std::vector<Tensor<>> state;
    for (std::size_t k = 0; k < states; ++k) state.push_back(c.in(2 + (2 + k) * n + i).copy());
    const parton::Parameter<> parameter("x", data);
    optimizer.update({.parameter = parameter,
                      .data = data,
                      .gradient = c.in(2 + n + i),
                      .state = state,
                      .count = count,
                      .rescale = 1,
                      .learning_rate = static_cast<double>(c.in(0).item()),
                      .weight_decay = c.number("norm_coefficient", 0),
                      .clip_gradient = 0});
    results[i] = data;
    for (std::size_t k = 0; k < states; ++k) results[(1 + k) * n + i] = state[k];
  }
  return results;
}

Index step_count(const Call& c) { return c.in<std::int64_t>(1).item(); }

Results momentum(const Call& c) {
  const bool nesterov = c.text("mode", "") == "nesterov";
  const auto rule = parton::optim::SGD({.momentum = c.number("alpha", 0),
                                        .dampening = 1 - c.number("beta", 0),
                                        .nesterov = nesterov})
                        .make<float>();
  return step(c, *rule, step_count(c) == 0 ? 1 : 2);
}

Results adagrad(const Call& c) {
  const auto rule = parton::optim::AdaGrad({.learning_rate_decay = c.number("decay_factor", 0),
                                            .epsilon = c.number("epsilon", 1e-6)})
                        .make<float>();
  return step(c, *rule, static_cast<std::uint64_t>(step_count(c)) + 1);
}

/// At T = 0 ONNX corrects no bias, which in parton is so after many steps.
Results adam(const Call& c) {
  need(step_count(c) == 0 && c.number("norm_coefficient_post", 0) == 0, "a later step, or decay");
  // The data of test_adam_multiple was made with an epsilon of 0.01, which its node does not tell.
  need(c.given("epsilon"), "an epsilon that the data needs and the node lacks");
  const auto rule = parton::optim::Adam({.beta1 = c.number("alpha", 0.9),
                                         .beta2 = c.number("beta", 0.999),
                                         .epsilon = c.number("epsilon", 1e-6)})
                        .make<float>();
  return step(c, *rule, 1'000'000);
}

}  // namespace

void add_optimizers(Table& table) {
  table["Momentum"] = momentum;
  table["Adagrad"] = adagrad;
  table["Adam"] = adam;
}

}  // namespace onnx_tests
