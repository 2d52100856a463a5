// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <parton/random/detail/lanes.hpp>

/// \file Random bits to numbers: uniform in [0, 1), the logarithm of a uniform, and pairs of
/// normals after Box and Muller (1958), with polynomials of our own, since those of a C library
/// differ between platforms. The coefficients are minimax fits (Remez) of the relative error, which
/// stands beside each.

namespace parton::random::detail {

/// k 2^-24 and k 2^-53: exact.
PARTON_INLINE F32 uniform01(U32 bits) { return mul<F32>(to_float(bits >> 8), splat(0x1p-24f)); }
PARTON_INLINE F64 uniform01(U64 bits) { return mul<F64>(to_double(bits >> 11), splat(0x1p-53)); }

/// -ln(u) of the uniform u = (k + 1/2) 2^-31, k the upper 31 bits, so of at most 22.2.
PARTON_INLINE F32 minus_log_uniform(U32 bits) {
  const F32 x = add<F32>(to_float(bits >> 1), splat(0.5f));  // 2^31 u
  // x = m 2^e with m in [sqrt(1/2), sqrt(2)); 2 is added to e to keep it positive.
  const U32 shifted = (U32)x - 0x3F3504F3U + (2U << 23);
  const F32 n = to_float(33U - (shifted >> 23));  // 31 - e
  const F32 m = (F32)((U32)x - (shifted & 0xFF800000U) + (2U << 23));
  const F32 t = sub<F32>(m, splat(1.f));
  // ln(1 + t) / t: 2.6e-8
  const F32 q =
      polynomial(t, 0x1p+0f, -0x1.fffff8p-2f, 0x1.555792p-2f, -0x1.00057p-2f, 0x1.98b74ap-3f,
                 -0x1.53329ep-3f, 0x1.3238e8p-3f, -0x1.263bbap-3f, 0x1.6544ecp-4f);
  return sub<F32>(mul<F32>(n, splat(0x1.62e43p-1f)), mul<F32>(t, q));
}

/// The same with 53 bits: of at most 37.4.
PARTON_INLINE F64 minus_log_uniform(U64 bits) {
  const F64 x = add<F64>(to_double(bits >> 11), splat(0.5));
  const U64 shifted = (U64)x - 0x3FE6A09E667F3BCDU + (std::uint64_t{2} << 52);
  const F64 n = to_double(55U - (shifted >> 52));
  const F64 m = (F64)((U64)x - (shifted & 0xFFF0000000000000U) + (std::uint64_t{2} << 52));
  const F64 t = sub<F64>(m, splat(1.));
  // ln(1 + t) = 2 artanh(s) = s (2 + s^2 P(s^2)) with s = t / (2 + t): 1.2e-18
  const F64 s = div<F64>(t, add<F64>(t, splat(2.)));
  const F64 z = mul<F64>(s, s);
  const F64 p = polynomial(z, 0x1.5555555555592p-1, 0x1.999999997fdb8p-2, 0x1.24924941f12d6p-2,
                           0x1.c71c520953249p-3, 0x1.74663eeaa90ap-3, 0x1.39a1ba7c18a68p-3,
                           0x1.2f0565e5d4849p-3);
  const F64 log_m = mul<F64>(s, add<F64>(splat(2.), mul<F64>(z, p)));
  return sub<F64>(mul<F64>(n, splat(0x1.62e42fefa39efp-1)), log_m);
}

template <class Real>
struct Pair {
  Real first, second;
};

/// Cosine and sine of a uniform angle, times sqrt(2).
///
/// Two bits are the signs; the rest is t in (-1/2, 1/2), and cos and sin of pi/4 + (pi/2) t are
/// (cos - sin) / sqrt(2) and (cos + sin) / sqrt(2) of (pi/2) t: no case distinction.
PARTON_INLINE Pair<F32> direction(U32 bits) {
  const I32 odd = (I32)((bits >> 7) | 1U) - (1 << 24);  // in (-2^24, 2^24)
  const F32 t = mul<F32>(to_float((U32)odd), splat(0x1p-25f));
  const F32 z = mul<F32>(t, t);
  // sin(pi/2 t) / t: 3.2e-9; cos(pi/2 t): 3.8e-8
  const F32 s =
      mul<F32>(t, polynomial(z, 0x1.921fb6p+0f, -0x1.4abbbap-1f, 0x1.465e92p-4f, -0x1.2d9302p-8f));
  const F32 c = polynomial(z, 1.f, -0x1.3bd39cp+0f, 0x1.03b09p-2f, -0x1.4e8448p-6f);
  const U32 sign0 = bits << 31, sign1 = (bits << 30) & 0x80000000U;
  return {(F32)((U32)sub<F32>(c, s) ^ sign0), (F32)((U32)add<F32>(c, s) ^ sign1)};
}

PARTON_INLINE Pair<F64> direction(U64 bits) {
  // From 52 bits k, t = (2k + 1) 2^-53 - 1/2: exact.
  const F64 u = mul<F64>(to_double((bits >> 11) | 1U), splat(0x1p-53));
  const F64 t = sub<F64>(u, splat(0.5));
  const F64 z = mul<F64>(t, t);
  // 3.3e-18 and 3.9e-20
  const F64 s =
      mul<F64>(t, polynomial(z, 0x1.921fb54442d18p+0, -0x1.4abbce625be41p-1, 0x1.466bc677587p-4,
                             -0x1.32d2cce2d538ep-8, 0x1.50782fca3b22ap-13, -0x1.e30063a1fae0ep-19,
                             0x1.e3eed64f39fa7p-25));
  const F64 c = polynomial(z, 1., -0x1.3bd3cc9be45dep+0, 0x1.03c1f081b5aaep-2, -0x1.55d3c7e3c928p-6,
                           0x1.e1f5068367addp-11, -0x1.a6d1ec7e0823cp-16, 0x1.f9cc40aa0da08p-22,
                           -0x1.b263c2842dd5fp-28);
  const U64 sign0 = bits << 63, sign1 = (bits << 62) & 0x8000000000000000U;
  return {(F64)((U64)sub<F64>(c, s) ^ sign0), (F64)((U64)add<F64>(c, s) ^ sign1)};
}

/// Two independent normals of this standard deviation: sqrt(-2 ln u) (cos, sin), where the square
/// root of 2 is in direction(). At most 6.7 deviations for float, 8.7 for double.
template <class Real, class Bits>
PARTON_INLINE Pair<Real> normal_pair(Bits radius, Bits angle, Real stddev) {
  const Real r = mul<Real>(sqrt(minus_log_uniform(radius)), stddev);
  const Pair<Real> d = direction(angle);
  return {mul<Real>(r, d.first), mul<Real>(r, d.second)};
}

}  // namespace parton::random::detail
