// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include <parton/tensor/shape.hpp>

/// \file The sizes of a window as a user writes them: one number for all spatial axes, or one for
/// each, and for the padding one for each side.

namespace parton {

/// One number for each spatial axis, height before width: `3` is the same for all, `{3, 5}` tells
/// them apart.
template <std::size_t Axes>
class PerAxis {
 public:
  template <WholeNumber Integer>
  constexpr PerAxis(Integer value) {  // NOLINT: implicit on purpose
    values_.fill(Dim(value).value());
  }
  constexpr PerAxis(Dim height, Dim width) requires(Axes == 2)
      : values_{height.value(), width.value()} {}
  constexpr PerAxis(const std::array<Index, Axes>& values) : values_(values) {}  // NOLINT

  constexpr Index operator[](std::size_t axis) const { return values_[axis]; }
  friend constexpr bool operator==(const PerAxis&, const PerAxis&) = default;

  /// As Gluon, being Python, prints it: `(3, 5)`, `(3,)`.
  [[nodiscard]] std::string to_string() const {
    std::string text = "(" + std::to_string(values_[0]);
    for (std::size_t i = 1; i < Axes; ++i) text += ", " + std::to_string(values_[i]);
    return text + (Axes == 1 ? ",)" : ")");
  }

 private:
  std::array<Index, Axes> values_{};
};

/// The padding of one axis: `1` on both sides, `{0, 1}` only at the end.
struct Sides {
  Index begin = 0;
  Index end = 0;

  template <WholeNumber Integer>
  constexpr Sides(Integer both)  // NOLINT: implicit on purpose
      : begin(Dim(both).value()), end(begin) {}
  constexpr Sides(Dim at_begin, Dim at_end) : begin(at_begin.value()), end(at_end.value()) {}
  friend constexpr bool operator==(const Sides&, const Sides&) = default;
};

/// The padding of each spatial axis, height before width: `1` all around, `{1, 2}` for each axis,
/// `{{0, 1}, {1, 2}}` for each side of each axis; in one dimension `{{0, 1}}`.
template <std::size_t Axes>
class Padding {
 public:
  template <WholeNumber Integer>
  constexpr Padding(Integer all) : Padding(PerAxis<Axes>(all)) {}  // NOLINT: implicit on purpose
  constexpr Padding(const PerAxis<Axes>& each) {                   // NOLINT
    for (std::size_t i = 0; i < Axes; ++i) sides_[i] = Sides(each[i]);
  }
  constexpr Padding(Sides width) requires(Axes == 1) : sides_{width} {}  // NOLINT
  constexpr Padding(Sides height, Sides width) requires(Axes == 2) : sides_{height, width} {}

  constexpr const Sides& operator[](std::size_t axis) const { return sides_[axis]; }
  friend constexpr bool operator==(const Padding&, const Padding&) = default;

  [[nodiscard]] constexpr bool is_none() const { return *this == Padding(0); }

  /// As PerAxis where both sides of every axis are equal, else `((0, 1), (1, 2))`.
  [[nodiscard]] std::string to_string() const {
    bool even = true;
    for (const Sides& one : sides_) even = even && one.begin == one.end;
    std::string text = "(";
    for (std::size_t i = 0; i < Axes; ++i) {
      const std::string begin = std::to_string(sides_[i].begin);
      text += i == 0 ? "" : ", ";
      text += even ? begin : "(" + begin + ", " + std::to_string(sides_[i].end) + ")";
    }
    return text + (Axes == 1 ? ",)" : ")");
  }

 private:
  std::array<Sides, Axes> sides_ = make(std::make_index_sequence<Axes>());

  template <std::size_t... I>
  static constexpr std::array<Sides, Axes> make(std::index_sequence<I...>) {
    return {(static_cast<void>(I), Sides(0))...};
  }
};

}  // namespace parton
