// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include <Eigen/Core>

#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/window.hpp>

/// \file Pooling on row-major memory, one plane of rows and columns at a time.

namespace parton::detail {

/// The windows [first, last) of an axis.
struct TapRange {
  Index first, last;
};

/// Those whose tap k lies within the input.
inline TapRange tap_range(const WindowAxis& axis, Index k) {
  const Index at = k * axis.dilation - axis.begin;
  const Index last = axis.in > at ? divide_up(axis.in - at, axis.stride) : 0;
  return {at >= 0 ? 0 : divide_up(-at, axis.stride), std::min(axis.out, last)};
}

/// The windows of a pooling, with the ranges of their columns, which cost divisions.
struct PoolingPlan {
  WindowAxes windows;
  Tensor<Index> ranges;  // (kernel width, 2)

  explicit PoolingPlan(const WindowAxes& axes)
      : windows(axes), ranges(Tensor<Index>::empty({axes[1].kernel, 2})) {
    Index* to = fresh_data(ranges);
    for (Index k = 0; k < axes[1].kernel; ++k) {
      const TapRange range = tap_range(axes[1], k);
      *to++ = range.first;
      *to++ = range.last;
    }
  }

  [[nodiscard]] Index input_size() const { return windows[0].in * windows[1].in; }
  [[nodiscard]] Index output_size() const { return windows[0].out * windows[1].out; }
  /// The windows whose tap in column j of the kernel lies within the input.
  [[nodiscard]] TapRange range(Index j) const {
    return {ranges.data()[2 * j], ranges.data()[2 * j + 1]};
  }
  /// One window that is the whole plane.
  [[nodiscard]] bool is_whole() const {
    const auto whole = [](const WindowAxis& axis) {
      return axis.out == 1 && axis.kernel == axis.in && axis.dilation == 1 && axis.begin == 0;
    };
    return whole(windows[0]) && whole(windows[1]);
  }

  /// Calls `f(output row, start, range)` for each tap of each output row, in window order: tap p of
  /// the range reads position `start + p * stride` of the plane.
  template <class F>
  void for_taps(const F& f) const {
    const WindowAxis &h = windows[0], &w = windows[1];
    for (Index o = 0; o < h.out; ++o)
      for (Index i = h.first_tap(o), end = h.last_tap(o); i < end; ++i) {
        const Index row = (o * h.stride - h.begin + i * h.dilation) * w.in - w.begin;
        for (Index j = 0; j < w.kernel; ++j) f(o, row + j * w.dilation, range(j));
      }
  }
};

/// The maxima of a plane go block by block of whole rows, and tap by tap within one: what a tap
/// reads is gathered first, so that the choice runs on packets, without a branch for each element.
template <class Scalar>
class MaxPooling {
 public:
  MaxPooling(const PoolingPlan& plan, bool with_taps) : plan_(plan) {
    const WindowAxis& w = plan.windows[1];
    rows_ = std::clamp<Index>(1024 / w.out, 1, plan.windows[0].out);
    const Index size = rows_ * w.out + packet_size;
    for (Tensor<Scalar>* one : {&values_, &best_, &taps_}) *one = Tensor<Scalar>::empty({size});
    if (with_taps && !plan.is_whole()) find_first_taps();
  }

  /// y = the maximum of each window of a plane; `taps`, unless it is null, the tap where it is
  /// first found, in the order of the rows of the window, or -1 if no tap lies within the input.
  /// NaN is larger than all.
  void operator()(const Scalar* x, Scalar* y, std::int32_t* taps) {
    if (plan_.is_whole()) return whole(x, *y, taps);
    const Index height = plan_.windows[0].out, width = plan_.windows[1].out;
    for (Index first = 0; first < height; first += rows_) {
      const Index last = std::min(height, first + rows_), size = (last - first) * width;
      std::fill_n(fresh_data(best_), size, lowest);
      if (taps != nullptr) std::copy_n(first_.data() + first * width, size, fresh_data(taps_));
      block(x, first, last, taps != nullptr);
      std::copy_n(best_.data(), size, y + first * width);
      if (taps != nullptr)
        Eigen::Map<Eigen::Array<std::int32_t, Eigen::Dynamic, 1>>(taps + first * width, size) =
            load(taps_.data(), size).template cast<std::int32_t>();
    }
  }

 private:
  using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
  static constexpr Index packet_size = Eigen::internal::packet_traits<Scalar>::size;
  static constexpr Scalar lowest = -std::numeric_limits<Scalar>::infinity();

  void whole(const Scalar* x, Scalar& y, std::int32_t* taps) const {
    Index at = 0;
    for (Index i = 1; i < plan_.input_size(); ++i)
      if (x[i] > x[at] || (x[i] != x[i] && x[at] == x[at])) at = i;
    y = x[at];
    if (taps != nullptr) *taps = static_cast<std::int32_t>(at);
  }

  /// The first tap of each window: that of the maximum if nothing is larger than -inf.
  void find_first_taps() {
    const WindowAxis &h = plan_.windows[0], &w = plan_.windows[1];
    first_ = Tensor<Scalar>::empty({h.out, w.out});
    Scalar* to = fresh_data(first_);
    for (Index o = 0; o < h.out; ++o)
      for (Index p = 0; p < w.out; ++p) {
        const Index i = h.first_tap(o), j = w.first_tap(p);
        const bool none = i >= h.last_tap(o) || j >= w.last_tap(p);
        *to++ = none ? Scalar(-1) : static_cast<Scalar>(i * w.kernel + j);
      }
  }

  void block(const Scalar* x, Index first, Index last, bool with_taps) {
    const WindowAxis &h = plan_.windows[0], &w = plan_.windows[1];
    for (Index i = 0; i < h.kernel; ++i)
      for (Index j = 0; j < w.kernel; ++j) {
        const TapRange range = plan_.range(j);
        Scalar* to = fresh_data(values_);
        for (Index o = first; o < last; ++o, to += w.out) {
          const Index row = o * h.stride - h.begin + i * h.dilation;
          if (row < 0 || row >= h.in) {
            std::fill_n(to, w.out, lowest);
            continue;
          }
          const Scalar* from = x + row * w.in + j * w.dilation - w.begin;
          std::fill_n(to, range.first, lowest);
          for (Index p = range.first; p < range.last; ++p) to[p] = from[p * w.stride];
          for (Index p = range.last; p < w.out; ++p) to[p] = lowest;
        }
        choose((last - first) * w.out, static_cast<Scalar>(i * w.kernel + j), with_taps);
      }
  }

  /// best = the larger of best and values, and there taps = tap.
  void choose(Index size, Scalar tap, bool with_taps) {
    using namespace Eigen::internal;  // NOLINT: its packet functions
    const Packet number = pset1<Packet>(tap);
    const Scalar* from = values_.data();
    Scalar *best = fresh_data(best_), *taps = fresh_data(taps_);
    for (Index i = 0; i < size; i += packet_size) {
      const Packet v = pload<Packet>(from + i), old = pload<Packet>(best + i);
      const Packet better = por(pcmp_lt(old, v), pcmp_lt_or_nan(v, v));
      pstore(best + i, pselect(better, v, old));
      if (with_taps) pstore(taps + i, pselect(better, number, pload<Packet>(taps + i)));
    }
  }

  const PoolingPlan& plan_;
  Index rows_ = 1;
  Tensor<Scalar> values_, best_, taps_, first_;
};

/// Where each tap of a window lies in a plane, relative to the first.
inline Tensor<Index> tap_offsets(const WindowAxes& windows) {
  const WindowAxis &h = windows[0], &w = windows[1];
  auto result = Tensor<Index>::empty({h.kernel, w.kernel});
  Index* to = fresh_data(result);
  for (Index i = 0; i < h.kernel; ++i)
    for (Index j = 0; j < w.kernel; ++j) *to++ = i * h.dilation * w.in + j * w.dilation;
  return result;
}

/// x += the gradient of the input, from that of the maxima and where they were found.
template <class Scalar>
void max_pool_plane_gradient(const WindowAxes& windows, const Index* offsets, const Scalar* g,
                             const std::int32_t* taps, Scalar* x) {
  const WindowAxis &h = windows[0], &w = windows[1];
  for (Index o = 0; o < h.out; ++o) {
    Scalar* row = x + (o * h.stride - h.begin) * w.in - w.begin;
    for (Index p = 0; p < w.out; ++p, ++g, ++taps, row += w.stride)
      if (*taps >= 0) row[offsets[*taps]] += *g;
  }
}

/// How many elements an average of window o is over: those of the input, or of the padded input.
inline Index average_count(const WindowAxis& axis, Index o, bool include_padding) {
  if (!include_padding) return axis.last_tap(o) - axis.first_tap(o);
  const Index left = axis.in + axis.end - (o * axis.stride - axis.begin);
  return std::min(axis.kernel, divide_up(left, axis.dilation));
}

/// factors[p] = 1 / the number of elements of window p of a plane; 0 for a window without any.
template <class Scalar>
void average_factors(const WindowAxes& windows, bool include_padding, Scalar* factors) {
  for (Index o = 0; o < windows[0].out; ++o)
    for (Index p = 0; p < windows[1].out; ++p) {
      const Index count = average_count(windows[0], o, include_padding) *
                          average_count(windows[1], p, include_padding);
      *factors++ = count == 0 ? Scalar(0) : Scalar(1) / static_cast<Scalar>(count);
    }
}

/// y = the average of each window of a plane.
template <class Scalar>
void average_pool_plane(const PoolingPlan& plan, const Scalar* x, const Scalar* factors,
                        Scalar* y) {
  if (plan.is_whole()) {
    *y = load(x, plan.input_size()).sum() * *factors;
    return;
  }
  const Index width = plan.windows[1].out, stride = plan.windows[1].stride;
  const Index size = plan.output_size();
  std::fill_n(y, size, Scalar(0));
  plan.for_taps([&](Index o, Index start, TapRange range) {
    Scalar* to = y + o * width;
    for (Index p = range.first; p < range.last; ++p) to[p] += x[start + p * stride];
  });
  store(y, load(y, size) * load(factors, size));
}

/// x += the gradient of the input, from that of the averages.
template <class Scalar>
void average_pool_plane_gradient(const PoolingPlan& plan, const Scalar* g, const Scalar* factors,
                                 Scalar* x) {
  if (plan.is_whole()) {
    const Index size = plan.input_size();
    store(x, load(x, size) + *g * *factors);
    return;
  }
  const Index width = plan.windows[1].out, stride = plan.windows[1].stride;
  plan.for_taps([&](Index o, Index start, TapRange range) {
    const Scalar *from = g + o * width, *share = factors + o * width;
    for (Index p = range.first; p < range.last; ++p) x[start + p * stride] += from[p] * share[p];
  });
}

}  // namespace parton::detail
