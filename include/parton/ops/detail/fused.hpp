// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>

#include <Eigen/Core>

/// \file Functions of two arrays that Eigen has no vectorised expression for: a choice by a sign,
/// and formulas that use one of the two several times, which Eigen would compute as often.

namespace parton::detail {

/// F::of(a, b) for numbers and for packets of them, written with Eigen's packet operations.
template <class F>
struct Fused {
  F f;
  template <class T>
  T operator()(const T& a, const T& b) const {
    return f.of(a, b);
  }
  template <class Packet>
  Packet packetOp(const Packet& a, const Packet& b) const {
    return f.of(a, b);
  }
};

}  // namespace parton::detail

namespace Eigen::internal {

template <class F>
struct functor_traits<parton::detail::Fused<F>> {
  enum { Cost = 8 * NumTraits<float>::MulCost, PacketAccess = true };
};

}  // namespace Eigen::internal

namespace parton::detail {

namespace packet = Eigen::internal;

/// A number in each place of a packet.
template <class Packet>
Packet all_of(double value) {
  using T = typename packet::unpacket_traits<Packet>::type;
  return packet::pset1<Packet>(static_cast<T>(value));
}

/// f.of(a, b), element by element.
template <class F, class A, class B>
auto fused(const F& f, const A& a, const B& b) {
  return a.binaryExpr(b, Fused<F>{f});
}

/// 0 where v <= bound, else g.
struct WhereAbove {
  double bound = 0;
  template <class P>
  P of(const P& g, const P& v) const {
    if constexpr (std::floating_point<P>)
      return v <= static_cast<P>(bound) ? P(0) : g;
    else
      return packet::pandnot(g, packet::pcmp_le(v, all_of<P>(bound)));
  }
};

/// 0 where v < bound, else g.
struct WhereAtLeast {
  double bound;
  template <class P>
  P of(const P& g, const P& v) const {
    if constexpr (std::floating_point<P>)
      return v < static_cast<P>(bound) ? P(0) : g;
    else
      return packet::pandnot(g, packet::pcmp_lt(v, all_of<P>(bound)));
  }
};

/// 0 where v is 0, else g.
struct WhereNonzero {
  template <class P>
  P of(const P& g, const P& v) const {
    if constexpr (std::floating_point<P>)
      return v == 0 ? P(0) : g;
    else
      return packet::pandnot(g, packet::pcmp_eq(v, packet::pzero(v)));
  }
};

/// g slope where v <= 0, else g.
struct SlopeBelow {
  double slope;
  template <class P>
  P of(const P& g, const P& v) const {
    const P below = packet::pmul(g, all_of<P>(slope));
    if constexpr (std::floating_point<P>)
      return v <= 0 ? below : g;
    else
      return packet::pselect(packet::pcmp_le(v, packet::pzero(v)), below, g);
  }
};

/// v + below where v <= 0, else above.
struct ShiftBelow {
  double below, above;
  template <class P>
  P of(const P& v, const P& sign) const {
    const P shifted = packet::padd(v, all_of<P>(below));
    if constexpr (std::floating_point<P>)
      return sign <= 0 ? shifted : static_cast<P>(above);
    else
      return packet::pselect(packet::pcmp_le(sign, packet::pzero(sign)), shifted, all_of<P>(above));
  }
};

/// s (1 + z (1 - s)): the derivative of x s(u(x)) for the logistic function s, where z = x u'.
struct SwishSlope {
  template <class P>
  P of(const P& s, const P& z) const {
    const P one = all_of<P>(1);
    return packet::pmul(s, packet::pmadd(z, packet::psub(one, s), one));
  }
};

/// 0 where low <= x <= high does not hold, else g; with `Open` the bounds do not count.
template <bool Open = false>
struct WhereInside {
  double low, high;
  template <class P>
  P of(const P& g, const P& x) const {
    const P least = all_of<P>(low), most = all_of<P>(high);
    if constexpr (std::floating_point<P>)
      return (Open ? x > least && x < most : x >= least && x <= most) ? g : P(0);
    else if constexpr (Open)
      return packet::pand(g, packet::pand(packet::pcmp_lt(least, x), packet::pcmp_lt(x, most)));
    else
      return packet::pand(g, packet::pand(packet::pcmp_le(least, x), packet::pcmp_le(x, most)));
  }
};

/// 1 where a > b, 1/2 where they are equal, else 0.
struct ShareOfLarger {
  template <class P>
  P of(const P& a, const P& b) const {
    const P half = all_of<P>(0.5), one = all_of<P>(1);
    if constexpr (std::floating_point<P>)
      return a > b ? one : a == b ? half : P(0);
    else
      return packet::por(packet::pand(one, packet::pcmp_lt(b, a)),
                         packet::pand(half, packet::pcmp_eq(a, b)));
  }
};

}  // namespace parton::detail
