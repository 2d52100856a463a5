// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include <Eigen/Core>

/// \file Square roots of packets by the machine's own instruction. Eigen's psqrt approximates them
/// for float, with more steps than that takes, and makes NaN of infinity.

namespace parton::optim::detail {

/// The correctly rounded root of each element: the same bits on every machine.
template <class Packet>
inline Packet packet_root(const Packet& a) {
  using T = typename Eigen::internal::unpacket_traits<Packet>::type;
  constexpr int size = Eigen::internal::unpacket_traits<Packet>::size;
  T elements[size];
  Eigen::internal::pstoreu(elements, a);
  for (T& element : elements) element = std::sqrt(element);
  return Eigen::internal::ploadu<Packet>(elements);
}

#ifdef EIGEN_VECTORIZE_SSE2
inline __m128 packet_root(const Eigen::internal::Packet4f& a) { return _mm_sqrt_ps(a); }
inline __m128d packet_root(const Eigen::internal::Packet2d& a) { return _mm_sqrt_pd(a); }
#endif
#ifdef EIGEN_VECTORIZE_AVX
inline __m256 packet_root(const Eigen::internal::Packet8f& a) { return _mm256_sqrt_ps(a); }
inline __m256d packet_root(const Eigen::internal::Packet4d& a) { return _mm256_sqrt_pd(a); }
#endif
// With a mask of all: g++ 12 warns of the other form, https://gcc.gnu.org/PR105593
#ifdef EIGEN_VECTORIZE_AVX512
inline __m512 packet_root(const Eigen::internal::Packet16f& a) {
  return _mm512_maskz_sqrt_ps(0xffff, a);
}
inline __m512d packet_root(const Eigen::internal::Packet8d& a) {
  return _mm512_maskz_sqrt_pd(0xff, a);
}
#endif
#if defined(EIGEN_VECTORIZE_NEON) && EIGEN_ARCH_ARM64
inline float32x4_t packet_root(const Eigen::internal::Packet4f& a) { return vsqrtq_f32(a); }
inline float64x2_t packet_root(const Eigen::internal::Packet2d& a) { return vsqrtq_f64(a); }
#endif

}  // namespace parton::optim::detail
