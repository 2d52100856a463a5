// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <parton/io/detail/onnx/activations.hpp>

/// \file Convolution and pooling. The windows are told by explicit paddings, since what programs
/// make of ONNX's ceil_mode differs.

namespace parton::io::detail::to_onnx {

/// The windows of a step, over one or two axes.
struct Windows {
  Ints kernel, strides, dilation, begin, end;
  /// What the last windows reach beyond the padded input.
  Ints beyond;

  [[nodiscard]] std::size_t axes() const { return kernel.size(); }
  [[nodiscard]] static Ints both(const Ints& first, const Ints& second) {
    Ints all = first;
    all.insert(all.end(), second.begin(), second.end());
    return all;
  }
  [[nodiscard]] bool dilated() const {
    return std::any_of(dilation.begin(), dilation.end(), [](std::int64_t d) { return d != 1; });
  }
};

namespace windows {

inline Windows of(const Emission& to) {
  Windows result;
  result.kernel = to.list("kernel");
  result.strides = to.list("strides");
  result.dilation = to.list("dilation");
  const Ints padding = to.list("pads");  // all beginnings, then all ends
  const std::size_t n = result.axes();
  result.begin.assign(padding.begin(), padding.begin() + static_cast<std::ptrdiff_t>(n));
  result.end.assign(padding.begin() + static_cast<std::ptrdiff_t>(n), padding.end());
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t reach = (result.kernel[i] - 1) * result.dilation[i] + 1;
    const std::int64_t covered = (to.out_dim(2 + i) - 1) * result.strides[i] + reach;
    const std::int64_t padded = result.begin[i] + to.dim(0, 2 + i) + result.end[i];
    result.beyond.push_back(std::max<std::int64_t>(covered - padded, 0));
  }
  return result;
}

inline Ints sum_of(const Ints& a, const Ints& b) {
  Ints result = a;
  for (std::size_t i = 0; i < b.size(); ++i) result[i] += b[i];
  return result;
}

/// x with a number put around its images.
inline std::string padded(Emission& to, const std::string& x, const Ints& begin, const Ints& end,
                          double value) {
  Ints pads = {0, 0};
  pads.insert(pads.end(), begin.begin(), begin.end());
  pads.insert(pads.end(), {0, 0});
  pads.insert(pads.end(), end.begin(), end.end());
  return to.node("Pad", {x, to.ints(pads), to.number(value, to.dtype())},
                 {{"mode", std::string("constant")}});
}

inline bool all_zero(const Ints& values) {
  return std::all_of(values.begin(), values.end(), [](std::int64_t v) { return v == 0; });
}

inline void convolution(Emission& to) {
  const Windows at = of(to);
  std::vector<std::string> inputs = {to.in(0), to.in(1)};
  if (to.has(2)) inputs.push_back(to.in(2));
  const std::string y = to.node("Conv", inputs,
                                {{"kernel_shape", at.kernel},
                                 {"strides", at.strides},
                                 {"dilations", at.dilation},
                                 {"pads", Windows::both(at.begin, at.end)},
                                 {"group", static_cast<std::int64_t>(to.integer("groups"))}});
  to.result(ActivationNodes(to, y).apply(to.text("activation"), to.number("slope")));
}

inline void max_pool(Emission& to) {
  Windows at = of(to);
  at.end = sum_of(at.end, at.beyond);
  std::string x = to.in(0);
  // Programs refuse a padding as long as the kernel, which a dilated one may have.
  const auto as_long = [&](const Ints& pads) {
    for (std::size_t i = 0; i < pads.size(); ++i)
      if (pads[i] >= at.kernel[i]) return true;
    return false;
  };
  if (as_long(at.begin) || as_long(at.end)) {
    x = padded(to, x, at.begin, at.end, -std::numeric_limits<double>::infinity());
    at.begin.assign(at.axes(), 0);
    at.end.assign(at.axes(), 0);
  }
  to.result(to.node("MaxPool", {x},
                    {{"kernel_shape", at.kernel},
                     {"strides", at.strides},
                     {"dilations", at.dilation},
                     {"pads", Windows::both(at.begin, at.end)}}));
}

/// A dilated average: the sums by a convolution with ones, times what each sum is divided by.
inline std::string dilated_average(Emission& to, const Windows& at, bool include_padding) {
  const std::size_t n = at.axes();
  const Index channels = to.dim(0, 1);
  std::vector<Index> ones{channels, 1}, counts{1, 1};
  ones.insert(ones.end(), at.kernel.begin(), at.kernel.end());
  // How many taps count is the product of what they are on each axis.
  std::vector<std::vector<double>> taps(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Index in = to.dim(0, 2 + i), out = to.out_dim(2 + i);
    counts.push_back(out);
    const Index low = include_padding ? -at.begin[i] : 0;
    const Index high = include_padding ? in + at.end[i] : in;
    for (Index o = 0; o < out; ++o) {
      double count = 0;
      for (Index k = 0; k < at.kernel[i]; ++k) {
        const Index position = o * at.strides[i] - at.begin[i] + k * at.dilation[i];
        if (position >= low && position < high) ++count;
      }
      taps[i].push_back(1 / count);
    }
  }
  std::string factors;
  for (const double row : taps[0]) {
    if (n == 1) factors += numbers::bytes_of(row, to.dtype(), 1);
    for (std::size_t k = 0; n == 2 && k < taps[1].size(); ++k)
      factors += numbers::bytes_of(row * taps[1][k], to.dtype(), 1);
  }
  const std::string kernel = to.filled(1, to.dtype(), Shape(ones));
  const std::string sums = to.node("Conv", {to.in(0), kernel},
                                   {{"kernel_shape", at.kernel},
                                    {"strides", at.strides},
                                    {"dilations", at.dilation},
                                    {"pads", Windows::both(at.begin, sum_of(at.end, at.beyond))},
                                    {"group", static_cast<std::int64_t>(channels)}});
  return to.node("Mul", {sums, to.constant(to.dtype(), Shape(counts), factors)});
}

inline void avg_pool(Emission& to) {
  Windows at = of(to);
  const bool include = to.flag("count_include_pad");
  if (at.dilated()) return to.result(dilated_average(to, at, include));
  std::string x = to.in(0);
  bool counted = include;
  if (include && !all_zero(at.beyond)) {
    // The padding counts, what is beyond it does not.
    x = padded(to, x, at.begin, at.end, 0);
    at.begin.assign(at.axes(), 0);
    at.end.assign(at.axes(), 0);
    counted = false;
  }
  to.result(to.node("AveragePool", {x},
                    {{"kernel_shape", at.kernel},
                     {"strides", at.strides},
                     {"pads", Windows::both(at.begin, sum_of(at.end, at.beyond))},
                     {"count_include_pad", std::int64_t{counted}}}));
}

inline void global_max_pool(Emission& to) { to.result(to.node("GlobalMaxPool", {to.in(0)})); }
inline void global_avg_pool(Emission& to) { to.result(to.node("GlobalAveragePool", {to.in(0)})); }

}  // namespace windows

inline constexpr auto window_rules = std::to_array<Rule>({
    {"conv1d", windows::convolution},
    {"conv2d", windows::convolution},
    {"max_pool1d", windows::max_pool},
    {"max_pool2d", windows::max_pool},
    {"avg_pool1d", windows::avg_pool},
    {"avg_pool2d", windows::avg_pool},
    {"global_max_pool", windows::global_max_pool},
    {"global_avg_pool", windows::global_avg_pool},
});

}  // namespace parton::io::detail::to_onnx
