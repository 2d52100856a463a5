// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__) && !defined(PARTON_PORTABLE_LANES)
#define PARTON_X86_LANES 1
#if defined(__AVX2__)
#include <immintrin.h>
#else
#include <emmintrin.h>  // a sixth of it, and enough
#endif
#endif

/// \file The vectors in which random numbers are made, as wide as the target has them, and floating
/// arithmetic on them that rounds after every operation, whatever the flags.
///
/// `a * b + c` is one rounding or two as the compiler likes: GCC fuses wherever the target has FMA,
/// clang within an expression, and -ffast-math regroups on top. So no floating operation here meets
/// the next one in sight of the compiler: fence() hides where its argument comes from and costs no
/// instruction. Written out as vectors because loops over arrays are vectorised by some versions
/// and levels and not by others, which is a factor of four. The bits do not depend on the width.

#define PARTON_INLINE [[gnu::always_inline]] inline

namespace parton::random::detail {

#if !defined(PARTON_X86_LANES)
inline constexpr std::size_t lane_bytes = 16;
#elif defined(__AVX512F__)
// The plain ones of g++ 12 warn of an uninitialized value of their own.
#define PARTON_INTRINSIC(name, mask, ...) _mm512_maskz_##name(mask, __VA_ARGS__)
using Floats = __m512;
using Doubles = __m512d;
using Integers = __m512i;
inline constexpr std::size_t lane_bytes = 64;
#elif defined(__AVX2__)
#define PARTON_INTRINSIC(name, mask, ...) _mm256_##name(__VA_ARGS__)
using Floats = __m256;
using Doubles = __m256d;
using Integers = __m256i;
inline constexpr std::size_t lane_bytes = 32;
#else
#define PARTON_INTRINSIC(name, mask, ...) _mm_##name(__VA_ARGS__)
using Floats = __m128;
using Doubles = __m128d;
using Integers = __m128i;
inline constexpr std::size_t lane_bytes = 16;
#endif

using F32 = float __attribute__((vector_size(lane_bytes)));
using F64 = double __attribute__((vector_size(lane_bytes)));
using U32 = std::uint32_t __attribute__((vector_size(lane_bytes)));
using I32 = std::int32_t __attribute__((vector_size(lane_bytes)));
using U64 = std::uint64_t __attribute__((vector_size(lane_bytes)));
using I64 = std::int64_t __attribute__((vector_size(lane_bytes)));
using U16 = std::uint16_t __attribute__((vector_size(lane_bytes / 2)));

inline constexpr std::size_t lanes32 = lane_bytes / 4;
inline constexpr std::size_t lanes64 = lane_bytes / 8;

PARTON_INLINE U32 splat(std::uint32_t x) { return U32{} + x; }
PARTON_INLINE U64 splat(std::uint64_t x) { return U64{} + x; }
// Through bits, since 0.0 + x is no copy for x = -0.0.
PARTON_INLINE F32 splat(float x) { return (F32)splat(std::bit_cast<std::uint32_t>(x)); }
PARTON_INLINE F64 splat(double x) { return (F64)splat(std::bit_cast<std::uint64_t>(x)); }

template <class Vector, class T>
PARTON_INLINE void store(T* to, const Vector& from) {
  std::memcpy(static_cast<void*>(to), &from, sizeof from);
}
template <class Vector, class T>
PARTON_INLINE Vector load(const T* from) {
  Vector result;
  std::memcpy(&result, from, sizeof result);
  return result;
}

#if defined(__AVX512F__)
#define PARTON_REGISTER "+v"
#elif defined(__SSE2__)
#define PARTON_REGISTER "+x"
#elif defined(__aarch64__)
#define PARTON_REGISTER "+w"
#else
#define PARTON_REGISTER "+m"
#endif

/// Its argument, rounded and out of the compiler's sight.
template <class Real>
PARTON_INLINE Real fence(Real x) {
  asm("" : PARTON_REGISTER(x));
  return x;
}

/// The same, and the compiler cannot tell that two results are equal: -ffast-math replaces
/// divisions by equal divisors by products with one reciprocal.
template <class Real>
PARTON_INLINE Real fence_apart(Real x) {
  asm volatile("" : PARTON_REGISTER(x));
  return x;
}

template <class Real>
PARTON_INLINE Real mul(Real a, Real b) {
  return fence<Real>(a * b);
}
template <class Real>
PARTON_INLINE Real add(Real a, Real b) {
  return fence<Real>(a + b);
}
template <class Real>
PARTON_INLINE Real sub(Real a, Real b) {
  return fence<Real>(a - b);
}
template <class Real>
PARTON_INLINE Real div(Real a, Real b) {
  return fence<Real>(a / fence_apart<Real>(b));
}

/// c0 + x (c1 + x (c2 + ...)), two roundings a step.
template <class Real, class T>
PARTON_INLINE Real polynomial(Real, T c) {
  return splat(c);
}
template <class Real, class T, class... More>
PARTON_INLINE Real polynomial(Real x, T c, More... more) {
  return add<Real>(splat(c), mul<Real>(x, polynomial(x, more...)));
}

/// Square roots, correctly rounded as IEEE 754 asks. std::sqrt in a loop would stay scalar, because
/// of errno, and -ffast-math would replace it by an estimate.
PARTON_INLINE F32 sqrt(F32 x) {
#if defined(PARTON_X86_LANES)
  return (F32)PARTON_INTRINSIC(sqrt_ps, 0xFFFF, (Floats)x);
#else
  for (std::size_t i = 0; i < lanes32; ++i) x[i] = std::sqrt(x[i]);
  return x;
#endif
}
PARTON_INLINE F64 sqrt(F64 x) {
#if defined(PARTON_X86_LANES)
  return (F64)PARTON_INTRINSIC(sqrt_pd, 0xFF, (Doubles)x);
#else
  for (std::size_t i = 0; i < lanes64; ++i) x[i] = std::sqrt(x[i]);
  return x;
#endif
}

/// The 64-bit products of the low halves of 64-bit lanes.
PARTON_INLINE U64 mul_low_halves(U64 a, U64 b) {
#if defined(PARTON_X86_LANES)
  return (U64)PARTON_INTRINSIC(mul_epu32, 0xFF, (Integers)a, (Integers)b);
#else
  return (a & 0xFFFFFFFFU) * (b & 0xFFFFFFFFU);
#endif
}

/// Exact for integers below 2^24; beyond, to the nearest.
PARTON_INLINE F32 to_float(U32 x) { return __builtin_convertvector((I32)x, F32); }

/// Exact for integers below 2^53. There is no such instruction before AVX-512: each half becomes
/// the low bits of 2^52 + half.
PARTON_INLINE F64 to_double(U64 x) {
  constexpr std::uint64_t magic = 0x4330000000000000U;
  const F64 offset = splat(0x1p52);
  const F64 high = sub<F64>((F64)((x >> 32) | magic), offset);
  const F64 low = sub<F64>((F64)((x & 0xFFFFFFFFU) | magic), offset);
  return add<F64>(mul<F64>(high, splat(0x1p32)), low);
}

/// The number of [low, high] that is nearest to x.
template <class Real>
PARTON_INLINE Real clamp(Real x, Real low, Real high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

}  // namespace parton::random::detail
