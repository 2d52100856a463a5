// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <initializer_list>
#include <ranges>
#include <span>

#include <parton/error.hpp>
#include <parton/tensor/shape.hpp>

namespace parton {

/// The axes that an op works along: `0`, `-1`, `{0, 2}`, any run of integers, or all of them.
class Axes {
 public:
  /// No axis.
  Axes() = default;
  template <WholeNumber Integer>
  Axes(Integer axis) {  // NOLINT: implicit on purpose
    add(axis);
  }
  Axes(std::initializer_list<Dim> axes) {
    for (const Dim axis : axes) add(axis);
  }
  template <std::ranges::forward_range Range>
  requires WholeNumber<std::ranges::range_value_t<const Range>> Axes(const Range& axes) {  // NOLINT
    for (const auto axis : axes) add(axis);
  }

  /// Every axis of whatever shape it meets.
  [[nodiscard]] static Axes all() {
    Axes result;
    result.all_ = true;
    return result;
  }

  /// Which axes of `shape` are meant. \throws IndexError for one that is not there; ValueError for
  /// one that is named twice.
  [[nodiscard]] std::bitset<Shape::max_rank> mask(const Shape& shape) const {
    std::bitset<Shape::max_rank> result;
    const auto rank = static_cast<Index>(shape.rank());
    for (Index i = 0; all_ && i < rank; ++i) result.set(static_cast<std::size_t>(i));
    for (const Index axis : axes()) {
      static_cast<void>(shape[axis]);
      const auto at = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
      if (result[at]) throw errors::axis_twice(axis, shape.to_string());
      result.set(at);
    }
    return result;
  }

 private:
  void add(Dim axis) {
    if (count_ == axes_.size()) throw errors::rank_too_large(count_ + 1, axes_.size());
    axes_[count_++] = axis.value();
  }
  [[nodiscard]] std::span<const Index> axes() const noexcept { return {axes_.data(), count_}; }

  std::array<Index, Shape::max_rank> axes_{};
  std::size_t count_ = 0;
  bool all_ = false;
};

namespace detail {

/// A shape around one axis: `outer` blocks of n rows of `inner` elements.
struct AxisSplit {
  /// \throws IndexError for an axis that is not there.
  AxisSplit(Index axis, const Shape& shape)
      : at(static_cast<std::size_t>(axis < 0 ? axis + static_cast<Index>(shape.rank()) : axis)),
        n(shape[axis]),
        outer(shape.product(0, at)),
        inner(shape.product(at + 1)) {}
  std::size_t at;
  Index n, outer, inner;
};

/// The axes of a mask, in order.
class AxisList {
 public:
  explicit AxisList(const std::bitset<Shape::max_rank>& mask) noexcept {
    for (std::size_t i = 0; i < Shape::max_rank; ++i)
      if (mask[i]) axes_[count_++] = static_cast<Index>(i);
  }
  [[nodiscard]] std::span<const Index> span() const noexcept { return {axes_.data(), count_}; }

 private:
  std::array<Index, Shape::max_rank> axes_{};
  std::size_t count_ = 0;
};

/// The shape with the axes of the mask removed.
inline Shape without(const Shape& shape, const std::bitset<Shape::max_rank>& mask) {
  std::array<Index, Shape::max_rank> dims{};
  std::size_t rank = 0;
  for (std::size_t i = 0; i < shape.rank(); ++i)
    if (!mask[i]) dims[rank++] = shape.dims()[i];
  return Shape(std::span<const Index>(dims.data(), rank));
}

/// The shape with an axis of length n put where the result has `axis`; -1 puts it last.
/// \throws IndexError for an axis that the result lacks.
inline Shape with_axis(const Shape& shape, Index axis, Index n) {
  const auto rank = static_cast<Index>(shape.rank());
  if (axis < -rank - 1 || axis > rank) throw errors::axis_out_of_range(axis, shape.to_string());
  if (shape.rank() == Shape::max_rank)
    throw errors::rank_too_large(shape.rank() + 1, Shape::max_rank);
  const auto at = static_cast<std::size_t>(axis < 0 ? axis + rank + 1 : axis);
  std::array<Index, Shape::max_rank> dims{};
  for (std::size_t i = 0; i <= shape.rank(); ++i)
    dims[i] = i < at ? shape.dims()[i] : i == at ? n : shape.dims()[i - 1];
  return Shape(std::span<const Index>(dims.data(), shape.rank() + 1));
}

/// The shape with each axis of the mask of size 1.
inline Shape with_ones(const Shape& shape, const std::bitset<Shape::max_rank>& mask) {
  std::array<Index, Shape::max_rank> dims{};
  for (std::size_t i = 0; i < shape.rank(); ++i) dims[i] = mask[i] ? 1 : shape.dims()[i];
  return Shape(std::span<const Index>(dims.data(), shape.rank()));
}

}  // namespace detail

}  // namespace parton
