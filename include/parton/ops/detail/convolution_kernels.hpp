// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <type_traits>

#include <Eigen/Core>

#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/convolution_planes.hpp>
#include <parton/ops/detail/gemm.hpp>
#include <parton/tensor/tensor.hpp>

/// \file A convolution and its gradients on row-major memory, in float or double.

namespace parton::detail {

/// Memory for one op, from the pool.
template <class Scalar>
Tensor<Scalar> scratch(Index size) {
  return Tensor<Scalar>::empty({size});
}

/// weights[block][t][r] = weight(row, t), for each block of rows, which the product reads in order.
template <class Scalar, class Weight>
void pack_weights(Index rows, Index taps, Scalar* to, const Weight& weight) {
  for_row_blocks(rows, [&](Index first, auto count) {
    for (Index t = 0; t < taps; ++t)
      for (Index r = 0; r < count; ++r) *to++ = weight(first + r, t);
  });
}

/// to = bias in every pixel of a channel, or 0.
template <class Scalar>
void fill_with_bias(const Scalar* bias, Index channels, Index pixels, Scalar* to) {
  for (Index o = 0; o < channels; ++o)
    std::fill_n(to + o * pixels, pixels, bias == nullptr ? Scalar(0) : bias[o]);
}

/// y = activation(w x + b) for a kernel of one pixel: one product for each image and group.
template <class Scalar>
void pointwise_forward(const ConvolutionPlan& plan, const Scalar* x, const Scalar* weight,
                       const Scalar* bias, ActivationSpec activation, Scalar* y) {
  const Index pixels = plan.input_size(), in = plan.group_inputs(), out = plan.group_outputs();
  for (Index n = 0; n < plan.batch; ++n, y += plan.outputs * pixels) {
    fill_with_bias(bias, plan.outputs, pixels, y);
    for (Index g = 0; g < plan.groups; ++g, x += in * pixels)
      gemm<Order::plain, Order::plain>(out, pixels, in, weight + g * out * in, x,
                                       y + g * out * pixels, true);
    apply_activation(activation, y, plan.outputs * pixels);
  }
}

/// y = activation(conv(x, w) + b) with x of shape (batch, channels, H, W).
template <class Scalar>
void convolution_forward(const ConvolutionPlan& plan, const Scalar* x, const Scalar* weight,
                         const Scalar* bias, ActivationSpec activation, Scalar* y) {
  if (plan.is_pointwise()) return pointwise_forward(plan, x, weight, bias, activation, y);
  const Index taps = plan.taps(), group_outputs = plan.group_outputs();
  const Index height = plan.window[0].out, width = plan.window[1].out;
  const Index group_planes = plan.group_inputs() * plan.planes() * plan.plane;
  const Index row_pitch = plan.run + tap_overrun;
  Tensor<Index> offsets = scratch<Index>(taps);
  Tensor<Scalar> packed = scratch<Scalar>(plan.outputs * taps);
  Tensor<Scalar> planes = Tensor<Scalar>::zeros({plan.image_planes() + plan.image_slack()});
  Tensor<Scalar> rows = scratch<Scalar>(tap_rows * row_pitch);
  Tensor<Scalar> starts = scratch<Scalar>(plan.outputs);
  fill_with_bias(bias, plan.outputs, 1, starts.mutable_data());
  plan.image_offsets(offsets.mutable_data());
  for (Index g = 0; g < plan.groups; ++g)
    pack_weights(group_outputs, taps, packed.mutable_data() + g * group_outputs * taps,
                 [from = weight + g * group_outputs * taps, taps](Index o, Index t) {
                   return from[o * taps + t];
                 });
  for (Index n = 0; n < plan.batch; ++n) {
    fill_image_planes(plan, x + n * plan.channels * plan.input_size(), planes.mutable_data());
    for (Index g = 0; g < plan.groups; ++g)
      for_row_blocks(group_outputs, [&](Index first, auto count) {
        const Index output = g * group_outputs + first;
        tap_product<count()>(taps, offsets.data(), packed.data() + output * taps,
                             starts.data() + output, planes.data() + g * group_planes, plan.run,
                             rows.mutable_data(), row_pitch);
        Scalar* to = y + (n * plan.outputs + output) * plan.output_size();
        for (Index r = 0; r < count; ++r) {
          const Scalar* from = rows.data() + r * row_pitch;
          for (Index i = 0; i < height; ++i, to += width, from += plan.pitch)
            std::copy_n(from, width, to);
        }
        apply_activation(activation, to - count * plan.output_size(), count * plan.output_size());
      });
  }
}

/// to = or += the gradient of the bias: the sum of g over the batch and the pixels.
template <class Scalar>
void convolution_bias_gradient(const ConvolutionPlan& plan, const Scalar* g, Scalar* to, bool add) {
  if (!add) std::fill_n(to, plan.outputs, Scalar(0));
  const Index pixels = plan.output_size();
  for (Index n = 0; n < plan.batch; ++n)
    for (Index o = 0; o < plan.outputs; ++o, g += pixels) to[o] += load(g, pixels).sum();
}

/// to = or += the gradient of the weight.
template <class Scalar>
void convolution_weight_gradient(const ConvolutionPlan& plan, const Scalar* x, const Scalar* g,
                                 Scalar* to, bool add) {
  const Index taps = plan.taps(), in = plan.group_inputs(), out = plan.group_outputs();
  if (!add) std::fill_n(to, plan.outputs * taps, Scalar(0));
  const Index image_size = plan.channels * plan.input_size();
  const Index result_size = plan.outputs * plan.output_size();
  if (plan.is_pointwise()) {
    const Index pixels = plan.input_size();
    for (Index n = 0; n < plan.batch; ++n)
      for (Index k = 0; k < plan.groups; ++k)
        gemm<Order::plain, Order::transposed>(
            out, in, pixels, g + n * result_size + k * out * pixels,
            x + n * image_size + k * in * pixels, to + k * out * in, true);
    return;
  }
  // The sums over the columns of a register end with one reduction: worth its while over some
  // images.
  const Index chunk = std::clamp<Index>(2048 / plan.run, 1, std::max<Index>(plan.batch, 1));
  const Index image_planes = plan.image_planes(), gradient_planes = plan.gradient_planes();
  Tensor<Index> offsets = scratch<Index>(taps);
  Tensor<Scalar> images = Tensor<Scalar>::zeros({chunk * image_planes + plan.image_slack()});
  Tensor<Scalar> gradients = Tensor<Scalar>::zeros({chunk * gradient_planes});
  plan.image_offsets(offsets.mutable_data());
  for (Index n = 0; n < plan.batch; n += chunk) {
    const Index count = std::min(chunk, plan.batch - n);
    for (Index i = 0; i < count; ++i) {
      fill_image_planes(plan, x + (n + i) * image_size, images.mutable_data() + i * image_planes);
      fill_gradient_planes(plan, g + (n + i) * result_size,
                           gradients.mutable_data() + i * gradient_planes);
    }
    for (Index k = 0; k < plan.groups; ++k)
      for_row_blocks(out, [&](Index first, auto rows) {
        const Index output = k * out + first;
        tap_gradient<rows()>(count, plan.run, gradients.data() + output * plan.plane, plan.plane,
                             gradient_planes, images.data() + k * in * plan.planes() * plan.plane,
                             image_planes, taps, offsets.data(), to + output * taps, taps);
      });
  }
}

/// Writes or adds the columns of a plane to the pixels of one channel that it holds.
template <class Scalar>
void spread_plane(const ConvolutionPlan& plan, const PlaneRun& down, const PlaneRun& across,
                  const Scalar* from, Scalar* to, bool add) {
  const WindowAxis &h = plan.window[0], &w = plan.window[1];
  for (Index i = 0; i < down.count; ++i, from += plan.pitch) {
    Scalar* row = to + (down.first + i * h.stride) * w.in + across.first;
    if (w.stride == 1) {
      if (add)
        store(row, load(row, across.count) + load(from, across.count));
      else
        std::copy_n(from, across.count, row);
    } else {
      for (Index j = 0; j < across.count; ++j)
        row[j * w.stride] = add ? row[j * w.stride] + from[j] : from[j];
    }
  }
}

/// to = or += the gradient of the input: for each plane, the product of the transposed weights of
/// the taps that read it with the gradient of the result.
template <class Scalar>
void convolution_input_gradient(const ConvolutionPlan& plan, const Scalar* weight, const Scalar* g,
                                Scalar* to, bool add) {
  const Index in = plan.group_inputs(), out = plan.group_outputs(), area = plan.area();
  const Index pixels = plan.input_size(), result_size = plan.outputs * plan.output_size();
  if (plan.is_pointwise()) {
    for (Index n = 0; n < plan.batch; ++n)
      for (Index k = 0; k < plan.groups; ++k, to += in * pixels)
        gemm<Order::transposed, Order::plain>(in, pixels, out, weight + k * out * in,
                                              g + n * result_size + k * out * pixels, to, add);
    return;
  }
  // Pixels that no tap reads.
  if (!add && !(plan.rows.is_full() && plan.columns.is_full()))
    std::fill_n(to, plan.batch * plan.channels * pixels, Scalar(0));
  const Index front = plan.gradient_front(), row_pitch = plan.plane + tap_overrun;
  Tensor<Index> offsets = scratch<Index>(out * area), sources = scratch<Index>(out * area);
  Tensor<Scalar> packed = scratch<Scalar>(plan.channels * out * area);
  Tensor<Scalar> gradient =
      Tensor<Scalar>::zeros({front + plan.gradient_planes() + plan.pitch + tap_overrun});
  Tensor<Scalar> rows = scratch<Scalar>(tap_rows * row_pitch);
  const Tensor<Scalar> zeros = Tensor<Scalar>::zeros({tap_rows});
  Index* offset = offsets.mutable_data();
  Scalar* weights = packed.mutable_data();
  plan.for_planes([&](Index a, Index b) {
    Index count = 0;
    for (Index o = 0; o < out; ++o)
      plan.for_taps_of(a, b, [&](Index tap, Index back) {
        *offset++ = o * plan.plane - back;
        sources.mutable_data()[count++] = o * in * area + tap;
      });
    for (Index k = 0; k < plan.groups; ++k, weights += in * count)
      pack_weights(in, count, weights, [&, from = weight + k * out * in * area](Index c, Index t) {
        return from[sources.data()[t] + c * area];
      });
  });
  for (Index n = 0; n < plan.batch; ++n) {
    fill_gradient_planes(plan, g + n * result_size, gradient.mutable_data() + front);
    const Index* back = offsets.data();
    const Scalar* packed_block = packed.data();
    plan.for_planes([&](Index a, Index b) {
      const PlaneRun down(plan.window[0], plan.rows.residue(a));
      const PlaneRun across(plan.window[1], plan.columns.residue(b));
      const Index skip = down.at * plan.pitch + across.at;
      const Index columns = (down.count - 1) * plan.pitch + across.count;
      const Index taps = out * plan.taps_of(a, b);
      for (Index k = 0; k < plan.groups; ++k, packed_block += in * taps) {
        if (down.count == 0 || across.count == 0) continue;
        const Scalar* from = gradient.data() + front + k * out * plan.plane + skip;
        for_row_blocks(in, [&](Index first, auto height) {
          tap_product<height()>(taps, back, packed_block + first * taps, zeros.data(), from,
                                columns, rows.mutable_data(), row_pitch);
          for (Index r = 0; r < height; ++r)
            spread_plane(plan, down, across, rows.data() + r * row_pitch,
                         to + (n * plan.channels + k * in + first + r) * pixels, add);
        });
      }
      back += taps;
    });
  }
}

}  // namespace parton::detail
