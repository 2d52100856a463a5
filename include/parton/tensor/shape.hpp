// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <ostream>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>

#include <parton/detail/compiled.hpp>
#include <parton/error.hpp>
#include <parton/fwd.hpp>

namespace parton {

/// A size, an index or a position, of any integer type; a bool or a character is none.
template <class T>
concept WholeNumber =
    std::integral<T> && !std::same_as<std::remove_cv_t<T>, bool> &&
    !std::same_as<std::remove_cv_t<T>, char> && !std::same_as<std::remove_cv_t<T>, wchar_t> &&
    !std::same_as<std::remove_cv_t<T>, char8_t> && !std::same_as<std::remove_cv_t<T>, char16_t> &&
    !std::same_as<std::remove_cv_t<T>, char32_t>;

/// One dimension as a user writes it: any integer type, so that `{v.size(), 20}` needs no cast.
class Dim {
 public:
  /// \throws ShapeError if the number does not fit into Index.
  template <WholeNumber Integer>
  constexpr Dim(Integer value) : value_(static_cast<Index>(value)) {  // NOLINT: implicit on purpose
    if constexpr (std::is_unsigned_v<Integer> && sizeof(Integer) >= sizeof(Index)) {
      if (value > static_cast<Integer>(std::numeric_limits<Index>::max()))
        throw errors::dimension_too_large();
    }
  }
  /// An enumerator of an unscoped enumeration, such as Eigen's sizes known at compile time.
  template <class Enum>
  requires(std::is_enum_v<Enum>&& std::is_convertible_v<Enum, int>) constexpr Dim(Enum value)
      : value_(static_cast<Index>(value)) {}  // NOLINT
  [[nodiscard]] constexpr Index value() const noexcept { return value_; }

 private:
  Index value_;
};

/// The sizes of a tensor along its axes; at most `max_rank` of them, held without allocation.
///
/// A dimension of -1 is not known yet: only a Parameter that is still declared has such a shape.
/// A Shape prints as a Python tuple: `(256, 20)`, `(256,)`, `()`.
class Shape {
 public:
  static constexpr std::size_t max_rank = 8;
  static constexpr Index unknown = -1;

  /// The shape of a scalar: rank 0, one element.
  constexpr Shape() noexcept = default;

  /// \throws ShapeError for more than max_rank dimensions, one below -1, or a product that
  /// overflows.
  constexpr Shape(std::initializer_list<Dim> dims) {
    check_rank(dims.size());
    for (const Dim dim : dims) dims_[rank_++] = dim.value();
    finish();
  }

  /// The same from a run of any integers: a std::vector, a std::span, an Eigen tensor's dimensions.
  template <class Range>
  requires(!std::same_as<Range, Shape> && std::ranges::forward_range<const Range> &&
           WholeNumber<std::ranges::range_value_t<const Range>>) explicit Shape(const Range& dims) {
    check_rank(static_cast<std::size_t>(std::ranges::distance(dims)));
    for (const auto dim : dims) dims_[rank_++] = Dim(dim).value();
    finish();
  }

  [[nodiscard]] constexpr std::size_t rank() const noexcept { return rank_; }

  /// The number of elements; 0 where a dimension is not known.
  [[nodiscard]] constexpr Index size() const noexcept { return size_; }

  [[nodiscard]] constexpr bool is_known() const noexcept { return known_; }

  /// The dimension of an axis; -1 is the last axis. \throws IndexError for an axis that is not
  /// there.
  [[nodiscard]] Index operator[](Index axis) const {
    const auto rank = static_cast<Index>(rank_);
    if (axis < -rank || axis >= rank) throw errors::axis_out_of_range(axis, to_string());
    return dims_[static_cast<std::size_t>(axis < 0 ? axis + rank : axis)];
  }

  [[nodiscard]] constexpr const Index* begin() const noexcept { return dims_.data(); }
  [[nodiscard]] constexpr const Index* end() const noexcept { return dims_.data() + rank_; }
  [[nodiscard]] constexpr std::span<const Index> dims() const noexcept { return {begin(), rank_}; }

  /// The product of the dimensions from axis `first` (before `last`): 1 for an empty run.
  [[nodiscard]] Index product(std::size_t first, std::size_t last = max_rank) const noexcept {
    Index result = 1;
    for (std::size_t i = first; i < rank_ && i < last; ++i) result *= dims_[i];
    return result;
  }

  /// This shape with one dimension replaced. \throws IndexError for an axis that is not there.
  [[nodiscard]] Shape with(Index axis, Index dim) const {
    static_cast<void>((*this)[axis]);
    Shape result = *this;
    const Index at = axis < 0 ? axis + static_cast<Index>(rank_) : axis;
    result.dims_[static_cast<std::size_t>(at)] = dim;
    result.finish();
    return result;
  }

  /// True if every known dimension of this shape equals that of `other`, rank included.
  [[nodiscard]] bool accepts(const Shape& other) const noexcept {
    if (rank_ != other.rank_) return false;
    for (std::size_t i = 0; i < rank_; ++i)
      if (dims_[i] != unknown && other.dims_[i] != unknown && dims_[i] != other.dims_[i])
        return false;
    return true;
  }

  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Shape& a, const Shape& b) noexcept {
    if (a.rank_ != b.rank_) return false;
    for (std::size_t i = 0; i < a.rank_; ++i)
      if (a.dims_[i] != b.dims_[i]) return false;
    return true;
  }

  friend std::ostream& operator<<(std::ostream& os, const Shape& shape) {
    return os << shape.to_string();
  }

 private:
  static constexpr void check_rank(std::size_t rank) {
    if (rank > max_rank) throw errors::rank_too_large(rank, max_rank);
  }

  constexpr void finish() {
    // Scalars of up to 16 bytes: the size in bytes must fit as well. A dimension of 0 or -1 hides
    // no overflow of the others, since the size of a row and of a reshape is computed from those.
    constexpr Index limit = std::numeric_limits<Index>::max() / 16;
    Index product = 1;
    bool empty = false;
    known_ = true;
    for (std::size_t i = 0; i < rank_; ++i) {
      if (dims_[i] < unknown) throw errors::negative_dimension(to_string());
      known_ = known_ && dims_[i] != unknown;
      empty = empty || dims_[i] == 0;
      if (dims_[i] > limit / product) throw errors::shape_overflows(to_string());
      if (dims_[i] > 0) product *= dims_[i];
    }
    size_ = known_ && !empty ? product : 0;
  }

  Index size_ = 1;
  std::uint32_t rank_ = 0;  // one word with the next, since each tensor and parameter holds a Shape
  bool known_ = true;
  std::array<Index, max_rank> dims_{};
};

#if PARTON_DETAIL_BODIES
PARTON_DETAIL_INLINE std::string Shape::to_string() const {
  std::string text = "(";
  for (std::size_t i = 0; i < rank_; ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(dims_[i]);
  }
  return text + (rank_ == 1 ? ",)" : ")");
}
#endif

}  // namespace parton
