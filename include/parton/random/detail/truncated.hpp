// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include <parton/random/detail/fill.hpp>
#include <parton/random/detail/hash.hpp>

namespace parton::random::detail {

/// A normal distribution cut off at [low, high], by rejection: with normal, uniform or exponential
/// proposals, whichever keeps at least three tenths of them (Robert, "Simulation of truncated
/// normal variables", 1995). In double, whatever the Scalar.
class Truncated {
 public:
  Truncated(double mean, double stddev, double low, double high) : mean_(mean), stddev_(stddev) {
    low_ = div(sub(low, mean), stddev), high_ = div(sub(high, mean), stddev);
    if (high_ < 0) {
      std::swap(low_, high_);
      low_ = -low_, high_ = -high_, stddev_ = -stddev;
    }
    nearest_ = std::max(low_, 0.);
    const double farthest = std::max(-low_, high_);
    // The density falls by less than a factor of e over the interval.
    const double fall = mul(mul(sub(farthest, nearest_), add(farthest, nearest_)), 0.5);
    if (fall <= 1) {
      proposal_ = Proposal::uniform;
    } else if (low_ > 0.25) {
      proposal_ = Proposal::exponential;
      rate_ = mul(add(low_, fence(std::sqrt(add(mul(low_, low_), 4.)))), 0.5);
    }
  }

  /// True if the interval is so far out that double has no number between its nearer end and what
  /// would be drawn, so that all values are that end.
  [[nodiscard]] bool is_degenerate() const noexcept { return nearest_ > 1e9; }

  /// Elements 64 chunk to 64 chunk + 63. Attempt k draws from a stream of its own, so that an
  /// element does not depend on what others need.
  void make(Source source, std::uint64_t chunk, std::array<double, chunk_blocks>& out) const {
    source.kind = Kind::block;
    std::uint64_t pending = ~std::uint64_t{0};
    for (std::uint64_t attempt = 0; pending != 0; ++attempt) {
      Source stream = source;
      if (attempt > 0) stream.stream = mix(source.stream + mix(attempt));
      for (std::size_t i = 0; i < chunk_blocks; i += 2 * lanes64) {
        constexpr std::uint64_t groups = ~std::uint64_t{0} >> (64 - 2 * lanes64);
        if ((pending >> i & groups) == 0) continue;
        const Words64 w(stream, chunk * chunk_blocks + i);
        take(i, w.a0, w.a1, out, pending);
        take(i + lanes64, w.b0, w.b1, out, pending);
      }
    }
  }

 private:
  enum class Proposal { normal, uniform, exponential };

  /// Writes the accepted ones of a vector of proposals to the elements that still wait for one.
  PARTON_INLINE void take(std::size_t at, U64 bits0, U64 bits1,
                          std::array<double, chunk_blocks>& out, std::uint64_t& pending) const {
    F64 z{};
    I64 good{};
    if (proposal_ == Proposal::normal) {
      z = normal_pair(bits0, bits1, splat(1.)).first;
      good = (z >= splat(low_)) & (z <= splat(high_));
    } else {
      // Accepted with the probability exp(-excess), that is if an exponential exceeds the excess.
      F64 excess;
      const F64 exponential = minus_log_uniform(bits1);
      if (proposal_ == Proposal::uniform) {
        z = add(splat(low_), mul(uniform01(bits0), splat(sub(high_, low_))));
        excess = mul(sub(z, splat(nearest_)), add(z, splat(nearest_)));
      } else {
        z = add(splat(low_), div(minus_log_uniform(bits0), splat(rate_)));
        const F64 distance = sub(z, splat(rate_));
        excess = mul(distance, distance);
      }
      good = (add(exponential, exponential) >= excess) & (z <= splat(high_));
    }
    const F64 x = add(splat(mean_), mul(z, splat(stddev_)));
    std::uint64_t accepted = 0;
    for (std::size_t l = 0; l < lanes64; ++l)
      accepted |= static_cast<std::uint64_t>(good[l] & 1) << (at + l);
    constexpr std::uint64_t group = ~std::uint64_t{0} >> (64 - lanes64);
    if ((pending >> at & group) == group) {
      store(out.data() + at, x);  // what is not accepted is written again
    } else {
      for (std::size_t l = 0; l < lanes64; ++l)
        if ((pending & accepted) >> (at + l) & 1U) out[at + l] = x[l];
    }
    pending &= ~accepted;
  }

  double mean_, stddev_;
  double low_ = 0, high_ = 0;  // in deviations from the mean, mirrored so that high_ >= 0
  double nearest_ = 0;         // the number of [low_, high_] that is nearest to 0
  double rate_ = 1;
  Proposal proposal_ = Proposal::normal;
};

template <class Scalar>
void fill_truncated(const Source& source, std::uint64_t begin, std::span<Scalar> out,
                    const Truncated& distribution, double first, double last) {
  fill_chunks<chunk_blocks>(out, begin, [&](std::uint64_t chunk, Scalar* to) {
    std::array<double, chunk_blocks> x;
    distribution.make(source, chunk, x);
    for (std::size_t i = 0; i < x.size(); ++i)
      to[i] = parton::detail::convert<Scalar>(std::clamp(x[i], first, last));
  });
}

}  // namespace parton::random::detail
