// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <Eigen/Core>

#include <parton/random/detail/lanes.hpp>
#include <parton/tensor/scalar.hpp>

/// \file From the vectors that are computed in (float; double for double) to the scalar that is
/// stored, rounding to nearest even; and which of a scalar's numbers lie within two bounds.

namespace parton::random::detail {

template <class Scalar>
inline constexpr bool is_half = std::same_as<Scalar, Eigen::half>;

/// float to half, for finite numbers; 0x7C00 (infinity) from 65520 on.
PARTON_INLINE U32 half_bits(F32 x) {
  const U32 sign = ((U32)x >> 16) & 0x8000U;
  const U32 magnitude = (U32)x & 0x7FFFFFFFU;
  const U32 normal = (magnitude - (112U << 23) + 0xFFFU + ((magnitude >> 13) & 1U)) >> 13;
  // Below 2^-14 the last place is 2^-24, that of 1/2 as a float: so this addition rounds there.
  const U32 small = (U32)add<F32>((F32)magnitude, splat(0.5f)) - 0x3F000000U;
  const U32 rounded = magnitude < (113U << 23) ? small : normal;
  return (rounded > 0x7C00U ? splat(0x7C00U) : rounded) | sign;
}

PARTON_INLINE U32 bfloat16_bits(F32 x) { return ((U32)x + 0x7FFFU + (((U32)x >> 16) & 1U)) >> 16; }

/// Writes a vector of results as Scalar.
template <class Scalar, class Real>
PARTON_INLINE void put(Scalar* to, Real x) {
  if constexpr (std::same_as<Scalar, float> || std::same_as<Scalar, double>) {
    store(to, x);
  } else {
    const U32 bits = is_half<Scalar> ? half_bits(x) : bfloat16_bits(x);
    store(to, __builtin_convertvector(bits, U16));
  }
}

template <class Scalar>
using BitsOf =
    std::conditional_t<sizeof(Scalar) == 2, std::uint16_t,
                       std::conditional_t<sizeof(Scalar) == 4, std::uint32_t, std::uint64_t>>;

/// The next Scalar towards plus infinity, of a finite one.
template <class Scalar>
Scalar next_up(Scalar x) {
  using Bits = BitsOf<Scalar>;
  constexpr Bits sign = static_cast<Bits>(Bits{1} << (8 * sizeof(Bits) - 1));
  auto bits = Eigen::numext::bit_cast<Bits>(x);
  if (bits == sign) bits = 0;
  bits = static_cast<Bits>((bits & sign) != 0 ? bits - 1 : bits + 1);
  return Eigen::numext::bit_cast<Scalar>(bits);
}
template <class Scalar>
Scalar next_down(Scalar x) {
  return -next_up(Scalar(-x));
}

template <class Scalar>
double widen(Scalar x) {
  return parton::detail::convert<double>(x);
}

/// The smallest Scalar that is at least x, and the largest that is at most x; |x| within its range.
template <class Scalar>
Scalar at_least(double x) {
  // One of the two neighbours of x, also where half is rounded twice on its way through float.
  const auto result = parton::detail::convert<Scalar>(x);
  return widen(result) < x ? next_up(result) : result;
}
template <class Scalar>
Scalar at_most(double x) {
  return -at_least<Scalar>(-x);
}

/// The largest finite number of a Scalar.
template <class Scalar>
double largest() {
  return widen(std::numeric_limits<Scalar>::max());
}

/// What is computed in for a Scalar, and the range of results; rounding to Scalar keeps a result
/// within the range, because both ends are Scalars.
template <class Scalar>
struct Range {
  using Real = parton::detail::Wide<Scalar>;
  Real first, last;

  /// The Scalars in [low, high], or [low, high) if half open. If there are none, the one nearest
  /// to low stands for them.
  static Range between(double low, double high, bool half_open) {
    Scalar first = at_least<Scalar>(low), last = at_most<Scalar>(high);
    if (half_open && widen(last) >= high) last = next_down(last);
    if (widen(first) > widen(last)) first = last = parton::detail::convert<Scalar>(low);
    return {parton::detail::convert<Real>(first), parton::detail::convert<Real>(last)};
  }
};

}  // namespace parton::random::detail
