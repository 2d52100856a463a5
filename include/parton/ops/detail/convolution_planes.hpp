// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>

#include <parton/ops/detail/taps.hpp>
#include <parton/ops/detail/window.hpp>

/// \file How a convolution lays its image out, so that every tap of its kernel is one run of
/// memory.
///
/// The padded image is split by the stride: row r and column c go to the plane of the residues
/// (r mod stride, c mod stride), so that what one tap reads for neighbouring windows lies side by
/// side. Residues that no tap reads have no plane. Rows of a plane are `pitch` apart; the padding
/// at the end of a row is that at the begin of the next. The gradient of the result is laid out
/// with the same pitch, zeros between its rows, so that the taps of one are those of the other, and
/// results are computed for whole planes, with a few columns between the rows that nobody reads.

namespace parton::detail {

/// The planes along one axis.
class PlaneAxis {
 public:
  PlaneAxis() = default;
  explicit PlaneAxis(const WindowAxis& window)
      : stride_(window.stride),
        dilation_(window.dilation),
        period_(stride_ / std::gcd(stride_, dilation_)),
        slots_(std::min(period_, window.kernel)) {}

  /// The number of planes, and for tap k its plane and its offset within that.
  [[nodiscard]] Index slots() const { return slots_; }
  [[nodiscard]] Index slot(Index k) const { return k % period_; }
  [[nodiscard]] Index offset(Index k) const { return k * dilation_ / stride_; }
  /// The padded positions of a plane are `residue(slot) + i * stride`.
  [[nodiscard]] Index residue(Index slot) const { return slot * dilation_ % stride_; }
  /// The taps of a plane: slot, slot + period, ...
  [[nodiscard]] Index period() const { return period_; }
  /// True if every position has a plane.
  [[nodiscard]] bool is_full() const { return slots_ == stride_; }

 private:
  Index stride_ = 1, dilation_ = 1, period_ = 1, slots_ = 1;
};

/// The sizes of a convolution and of its planes.
struct ConvolutionPlan {
  Index batch, channels, outputs, groups;
  WindowAxes window;
  PlaneAxis rows, columns;
  Index pitch;    ///< from one row of a plane to the next
  Index plane;    ///< the size of a plane, a multiple of the largest packet
  Index run;      ///< the columns of a result: from its first to its last element
  Index overlap;  ///< the largest offset of a tap within a plane

  ConvolutionPlan(Index images, Index in, Index out, Index group_count, const WindowAxes& windows)
      : batch(images),
        channels(in),
        outputs(out),
        groups(group_count),
        window(windows),
        rows(windows[0]),
        columns(windows[1]) {
    const WindowAxis &h = window[0], &w = window[1];
    pitch = std::max(divide_up(w.in + std::max(w.begin, w.end), w.stride), w.out);
    constexpr Index packet = 16;
    plane = divide_up(divide_up(h.padded(), h.stride) * pitch, packet) * packet;
    run = (h.out - 1) * pitch + w.out;
    overlap = rows.offset(h.kernel - 1) * pitch + columns.offset(w.kernel - 1);
  }

  [[nodiscard]] Index group_inputs() const { return channels / groups; }
  [[nodiscard]] Index group_outputs() const { return outputs / groups; }
  [[nodiscard]] Index area() const { return window[0].kernel * window[1].kernel; }
  [[nodiscard]] Index taps() const { return group_inputs() * area(); }
  [[nodiscard]] Index planes() const { return rows.slots() * columns.slots(); }
  [[nodiscard]] Index input_size() const { return window[0].in * window[1].in; }
  [[nodiscard]] Index output_size() const { return window[0].out * window[1].out; }

  /// True for the product of a matrix and each pixel, which needs no planes.
  [[nodiscard]] bool is_pointwise() const {
    const auto plain = [](const WindowAxis& axis) {
      return axis.kernel == 1 && axis.stride == 1 && axis.begin == 0 && axis.end == 0;
    };
    return plain(window[0]) && plain(window[1]);
  }

  /// Elements of the planes of one image, and of the memory that a run over them may touch.
  [[nodiscard]] Index image_planes() const { return channels * planes() * plane; }
  [[nodiscard]] Index image_slack() const { return overlap + tap_overrun; }
  /// The same for the gradient of the result; `gradient_front` elements of 0 come first.
  [[nodiscard]] Index gradient_planes() const { return outputs * plane; }
  [[nodiscard]] Index gradient_front() const { return divide_up(overlap, 16) * 16; }

  /// offsets[t] of tap t = (channel, row, column) of one group.
  void image_offsets(Index* offsets) const {
    for (Index c = 0; c < group_inputs(); ++c)
      for (Index i = 0; i < window[0].kernel; ++i)
        for (Index j = 0; j < window[1].kernel; ++j) {
          const Index slot = rows.slot(i) * columns.slots() + columns.slot(j);
          *offsets++ = (c * planes() + slot) * plane + rows.offset(i) * pitch + columns.offset(j);
        }
  }

  /// Calls `f(row slot, column slot)` for each plane of a channel, in the order of memory.
  template <class F>
  void for_planes(const F& f) const {
    for (Index a = 0; a < rows.slots(); ++a)
      for (Index b = 0; b < columns.slots(); ++b) f(a, b);
  }

  /// Calls `f(tap, offset)` for the taps of one kernel that read the plane of these slots.
  template <class F>
  void for_taps_of(Index row_slot, Index column_slot, const F& f) const {
    for (Index i = row_slot; i < window[0].kernel; i += rows.period())
      for (Index j = column_slot; j < window[1].kernel; j += columns.period())
        f(i * window[1].kernel + j, rows.offset(i) * pitch + columns.offset(j));
  }
  /// The number of taps of one kernel that read this plane.
  [[nodiscard]] Index taps_of(Index row_slot, Index column_slot) const {
    return divide_up(window[0].kernel - row_slot, rows.period()) *
           divide_up(window[1].kernel - column_slot, columns.period());
  }
};

/// The positions of one axis of the input that lie in a plane: input `first + i * stride` is at
/// `at + i` there, for i in [0, count).
struct PlaneRun {
  Index first, at, count;

  PlaneRun(const WindowAxis& window, Index residue) {
    at = window.begin <= residue ? 0 : divide_up(window.begin - residue, window.stride);
    first = at * window.stride + residue - window.begin;
    count = first >= window.in ? 0 : divide_up(window.in - first, window.stride);
  }
};

/// Writes an image of shape (channels, H, W) into its planes, whose padding is 0 already.
template <class Scalar>
void fill_image_planes(const ConvolutionPlan& plan, const Scalar* image, Scalar* planes) {
  const WindowAxis &h = plan.window[0], &w = plan.window[1];
  for (Index c = 0; c < plan.channels; ++c, image += plan.input_size())
    plan.for_planes([&](Index a, Index b) {
      const PlaneRun down(h, plan.rows.residue(a)), across(w, plan.columns.residue(b));
      for (Index i = 0; i < down.count; ++i) {
        const Scalar* from = image + (down.first + i * h.stride) * w.in + across.first;
        Scalar* to = planes + (down.at + i) * plan.pitch + across.at;
        if (w.stride == 1)
          std::copy_n(from, across.count, to);
        else
          for (Index j = 0; j < across.count; ++j) to[j] = from[j * w.stride];
      }
      planes += plan.plane;
    });
}

/// Writes a gradient of shape (outputs, H, W) into its planes, which are 0 between the rows.
template <class Scalar>
void fill_gradient_planes(const ConvolutionPlan& plan, const Scalar* gradient, Scalar* planes) {
  const Index height = plan.window[0].out, width = plan.window[1].out;
  for (Index o = 0; o < plan.outputs; ++o, planes += plan.plane)
    for (Index i = 0; i < height; ++i, gradient += width)
      std::copy_n(gradient, width, planes + i * plan.pitch);
}

}  // namespace parton::detail
