// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <parton/tensor/scalar.hpp>
#include <parton/tensor/shape.hpp>

/// \file Two arrays walked in step, each with strides of its own: what slicing, tiling and
/// repeating are, and their gradients with the two swapped.

namespace parton::detail {

/// The axes of a walk; neighbours that are one run in both arrays become one axis.
class Walk {
 public:
  /// One axis more, inside those before: its length, and how far a step goes in each array; 0 stays
  /// on one element, a negative step goes backwards.
  void add(Index n, Index from, Index to) noexcept {
    size_ *= n;
    if (n == 1) return;
    if (count_ > 0) {
      Axis& outer = axes_[count_ - 1];
      if (outer.from == from * n && outer.to == to * n) {
        outer = {outer.n * n, from, to};
        return;
      }
    }
    axes_[count_++] = {n, from, to};
  }

  /// Calls f(from, to, n, step in from, step in to) for each run, with the positions of its start.
  template <class Function>
  void for_each_run(Function f) const {
    if (size_ == 0) return;
    const Axis run = count_ == 0 ? Axis{1, 1, 1} : axes_[count_ - 1];
    std::array<Index, 2 * Shape::max_rank> at{};
    Index from = 0, to = 0;
    for (Index done = 0; done < size_; done += run.n) {
      f(from, to, run.n, run.from, run.to);
      for (std::size_t k = count_ == 0 ? 0 : count_ - 1; k-- > 0;) {
        from += axes_[k].from;
        to += axes_[k].to;
        if (++at[k] < axes_[k].n) break;
        from -= axes_[k].from * axes_[k].n;
        to -= axes_[k].to * axes_[k].n;
        at[k] = 0;
      }
    }
  }

 private:
  struct Axis {
    Index n, from, to;
  };
  std::array<Axis, 2 * Shape::max_rank> axes_;
  std::size_t count_ = 0;
  Index size_ = 1;
};

/// to = from, element by element along the walk.
template <class Scalar>
void walk_copy(const Walk& walk, const Scalar* source, Scalar* target) {
  walk.for_each_run([=](Index from, Index to, Index n, Index step, Index stride) {
    const Scalar* x = source + from;
    Scalar* y = target + to;
    if (step == 1 && stride == 1)
      std::copy_n(x, n, y);
    else if (step == 0 && stride == 1)
      std::fill_n(y, n, *x);
    else
      for (Index i = 0; i < n; ++i) y[i * stride] = x[i * step];
  });
}

/// to += from along the same walk turned around: what walk_copy read is added to where it was read.
template <class Scalar, class Sum>
void walk_add_back(const Walk& walk, const Scalar* source, Sum* target) {
  walk.for_each_run([=](Index to, Index from, Index n, Index stride, Index step) {
    const Scalar* x = source + from;
    Sum* y = target + to;
    for (Index i = 0; i < n; ++i) y[i * stride] += static_cast<Sum>(x[i * step]);
  });
}

}  // namespace parton::detail
