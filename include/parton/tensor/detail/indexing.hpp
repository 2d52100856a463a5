// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include <parton/error.hpp>
#include <parton/fwd.hpp>
#include <parton/tensor/shape.hpp>

/// \file The checks behind a Tensor's indices, slices and reshapes: none of it depends on the
/// scalar.

namespace parton::detail {

/// An index of any integer type; one too large for Index stays too large instead of turning
/// negative, so that `t[v.size() - 1]` of an empty v is an error and not the last row.
template <WholeNumber Integer>
constexpr Index to_index(Integer value) noexcept {
  constexpr auto largest =
      static_cast<std::make_unsigned_t<Index>>(std::numeric_limits<Index>::max());
  if constexpr (std::is_unsigned_v<Integer> && sizeof(Integer) >= sizeof(Index)) {
    if (value > largest) return std::numeric_limits<Index>::max();
  }
  return static_cast<Index>(value);
}

/// The position on an axis that `index` means, counted from the end if negative.
inline Index checked_index(Index index, std::size_t axis, const Shape& shape) {
  const Index n = shape.dims()[axis];
  if (index < -n || index >= n) throw errors::index_out_of_range(index, axis, shape.to_string());
  return index < 0 ? index + n : index;
}

/// The row-major position of an element.
inline Index checked_offset(std::initializer_list<Index> indices, const Shape& shape) {
  if (indices.size() != shape.rank())
    throw errors::wrong_index_count(indices.size(), shape.to_string());
  Index result = 0;
  std::size_t axis = 0;
  for (const Index index : indices) {
    result = result * shape.dims()[axis] + checked_index(index, axis, shape);
    ++axis;
  }
  return result;
}

/// The bounds of a slice along axis 0; a negative one counts from the end.
inline std::pair<Index, Index> checked_slice(Index begin, Index end, const Shape& shape) {
  if (shape.rank() == 0) throw errors::row_of_scalar();
  const Index n = shape[0];
  const Index from = begin < 0 ? begin + n : begin, to = end < 0 ? end + n : end;
  if (from < 0 || to < from || to > n) throw errors::bad_slice(begin, end, shape.to_string());
  return {from, to};
}

/// `wanted` with its -1 filled in, so that it has as many elements as `shape`.
inline Shape checked_reshape(const Shape& wanted, const Shape& shape) {
  Shape target = wanted;
  if (!wanted.is_known()) {
    Index known = 1, axis = 0, unknowns = 0;
    for (std::size_t i = 0; i < wanted.rank(); ++i) {
      const Index dim = wanted.dims()[i];
      if (dim == Shape::unknown) {
        ++unknowns;
        axis = static_cast<Index>(i);
      } else {
        known *= dim;
      }
    }
    if (unknowns != 1 || known == 0 || shape.size() % known != 0)
      throw errors::cannot_reshape(shape.to_string(), wanted.to_string());
    target = wanted.with(axis, shape.size() / known);
  }
  if (target.size() != shape.size())
    throw errors::cannot_reshape(shape.to_string(), wanted.to_string());
  return target;
}

inline void check_rank(const char* view, std::size_t expected, const Shape& shape) {
  if (shape.rank() != expected) throw errors::wrong_rank(view, expected, shape.to_string());
}

inline void check_tensor_rank(int expected, const Shape& shape) {
  const auto rank = static_cast<std::size_t>(expected);
  if (shape.rank() != rank)
    throw errors::wrong_rank("tensor<" + std::to_string(expected) + ">()", rank, shape.to_string());
}

}  // namespace parton::detail
