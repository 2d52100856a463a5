// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <memory>
#include <utility>

#include <parton_test/fancy_mlp.hpp>

#include "models.hpp"

/// \file Every layer, with its options.

namespace onnx_export {

/// A layer as the one of a net, initialized with numbers that are far from symmetric.
inline nn::Sequential<> net_of(std::shared_ptr<nn::Block<float>> layer, const Tensor<>& x) {
  nn::Sequential<> net;
  net.add(std::move(layer));
  net.initialize(init::Uniform(0.7), {.override_own = true, .seed = 1});
  infer_shapes(net, x.shape());
  for (auto& [path, parameter] : net.named_parameters())
    if (path.ends_with("running_var")) parameter.set_data(abs(parameter.data()) + 0.5f);
  return net;
}

inline void add_layers(Models& models) {
  const auto layer = [&](const char* name, const Shape& shape, auto block) {
    const Tensor<> x = random::uniform(shape, -1, 1);
    models.add<float>(std::string("layer_") + name,
                      net_of(std::make_shared<decltype(block)>(std::move(block)), x), x);
  };
  layer("dense", {3, 4}, nn::Dense(5));
  layer("dense_flatten", {3, 4, 2}, nn::Dense(5, nn::relu));
  layer("dense_last_axis", {3, 4, 2}, nn::Dense(5, nn::tanh, {.flatten = false}));
  layer("dense_no_bias", {3, 4}, nn::Dense(5, nn::linear, {.use_bias = false}));
  layer("dense_function", {3, 4}, nn::Dense(5, [](const Tensor<>& x) { return mish(x); }));
  for (const auto name : parton::detail::activation_names)
    layer(("dense_" + std::string(name)).c_str(), {3, 4}, nn::Dense(5, name));

  layer("conv2d", {2, 3, 7, 8}, nn::Conv2D(4, 3));
  layer("conv2d_activation", {2, 3, 7, 8},
        nn::Conv2D(4, {3, 2}, nn::gelu, {.strides = {2, 1}, .padding = 1}));
  layer("conv2d_padding", {2, 3, 7, 8},
        nn::Conv2D(4, 3, nn::linear, {.padding = {{0, 2}, {1, 0}}}));
  layer("conv2d_dilation", {2, 3, 7, 8}, nn::Conv2D(4, 3, nn::linear, {.dilation = {2, 3}}));
  layer("conv2d_groups", {2, 4, 7, 8},
        nn::Conv2D(6, 3, nn::relu, {.groups = 2, .use_bias = false}));
  layer("conv1d", {2, 3, 9}, nn::Conv1D(4, 3, nn::relu, {.strides = 2, .padding = {{1, 2}}}));
  layer("conv1d_depthwise", {2, 4, 9}, nn::Conv1D(4, 3, nn::linear, {.dilation = 2, .groups = 4}));

  layer("max_pool2d", {2, 3, 7, 8}, nn::MaxPool2D(2));
  layer("max_pool2d_padding", {2, 3, 7, 8},
        nn::MaxPool2D(3, {.strides = 2, .padding = {{0, 1}, {1, 0}}}));
  layer("max_pool2d_ceil", {2, 3, 7, 8},
        nn::MaxPool2D(3, {.strides = 2, .padding = 1, .ceil_mode = true}));
  layer("max_pool2d_ceil_strides", {2, 3, 7, 9},
        nn::MaxPool2D(2, {.strides = 4, .ceil_mode = true}));
  layer("max_pool1d", {2, 3, 8}, nn::MaxPool1D(3, {.ceil_mode = true}));
  layer("avg_pool2d", {2, 3, 7, 8}, nn::AvgPool2D(2));
  layer("avg_pool2d_padding", {2, 3, 7, 8},
        nn::AvgPool2D(3, {.strides = 2, .padding = {{0, 1}, {1, 0}}}));
  layer("avg_pool2d_inner", {2, 3, 7, 8},
        nn::AvgPool2D(3, {.strides = 2, .padding = 1, .count_include_pad = false}));
  layer("avg_pool2d_ceil", {2, 3, 7, 8},
        nn::AvgPool2D(3, {.strides = 2, .padding = 1, .ceil_mode = true}));
  layer("avg_pool2d_ceil_inner", {2, 3, 7, 8},
        nn::AvgPool2D(3,
                      {.strides = 2, .padding = 1, .ceil_mode = true, .count_include_pad = false}));
  layer("avg_pool1d", {2, 3, 8}, nn::AvgPool1D(3, {.padding = 1, .ceil_mode = true}));
  layer("global_max_pool2d", {2, 3, 7, 8}, nn::GlobalMaxPool2D());
  layer("global_avg_pool2d", {2, 3, 7, 8}, nn::GlobalAvgPool2D());
  layer("global_max_pool1d", {2, 3, 7}, nn::GlobalMaxPool1D());
  layer("global_avg_pool1d", {2, 3, 7}, nn::GlobalAvgPool1D());
  // What the ops can and the layers cannot: dilated windows.
  models.op("max_pool_dilated", {2, 3, 7, 8}, [](const Tensor<>& x) -> Tensor<> {
    return max_pool2d(x, 2, {.strides = 2, .padding = {{2, 1}, {1, 2}}, .dilation = {3, 2}});
  });
  models.op("avg_pool_dilated", {2, 3, 7, 8}, [](const Tensor<>& x) -> Tensor<> {
    return avg_pool2d(x, 2, {.strides = 2, .padding = 1, .dilation = 2, .ceil_mode = true});
  });
  models.op("avg_pool_dilated_inner", {2, 3, 7}, [](const Tensor<>& x) -> Tensor<> {
    return avg_pool1d(x, 2,
                      {.strides = 1, .padding = 1, .dilation = 2, .count_include_pad = false});
  });

  layer("batch_norm", {2, 3, 4}, nn::BatchNorm());
  layer("batch_norm_image", {2, 3, 4, 5}, nn::BatchNorm());
  layer("batch_norm_plain", {2, 3}, nn::BatchNorm({.center = false, .scale = false}));
  layer("batch_norm_axis", {2, 3, 4, 5}, nn::BatchNorm({.axis = -1, .epsilon = 0.1}));
  layer("layer_norm", {2, 3, 4}, nn::LayerNorm());
  layer("layer_norm_axis", {2, 3, 4}, nn::LayerNorm({.axis = 1, .epsilon = 0.1, .scale = false}));

  layer("prelu", {2, 3, 4}, nn::PReLU());
  layer("prelu_channels", {2, 3, 4, 2}, nn::PReLU({.in_channels = 3}));
  layer("prelu_vector", {2, 3}, nn::PReLU({.in_channels = 0}));
  layer("leaky_relu", {2, 3}, nn::LeakyReLU(0.2));
  layer("activation", {2, 3}, nn::Activation(nn::elu(0.5)));
  layer("lambda", {2, 3}, nn::Lambda("softmax"));
  layer("flatten", {2, 3, 4}, nn::Flatten());
  layer("dropout", {2, 3}, nn::Dropout(0.5));
  const Tensor<> words = {{1, 4, 2}, {0, 3, 3}};
  models.add<float>("layer_embedding", net_of(std::make_shared<nn::Embedding<>>(5, 3), words),
                    words);
}

// --- nets ---

/// A loop of a number of its own, writes in place, a branch, and sizes asked of the input.
class Loop : public nn::Block<float> {
 public:
  Tensor<> forward(const Tensor<>& input) const override {
    const Index batch = input.shape()[0];
    Tensor x = Tensor<>::zeros({batch, 6});
    Tensor shown = dense(input);
    for (int i = 0; i < 3; ++i) {
      x += tanh(dense(shown));
      shown = x * 0.5f;
      if (i == 1) x *= 2;
    }
    return reshape(x, {batch, 2, 3}) + Tensor<>::full({batch, 1, 3}, 1.5f);
  }
  nn::Dense<>& dense = add_child("dense", nn::Dense(6));
};

inline void add_nets(Models& models) {
  const Tensor<> x = random::uniform({2, 20}, -1, 1);
  parton_test::FancyMLP fancy;
  fancy.initialize({.seed = 1});
  models.add<float>("net_fancy_mlp", fancy, x, 1e-5, false);

  Loop loop;
  loop.initialize({.seed = 1});
  models.add<float>("net_loop", loop, random::uniform({3, 6}, -1, 1));

  auto shared = std::make_shared<nn::Dense<>>(8, nn::relu);
  nn::Sequential<> tied;
  tied.add(nn::Dense(8, nn::relu), shared, nn::Dense(8, nn::relu, {.params = shared->params()}),
           shared, nn::Dense(10));
  tied.initialize(init::Xavier(), {.seed = 1});
  models.add<float>("net_tied", tied, x);

  nn::Sequential<> nested;
  for (int i = 0; i < 3; ++i)
    nested.add(nn::Sequential{nn::Dense(32, nn::silu), nn::Dropout(0.2), nn::Dense(16, nn::relu)});
  nested.initialize({.seed = 1});
  models.add<float>("net_nested", nested, x);

  auto mlp = nn::Sequential{nn::Dense(16, nn::relu), nn::Dense(3)};
  mlp.initialize(init::Xavier(), {.seed = 1});
  static_cast<void>(mlp(x));
  models.add<double>("net_double", mlp.cast<double>(), x.cast<double>(), 1e-12);
  // Rounded to 11 bits here, and there by other steps.
  models.add<Eigen::half>("net_half", mlp.cast<Eigen::half>(), x.cast<Eigen::half>(), 4e-3);
}

}  // namespace onnx_export
