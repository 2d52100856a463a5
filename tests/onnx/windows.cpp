// SPDX-License-Identifier: MIT
// What slides a window over an image: convolution and pooling, of one and two dimensions.
#include <algorithm>

#include <parton/ops/convolution.hpp>
#include <parton/ops/pooling.hpp>

#include "call.hpp"

namespace onnx_tests {

namespace {

template <std::size_t Axes>
struct Windows {
  parton::PerAxis<Axes> size = 1, strides = 1, dilation = 1;
  parton::Padding<Axes> padding = 0;
};

template <std::size_t Axes>
parton::PerAxis<Axes> per_axis(const Call& c, const char* name) {
  const std::vector<Index> given = c.integers(name);
  std::array<Index, Axes> result;
  for (std::size_t i = 0; i < Axes; ++i) result[i] = given.empty() ? 1 : given.at(i);
  return parton::PerAxis<Axes>(result);
}

/// The windows that the attributes tell, over an image of the shape of x.
template <std::size_t Axes>
Windows<Axes> windows(const Call& c, const Shape& x, const parton::PerAxis<Axes>& size) {
  Windows<Axes> result;
  result.size = size;
  result.strides = per_axis<Axes>(c, "strides");
  result.dilation = per_axis<Axes>(c, "dilations");
  const std::vector<Index> pads = c.integers("pads");
  const std::string automatic = c.text("auto_pad", "NOTSET");
  std::array<Index, Axes> begin{}, end{};
  for (std::size_t i = 0; i < Axes; ++i) {
    if (!pads.empty()) begin[i] = pads.at(i), end[i] = pads.at(Axes + i);
    if (automatic != "SAME_UPPER" && automatic != "SAME_LOWER") continue;
    const Index in = x.dims()[2 + i], stride = result.strides[i];
    const Index reach = (size[i] - 1) * result.dilation[i] + 1;
    const Index total = std::max(((in + stride - 1) / stride - 1) * stride + reach - in, Index{0});
    begin[i] = automatic == "SAME_LOWER" ? total - total / 2 : total / 2;
    end[i] = total - begin[i];
  }
  if constexpr (Axes == 1)
    result.padding = parton::Padding<1>(parton::Sides(begin[0], end[0]));
  else
    result.padding =
        parton::Padding<2>(parton::Sides(begin[0], end[0]), parton::Sides(begin[1], end[1]));
  return result;
}

template <std::size_t Axes>
Results conv(const Call& c) {
  const Tensor<>&x = c.in(0), &weight = c.in(1);
  std::array<Index, Axes> size{};
  for (std::size_t i = 0; i < Axes; ++i) size[i] = weight.shape().dims()[2 + i];
  const Windows<Axes> w = windows<Axes>(c, x.shape(), parton::PerAxis<Axes>(size));
  const parton::ConvolutionOptions<Axes> options{.strides = w.strides,
                                                 .padding = w.padding,
                                                 .dilation = w.dilation,
                                                 .groups = c.integer("group", 1)};
  const Tensor<>* bias = c.has(2) ? &c.in(2) : nullptr;
  if constexpr (Axes == 1)
    return {parton::conv1d(x, weight, bias, options)};
  else
    return {parton::conv2d(x, weight, bias, options)};
}

template <std::size_t Axes>
Results max_pool(const Call& c) {
  need(c.node.outputs.size() == 1, "the output of indices");
  const Tensor<>& x = c.in(0);
  const auto w = windows<Axes>(c, x.shape(), per_axis<Axes>(c, "kernel_shape"));
  const parton::PoolingOptions<Axes> options{.strides = w.strides,
                                             .padding = w.padding,
                                             .dilation = w.dilation,
                                             .ceil_mode = c.integer("ceil_mode", 0) != 0};
  if constexpr (Axes == 1)
    return {parton::max_pool1d(x, w.size, options)};
  else
    return {parton::max_pool2d(x, w.size, options)};
}

template <std::size_t Axes>
Results average_pool(const Call& c) {
  const Tensor<>& x = c.in(0);
  const auto w = windows<Axes>(c, x.shape(), per_axis<Axes>(c, "kernel_shape"));
  const parton::AveragePoolingOptions<Axes> options{
      .strides = w.strides,
      .padding = w.padding,
      .dilation = w.dilation,
      .ceil_mode = c.integer("ceil_mode", 0) != 0,
      .count_include_pad = c.integer("count_include_pad", 0) != 0};
  if constexpr (Axes == 1)
    return {parton::avg_pool1d(x, w.size, options)};
  else
    return {parton::avg_pool2d(x, w.size, options)};
}

/// By the rank of the input. \throws LeftOut for three dimensions.
Results by_rank(const Call& c, Adapter one, Adapter two) {
  const std::size_t rank = c.in(0).rank();
  need(rank == 3 || rank == 4, "three dimensions");
  return rank == 3 ? one(c) : two(c);
}

}  // namespace

void add_windows(Table& table) {
  table["Conv"] = [](const Call& c) { return by_rank(c, conv<1>, conv<2>); };
  table["MaxPool"] = [](const Call& c) { return by_rank(c, max_pool<1>, max_pool<2>); };
  table["AveragePool"] = [](const Call& c) { return by_rank(c, average_pool<1>, average_pool<2>); };
  table["GlobalMaxPool"] = [](const Call& c) { return Results{parton::global_max_pool(c.in(0))}; };
  table["GlobalAveragePool"] = [](const Call& c) {
    return Results{parton::global_avg_pool(c.in(0))};
  };
}

}  // namespace onnx_tests
