// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/window.hpp>

/// \file Pooling on row-major memory, one plane of rows and columns at a time.

namespace parton::detail {

/// For each column k of a window, the windows [first, last) whose tap k lies within the input, and
/// where that tap of the first one is.
struct TapRange {
  Index first, last;
};

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
    const Index* range = ranges.data();
    for (Index o = 0; o < h.out; ++o)
      for (Index i = h.first_tap(o), end = h.last_tap(o); i < end; ++i) {
        const Index row = (o * h.stride - h.begin + i * h.dilation) * w.in - w.begin;
        for (Index j = 0; j < w.kernel; ++j)
          f(o, row + j * w.dilation, TapRange{range[2 * j], range[2 * j + 1]});
      }
  }
};

/// best = the larger of best and v, the first of equal ones; NaN is larger than all.
template <class Scalar>
bool is_better(Scalar v, Scalar best) {
  return static_cast<bool>(static_cast<int>(v > best) | static_cast<int>(v != v));
}

/// y = the maximum of each window of a plane.
template <class Scalar>
void max_pool_plane(const PoolingPlan& plan, const Scalar* x, Scalar* y) {
  const Index width = plan.windows[1].out, stride = plan.windows[1].stride;
  std::fill_n(y, plan.output_size(), -std::numeric_limits<Scalar>::infinity());
  plan.for_taps([&](Index o, Index start, TapRange range) {
    Scalar* best = y + o * width;
    for (Index p = range.first; p < range.last; ++p) {
      const Scalar v = x[start + p * stride];
      best[p] = is_better(v, best[p]) ? v : best[p];
    }
  });
}

/// where = the position in its plane of the first tap of each window; -1 if it has none.
inline void first_positions(const WindowAxes& windows, std::int32_t* where) {
  const WindowAxis &h = windows[0], &w = windows[1];
  for (Index o = 0; o < h.out; ++o)
    for (Index p = 0; p < w.out; ++p) {
      const Index i = h.first_tap(o), j = w.first_tap(p);
      const Index row = o * h.stride - h.begin + i * h.dilation;
      const Index column = p * w.stride - w.begin + j * w.dilation;
      const bool none = i >= h.last_tap(o) || j >= w.last_tap(p);
      *where++ = none ? -1 : static_cast<std::int32_t>(row * w.in + column);
    }
}

/// The same, and `where`, which holds first_positions, becomes the positions of the maxima.
template <class Scalar>
void max_pool_plane(const PoolingPlan& plan, const Scalar* x, Scalar* y, std::int32_t* where) {
  const Index width = plan.windows[1].out, stride = plan.windows[1].stride;
  std::fill_n(y, plan.output_size(), -std::numeric_limits<Scalar>::infinity());
  plan.for_taps([&](Index o, Index start, TapRange range) {
    Scalar* best = y + o * width;
    std::int32_t* at = where + o * width;
    for (Index p = range.first; p < range.last; ++p) {
      const Index position = start + p * stride;
      const Scalar v = x[position];
      const bool better = is_better(v, best[p]);
      best[p] = better ? v : best[p];
      at[p] = better ? static_cast<std::int32_t>(position) : at[p];
    }
  });
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
