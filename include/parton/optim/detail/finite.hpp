// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <type_traits>

#include <parton/tensor/scalar.hpp>

/// \file Finding NaN and infinity by the bits of the exponent, so that it works under -ffast-math.

namespace parton::optim::detail {

template <class Scalar>
using BitsOf =
    std::conditional_t<sizeof(Scalar) == 8, std::uint64_t,
                       std::conditional_t<sizeof(Scalar) == 4, std::uint32_t, std::uint16_t>>;

/// The exponent's bits, which are all set in NaN and infinity alone.
template <class Scalar>
inline constexpr auto exponent_bits = [] {
  using Bits = BitsOf<Scalar>;
  if constexpr (sizeof(Scalar) == 8) return Bits{0x7ff0000000000000};
  if constexpr (sizeof(Scalar) == 4) return Bits{0x7f800000};
  return static_cast<Bits>(std::is_same_v<Scalar, Eigen::half> ? 0x7c00 : 0x7f80);
}();

template <FloatingScalar Scalar>
BitsOf<Scalar> exponent_of(Scalar x) noexcept {
  if constexpr (sizeof(Scalar) == 2)
    return static_cast<BitsOf<Scalar>>(Eigen::numext::bit_cast<std::uint16_t>(x) &
                                       exponent_bits<Scalar>);
  else
    return std::bit_cast<BitsOf<Scalar>>(x) & exponent_bits<Scalar>;
}

/// The first position of NaN or infinity; -1 if there is none.
template <FloatingScalar Scalar>
Index first_not_finite(const Scalar* x, Index n) noexcept {
  using Bits = BitsOf<Scalar>;
  constexpr Index block = 256;  // a count known at compile time is vectorised at -O2 too
  Index i = 0;
  for (; i + block <= n; i += block) {
    Bits highest = 0;
    for (Index k = 0; k < block; ++k) highest = std::max(highest, exponent_of(x[i + k]));
    if (highest == exponent_bits<Scalar>) break;
  }
  for (; i < n; ++i)
    if (exponent_of(x[i]) == exponent_bits<Scalar>) return i;
  return -1;
}

}  // namespace parton::optim::detail
