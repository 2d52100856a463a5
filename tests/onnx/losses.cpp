// SPDX-License-Identifier: MIT
// ONNX's two losses, which are parton's one from scores or from log-probabilities.
#include <parton/loss/softmax_cross_entropy.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/compare.hpp>
#include <parton/ops/pick.hpp>
#include <parton/ops/reduce.hpp>
#include <parton/ops/softmax.hpp>
#include <parton/ops/take.hpp>

#include "call.hpp"

namespace onnx_tests {

namespace {

/// -w[t] log p[n, t, ...] for the target t of each place, where p is x or its softmax; an ignored
/// target counts 0. parton's loss is the mean of each sample, so a loss for each place is put
/// together from the ops.
Tensor<> cross_entropy(const Call& c, bool from_log) {
  const Tensor<>& x = c.in(0);
  const Tensor<Index> target = c.positions(1);
  const Tensor<bool> kept = c.given("ignore_index")
                                ? parton::not_equal(target, c.integer("ignore_index", 0))
                                : Tensor<bool>::full(target.shape(), true);
  const Tensor<Index> at = parton::where(kept, target, Index{0});
  const Tensor<> weight = c.has(2) ? parton::take(c.in(2), at) : Tensor<>::full(at.shape(), 1);
  const Tensor<> counted = parton::where(kept, weight, 0.f);
  const std::string reduction = c.text("reduction", "mean");
  if (reduction == "none" && x.rank() > 2)
    return -parton::pick(from_log ? x : parton::log_softmax(x, 1), at, 1) * counted;
  const parton::loss::SoftmaxCrossEntropy loss({.axis = 1, .from_logits = from_log});
  const Tensor<> samples = loss(x, at, counted);
  if (reduction == "none") return samples;
  const Tensor<> sum = parton::sum(samples) * (at.size() / samples.size());
  return reduction == "sum" ? sum : sum / parton::sum(counted);
}

}  // namespace

void add_losses(Table& table) {
  table["NegativeLogLikelihoodLoss"] = [](const Call& c) {
    return Results{cross_entropy(c, true)};
  };
  table["SoftmaxCrossEntropyLoss"] = [](const Call& c) {
    return Results{cross_entropy(c, false), parton::log_softmax(c.in(0), 1)};
  };
}

}  // namespace onnx_tests
