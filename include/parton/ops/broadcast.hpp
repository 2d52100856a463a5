// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include <parton/error.hpp>
#include <parton/tensor/shape.hpp>

/// \file NumPy's broadcasting of several operands into one result.

namespace parton::detail {

/// How N operands are repeated over their common shape: as runs, within which each operand either
/// advances in step with the result or stays on one element.
///
/// The innermost axes that behave alike are one run: equal shapes, or a scalar beside a tensor, are
/// a single run, and each row of a matrix plus a vector is one.
template <std::size_t N>
class Broadcasting {
 public:
  using Positions = std::array<Index, N>;

  /// \throws ShapeError naming the operation and two shapes that do not fit.
  Broadcasting(std::string_view operation, const std::array<const Shape*, N>& shapes)
      : shape_(*shapes[0]) {
    bool equal = true;
    for (std::size_t i = 1; i < N; ++i) equal = equal && *shapes[i] == shape_;
    if (equal) {
      run_ = shape_.size();
    } else {
      for (std::size_t i = 1; i < N; ++i) shape_ = common(operation, shape_, *shapes[i]);
      plan(shapes);
    }
  }

  /// The shape of the result.
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  /// The length of a run.
  [[nodiscard]] Index run() const noexcept { return run_; }
  /// True if operand i stays on one element during a run.
  [[nodiscard]] bool repeats(std::size_t i) const noexcept { return repeats_[i]; }

  /// Calls f(position in the result, positions in the operands) for each run.
  template <class Function>
  void for_each_run(Function f) const {
    std::array<Index, Shape::max_rank> at{};
    Positions from{};
    for (Index to = 0; to < shape_.size(); to += run_) {
      f(to, from);
      for (std::size_t k = 0; k < axes_; ++k) {
        for (std::size_t i = 0; i < N; ++i) from[i] += strides_[k][i];
        if (++at[k] < dims_[k]) break;
        for (std::size_t i = 0; i < N; ++i) from[i] -= strides_[k][i] * dims_[k];
        at[k] = 0;
      }
    }
  }

 private:
  static Index dim_from_back(const Shape& shape, std::size_t i) noexcept {
    return i < shape.rank() ? shape.dims()[shape.rank() - 1 - i] : 1;
  }

  static Shape common(std::string_view operation, const Shape& a, const Shape& b) {
    const std::size_t rank = a.rank() > b.rank() ? a.rank() : b.rank();
    std::array<Index, Shape::max_rank> dims{};
    for (std::size_t i = 0; i < rank; ++i) {
      const Index n = dim_from_back(a, i), m = dim_from_back(b, i);
      if (n != m && n != 1 && m != 1)
        throw errors::shapes_differ(operation, a.to_string(), b.to_string());
      dims[rank - 1 - i] = n == 1 ? m : n;
    }
    return Shape(std::span<const Index>(dims.data(), rank));
  }

  void plan(const std::array<const Shape*, N>& shapes) {
    Positions step;
    step.fill(1);
    for (std::size_t k = 0; k < shape_.rank(); ++k) {  // from the last axis on
      const Index n = dim_from_back(shape_, k);
      Positions stride{};
      for (std::size_t i = 0; i < N; ++i) {
        const Index m = dim_from_back(*shapes[i], k);
        stride[i] = m == 1 ? 0 : step[i];
        step[i] *= m;
      }
      if (n != 1) add_axis(n, stride);
    }
  }

  void add_axis(Index dim, const Positions& stride) noexcept {
    bool alike = true;
    for (std::size_t i = 0; i < N; ++i) alike = alike && repeats_[i] == (stride[i] == 0);
    if (axes_ == 0 && (run_ == 1 || alike)) {
      for (std::size_t i = 0; i < N; ++i) repeats_[i] = stride[i] == 0;
      run_ *= dim;
      return;
    }
    dims_[axes_] = dim;
    strides_[axes_++] = stride;
  }

  Shape shape_;
  Index run_ = 1;
  std::array<bool, N> repeats_{};
  std::size_t axes_ = 0;  // beyond the run, the innermost first
  std::array<Index, Shape::max_rank> dims_;
  std::array<Positions, Shape::max_rank> strides_;
};

}  // namespace parton::detail
