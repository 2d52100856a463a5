// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <parton/io/detail/onnx/activations.hpp>

/// \file What layers do beside convolution and pooling.

namespace parton::io::detail::to_onnx {

namespace layers {

inline void activation(Emission& to) {
  to.result(ActivationNodes(to, to.in(0)).apply(to.text("kind"), to.number("slope")));
}

/// Gemm on matrices, which every program knows; with more axes a product and a sum.
inline void dense(Emission& to) {
  std::string x = to.in(0), y;
  const bool flatten = to.flag("flatten");
  if (flatten && to.rank(0) != 2) x = to.node("Flatten", {x}, {{"axis", std::int64_t{1}}});
  if (flatten || to.rank(0) == 2) {
    std::vector<std::string> inputs = {x, to.in(1)};
    if (to.has(2)) inputs.push_back(to.in(2));
    y = to.node("Gemm", inputs, {{"transB", std::int64_t{1}}});
  } else {
    y = to.node("MatMul", {x, to.transpose(to.in(1), {1, 0})});
    if (to.has(2)) y = to.node("Add", {y, to.in(2)});
  }
  to.result(ActivationNodes(to, y).apply(to.text("activation"), to.number("slope")));
}

/// The alpha of each channel stands on axis 1.
inline void prelu(Emission& to) {
  std::string alpha = to.in(1);
  if (to.fixed_shape(1).size() > 1 && to.rank(0) > 2) {
    Ints axes;
    for (std::size_t i = 2; i < to.rank(0); ++i) axes.push_back(static_cast<std::int64_t>(i) - 1);
    alpha = to.node("Unsqueeze", {alpha, to.ints(axes)});
  }
  to.result(to.node("PRelu", {to.in(0), alpha}));
}

/// The order of axes that exchanges two of them.
inline Ints swapped(std::size_t rank, std::size_t a, std::size_t b) {
  Ints order(rank);
  for (std::size_t i = 0; i < rank; ++i) order[i] = static_cast<std::int64_t>(i);
  std::swap(order[a], order[b]);
  return order;
}

inline std::size_t axis_of(const Emission& to, const char* key = "axis") {
  return static_cast<std::size_t>(to.integer(key));
}

/// A channel parameter, or its neutral value.
inline std::string channel(Emission& to, std::size_t i, Index n, double neutral) {
  return to.in_or(i, [&] { return to.filled(neutral, to.dtype(), Shape{n}); });
}

inline void layer_norm(Emission& to) {
  const std::size_t axis = axis_of(to), last = to.rank(0) - 1;
  const Index n = to.dim(0, axis);
  std::string x = to.in(0);
  if (axis != last) x = to.transpose(x, swapped(to.rank(0), axis, last));
  x = to.node("LayerNormalization", {x, channel(to, 1, n, 1), channel(to, 2, n, 0)},
              {{"axis", std::int64_t{-1}}, {"epsilon", static_cast<float>(to.number("epsilon"))}});
  if (axis != last) x = to.transpose(x, swapped(to.rank(0), axis, last));
  to.result(x);
}

inline void batch_norm(Emission& to) {
  const std::size_t axis = axis_of(to), rank = to.rank(0);
  const Index n = to.dim(0, axis);
  std::string x = to.in(0);
  if (rank == 1) x = to.node("Unsqueeze", {x, to.ints({0})});
  if (rank > 1 && axis != 1) x = to.transpose(x, swapped(rank, axis, 1));
  x = to.node("BatchNormalization",
              {x, channel(to, 1, n, 1), channel(to, 2, n, 0), to.in(3), to.in(4)},
              {{"epsilon", static_cast<float>(to.number("epsilon"))}});
  if (rank > 1 && axis != 1) x = to.transpose(x, swapped(rank, axis, 1));
  if (rank == 1) x = to.node("Squeeze", {x, to.ints({0})});
  to.result(x);
}

/// What normalizes with the batch's own statistics, which is rare in prediction.
struct Moments {
  std::string centered, mean, variance;
  Ints axes;  // all but that of the channels
};

inline Moments moments(Emission& to) {
  Moments result;
  const std::size_t axis = axis_of(to);
  for (std::size_t i = 0; i < to.rank(0); ++i)
    if (i != axis) result.axes.push_back(static_cast<std::int64_t>(i));
  const auto mean = [&](const std::string& x, bool keep) {
    if (result.axes.empty()) return x;
    return to.node("ReduceMean", {x}, {{"axes", result.axes}, {"keepdims", std::int64_t{keep}}});
  };
  result.centered = to.node("Sub", {to.in(0), mean(to.in(0), true)});
  result.mean = mean(to.in(0), false);
  result.variance = mean(to.node("Mul", {result.centered, result.centered}), false);
  return result;
}

inline void batch_statistics(Emission& to) {
  const Moments found = moments(to);
  to.result(found.mean, 0);
  to.result(found.variance, 1);
}

inline void batch_norm_training(Emission& to) {
  const Moments found = moments(to);
  const auto spread = [&](const std::string& x) {
    return found.axes.empty() ? x : to.node("Unsqueeze", {x, to.ints(found.axes)});
  };
  const std::string root =
      to.node("Sqrt", {to.binary("Add", found.variance, to.number("epsilon"))});
  std::string y = to.node("Div", {found.centered, spread(root)});
  if (to.has(1)) y = to.node("Mul", {y, spread(to.in(1))});
  if (to.has(2)) y = to.node("Add", {y, spread(to.in(2))});
  to.result(y, 0);
  to.result(found.mean, 1);
  to.result(found.variance, 2);
}

inline void softmax(Emission& to) {
  to.result(to.node("Softmax", {to.in(0)}, {{"axis", static_cast<std::int64_t>(axis_of(to))}}));
}
inline void log_softmax(Emission& to) {
  to.result(to.node("LogSoftmax", {to.in(0)}, {{"axis", static_cast<std::int64_t>(axis_of(to))}}));
}

}  // namespace layers

inline constexpr auto layer_rules = std::to_array<Rule>({
    {"activation", layers::activation},
    {"dense", layers::dense},
    {"prelu", layers::prelu},
    {"layer_norm", layers::layer_norm},
    {"batch_norm", layers::batch_norm},
    {"batch_norm_training", layers::batch_norm_training},
    {"batch_statistics", layers::batch_statistics},
    {"softmax", layers::softmax},
    {"log_softmax", layers::log_softmax},
});

}  // namespace parton::io::detail::to_onnx
