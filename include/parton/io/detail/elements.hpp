// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton/io/dtype.hpp>
#include <parton/tensor/shape.hpp>

/// \file Elements of any dtype, as bytes: put into another order, or converted. By dtypes at run
/// time, so that a program has each loop once.

namespace parton::io::detail {

static_assert(std::endian::native == std::endian::little,
              "parton's files are little-endian, and so must the machine be");

/// Calls `f(scalar)` with a zero of the C++ type of a dtype that a Tensor holds.
template <class F>
void with_scalar(Dtype dtype, F&& f) {
  switch (dtype) {
    case Dtype::boolean:
    case Dtype::uint8:
      return f(std::uint8_t());
    case Dtype::int8:
      return f(std::int8_t());
    case Dtype::int16:
      return f(std::int16_t());
    case Dtype::uint16:
      return f(std::uint16_t());
    case Dtype::float16:
      return f(Eigen::half());
    case Dtype::bfloat16:
      return f(Eigen::bfloat16());
    case Dtype::int32:
      return f(std::int32_t());
    case Dtype::uint32:
      return f(std::uint32_t());
    case Dtype::float32:
      return f(float());
    case Dtype::float64:
      return f(double());
    case Dtype::int64:
      return f(std::int64_t());
    case Dtype::uint64:
      return f(std::uint64_t());
    default:
      return;
  }
}

/// A double that is rounded on to a narrower scalar as the integer itself would be: see
/// parton::detail::cut_to_odd().
template <class Integer>
double cut_to_odd(Integer value) {
  constexpr int digits = std::numeric_limits<double>::digits;
  const bool negative = std::cmp_less(value, 0);
  auto magnitude = static_cast<std::uint64_t>(value);
  if (negative) magnitude = 0 - magnitude;
  const int excess = static_cast<int>(std::bit_width(magnitude)) - digits;
  if (excess > 0) {
    const std::uint64_t kept = magnitude >> excess;
    const bool lost = kept << excess != magnitude;
    magnitude = (kept | (lost ? 1U : 0U)) << excess;
  }
  return negative ? -static_cast<double>(magnitude) : static_cast<double>(magnitude);
}

/// The elements at `from`, aligned or not, as doubles that are rounded on to `goal`.
inline void to_doubles(Dtype dtype, const std::byte* from, std::size_t n, Dtype goal, double* to) {
  with_scalar(dtype, [&](auto zero) {
    using Scalar = decltype(zero);
    for (std::size_t i = 0; i < n; ++i) {
      Scalar value;
      std::memcpy(&value, from + i * sizeof value, sizeof value);
      if constexpr (std::is_integral_v<Scalar> && sizeof(Scalar) == 8)
        to[i] = goal == Dtype::float64 ? static_cast<double>(value) : cut_to_odd(value);
      else
        to[i] = parton::detail::convert<double>(value);
    }
  });
}

/// Doubles as elements of a floating dtype, rounded to the nearest.
inline void from_doubles(Dtype dtype, const double* from, std::size_t n, std::byte* to) {
  if (!is_floating(dtype)) return;
  with_scalar(dtype, [&](auto zero) {
    using Scalar = decltype(zero);
    for (std::size_t i = 0; i < n; ++i) {
      const auto value = parton::detail::convert_once<Scalar>(from[i]);
      std::memcpy(to + i * sizeof value, &value, sizeof value);
    }
  });
}

/// The least number that is rounded to infinity in a floating dtype: half a step above its largest.
inline double rounds_to_infinity(Dtype dtype) {
  if (dtype == Dtype::float16) return 65520;
  if (dtype == Dtype::bfloat16) return 0x1.ffp127;
  if (dtype == Dtype::float32) return 0x1.ffffffp127;
  return std::numeric_limits<double>::infinity();
}

/// Converts n elements, a piece at a time; `sink(bytes, count)` gets each piece, and
/// `too_large(position, value)`, which throws, the first number that would become infinite.
template <class Sink, class TooLarge>
void convert_elements(Dtype from_dtype, const std::byte* from, std::size_t n, Dtype to_dtype,
                      Sink&& sink, TooLarge&& too_large) {
  const double end = rounds_to_infinity(to_dtype);
  constexpr std::size_t piece = 1024;
  std::array<double, piece> wide;
  alignas(8) std::array<std::byte, piece * 8> narrow;
  for (std::size_t done = 0; done < n; done += piece) {
    const std::size_t count = std::min(piece, n - done);
    to_doubles(from_dtype, from + done * size_of(from_dtype), count, to_dtype, wide.data());
    for (std::size_t i = 0; i < count; ++i)
      if (std::abs(wide[i]) >= end && std::isfinite(wide[i])) too_large(done + i, wide[i]);
    from_doubles(to_dtype, wide.data(), count, narrow.data());
    sink(narrow.data(), count * size_of(to_dtype));
  }
}

/// Reverses the bytes of each element.
inline void swap_bytes(std::byte* data, std::size_t n, std::size_t element) {
  for (std::size_t i = 0; i < n; ++i) std::reverse(data + i * element, data + (i + 1) * element);
}

/// The shape with its axes in reverse.
inline Shape reversed(const Shape& shape) {
  std::vector<Index> dims(shape.begin(), shape.end());
  std::reverse(dims.begin(), dims.end());
  return Shape(dims);
}

/// Writes the elements of a row-major tensor of `shape` so that its axes are in reverse: what
/// transposes a matrix, and what turns column-major data into row-major ones.
template <std::size_t Element>
void reverse_axes(const std::byte* from, const Shape& shape, std::byte* to) {
  // Walks `to` in order. Its last axis is the first one of `from`, with the largest stride.
  std::array<Index, Shape::max_rank> stride{}, at{};
  const std::size_t rank = shape.rank();
  Index step = static_cast<Index>(Element);
  for (std::size_t axis = rank; axis-- > 0; step *= shape.dims()[axis]) stride[axis] = step;
  Index offset = 0;
  for (Index i = 0; i < shape.size(); ++i, to += Element) {
    std::memcpy(to, from + offset, Element);
    for (std::size_t axis = 0; axis < rank; ++axis) {
      offset += stride[axis];
      if (++at[axis] < shape.dims()[axis]) break;
      offset -= stride[axis] * shape.dims()[axis];
      at[axis] = 0;
    }
  }
}

inline void reverse_axes(std::size_t element, const std::byte* from, const Shape& shape,
                         std::byte* to) {
  if (element == 1) return reverse_axes<1>(from, shape, to);
  if (element == 2) return reverse_axes<2>(from, shape, to);
  if (element == 4) return reverse_axes<4>(from, shape, to);
  return reverse_axes<8>(from, shape, to);
}

/// Multiplies, or says that the product does not fit.
inline bool multiply(std::uint64_t& product, std::uint64_t factor) {
  return !__builtin_mul_overflow(product, factor, &product);
}

}  // namespace parton::io::detail
