// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/optim/trainer.hpp>

/// \file Parameters without a net, whose gradients a test writes down.

namespace parton_test {

template <class Scalar>
std::shared_ptr<parton::Parameter<Scalar>> toy(std::string_view key,
                                               const parton::Tensor<Scalar>& values) {
  auto result = std::make_shared<parton::Parameter<Scalar>>(
      key, parton::ParameterOptions<Scalar>{values.shape()});
  result->set_data(values);
  return result;
}

template <class Scalar>
parton::ParameterDict<Scalar> dict_of(
    const std::vector<std::shared_ptr<parton::Parameter<Scalar>>>& parameters) {
  parton::ParameterDict<Scalar> result;
  for (const auto& parameter : parameters) result.insert(parameter);
  return result;
}

/// Lets a backward give the parameter this gradient: that of sum(p * gradient).
template <class Scalar>
void give_gradient(const parton::Parameter<Scalar>& parameter,
                   const parton::Tensor<Scalar>& gradient) {
  const parton::autograd::Record recording;
  const parton::Tensor<Scalar> loss = parameter.data() * gradient;
  loss.backward();
}

/// The values after `steps` steps with gradients that change from step to step and element to
/// element; 37 elements, so that packets and the rest behind them take part.
template <class Scalar>
parton::Tensor<double> after_steps(parton::optim::AnyOptimizer<Scalar> optimizer, int steps = 5,
                                   double batch_size = 1) {
  const auto values = [](int step, parton::Index i) {
    return step == 0 ? 0.5 - 0.03 * static_cast<double>(i)
                     : 0.1 * static_cast<double>((step * 7 + i * 5) % 11 - 5) + 0.013;
  };
  const auto tensor = [&](int step) {
    parton::Tensor<double> result = parton::Tensor<double>::zeros({37});
    for (parton::Index i = 0; i < 37; ++i) result(i) = values(step, i);
    return result;
  };
  const auto parameter = toy<Scalar>("w", tensor(0).template cast<Scalar>());
  parton::optim::Trainer<Scalar> trainer(dict_of<Scalar>({parameter}), optimizer);
  for (int step = 1; step <= steps; ++step) {
    parton::Tensor<double> gradient = tensor(step);
    gradient *= batch_size;
    give_gradient(*parameter, gradient.template cast<Scalar>());
    trainer.step(static_cast<int>(batch_size));
  }
  return parameter->data().template cast<double>();
}

/// The same by a formula in double: `formula(w, g, t)` changes w, with states of its own that
/// `make()` starts afresh for each element.
template <class Make>
parton::Tensor<double> after_formula(const Make& make, int steps = 5) {
  parton::Tensor<double> result = parton::Tensor<double>::zeros({37});
  for (parton::Index i = 0; i < 37; ++i) {
    auto formula = make();
    double w = 0.5 - 0.03 * static_cast<double>(i);
    for (int t = 1; t <= steps; ++t)
      formula(w, 0.1 * static_cast<double>((t * 7 + i * 5) % 11 - 5) + 0.013, t);
    result(i) = w;
  }
  return result;
}

/// The largest difference of two tensors.
inline double distance(const parton::Tensor<double>& a, const parton::Tensor<double>& b) {
  return (a.array() - b.array()).abs().maxCoeff();
}

}  // namespace parton_test
