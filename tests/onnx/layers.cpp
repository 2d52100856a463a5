// SPDX-License-Identifier: MIT
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/dense.hpp>
#include <parton/ops/dropout.hpp>
#include <parton/ops/matmul.hpp>
#include <parton/ops/normalization.hpp>
#include <parton/ops/reduce.hpp>
#include <parton/ops/shape_ops.hpp>
#include <parton/ops/unary.hpp>
#include <parton/random/generator.hpp>

#include "call.hpp"

namespace onnx_tests {

namespace {

/// A Gemm that is a Dense layer is run as one; alpha, beta and other biases are added by hand.
Results gemm(const Call& c) {
  const Tensor<>&a = c.in(0), &b = c.in(1);
  const double alpha = c.number("alpha", 1), beta = c.number("beta", 1);
  const bool a_t = c.integer("transA", 0) != 0, b_t = c.integer("transB", 0) != 0;
  const bool bias = c.has(2), by_unit = bias && c.in(2).rank() == 1;
  if (alpha == 1 && beta == 1 && !a_t && b_t && (!bias || by_unit))
    return {parton::dense(a, b, bias ? &c.in(2) : nullptr)};
  const Tensor<> product = parton::matmul(a, b, {.transpose_a = a_t, .transpose_b = b_t}) * alpha;
  return {bias ? product + c.in(2) * beta : product};
}

Results batch_norm(const Call& c) {
  const double epsilon = c.number("epsilon", 1e-5);
  const Tensor<>&x = c.in(0), &gamma = c.in(1), &beta = c.in(2);
  if (c.integer("training_mode", 0) == 0) {
    need(c.opset >= 9 || c.integer("spatial", 1) != 0, "spatial = 0");
    return {parton::batch_norm(x, &gamma, &beta, c.in(3), c.in(4), 1, epsilon)};
  }
  const auto batch = parton::batch_norm_training(x, &gamma, &beta, 1, epsilon);
  const double momentum = c.number("momentum", 0.9);
  const auto running = [=](const Tensor<>& before, const Tensor<>& now) {
    return before * momentum + now * (1 - momentum);
  };
  return {batch.y, running(c.in(3), batch.mean), running(c.in(4), batch.variance)};
}

/// All axes from `axis` on are normalized as one, which is what parton's last axis is then. The two
/// further outputs are the statistics, here by parton's reductions.
Results layer_norm(const Call& c) {
  const Tensor<>& x = c.in(0);
  const double epsilon = c.number("epsilon", 1e-5);
  Index axis = c.integer("axis", -1);
  if (axis < 0) axis += static_cast<Index>(x.rank());
  const auto at = static_cast<std::size_t>(axis);
  const Tensor<> flat = x.reshape({x.shape().product(0, at), -1});
  const Tensor<> gamma = c.in(1).reshape({-1});
  const Tensor<> beta = c.has(2) ? c.in(2).reshape({-1}) : Tensor<>();
  Results results{
      parton::layer_norm(flat, &gamma, c.has(2) ? &beta : nullptr, -1, epsilon).reshape(x.shape())};
  if (c.node.outputs.size() > 1) {
    std::vector<Index> dims(x.shape().begin(), x.shape().end());
    for (std::size_t i = at; i < dims.size(); ++i) dims[i] = 1;
    const Tensor<> mean = parton::mean(flat, -1, true);
    const Tensor<> variance = parton::mean(parton::square(flat - mean), -1, true);
    results.emplace_back(mean.reshape(Shape(dims)));
    results.emplace_back((1 / parton::sqrt(variance + epsilon)).reshape(Shape(dims)));
  }
  return results;
}

/// Each channel of each sample normalized by its own statistics: a layer_norm without gamma and
/// beta, which are one for each channel here.
Results instance_norm(const Call& c) {
  const Tensor<>& x = c.in(0);
  const Tensor<> flat = x.reshape({x.shape()[0] * x.shape()[1], -1});
  const Tensor<> y = parton::layer_norm(flat, nullptr, nullptr, -1, c.number("epsilon", 1e-5));
  std::vector<Index> dims(x.rank() - 1, 1);
  dims[0] = x.shape()[1];
  return {y.reshape(x.shape()) * c.in(1).reshape(Shape(dims)) + c.in(2).reshape(Shape(dims))};
}

/// In training mode at rate 0, where nothing is random.
Results dropout(const Call& c) {
  const Tensor<>& x = c.in(0);
  const Tensor<bool> all = Tensor<bool>::full(x.shape(), true);
  if (!c.has(2) || !c.in<bool>(2).item()) return {x, all};
  const double rate = c.has(1) ? static_cast<double>(c.in(1).item()) : 0.5;
  need(rate == 0, "training mode, which is random");
  parton::random::Generator rng(1);
  return {parton::dropout(x, rate, rng), all};
}

}  // namespace

void add_layers(Table& table) {
  table["Gemm"] = gemm;
  table["MatMul"] = [](const Call& c) { return Results{parton::matmul(c.in(0), c.in(1))}; };
  table["BatchNormalization"] = batch_norm;
  table["InstanceNormalization"] = instance_norm;
  table["LayerNormalization"] = layer_norm;
  table["Dropout"] = dropout;
}

}  // namespace onnx_tests
