// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <parton/random/detail/blocks.hpp>
#include <parton/random/detail/gauss.hpp>
#include <parton/random/detail/narrow.hpp>
#include <parton/threads.hpp>

/// \file Fills a run of elements. Element i is a function of the source, of begin + i and of the
/// distribution alone, so a run may be cut anywhere, and is, between threads.

namespace parton::random::detail {

/// From how many elements on another thread is worth its start.
inline constexpr std::uint64_t thread_grain = std::uint64_t{1} << 19;

/// Calls `make(chunk, to)`, which writes PerChunk elements, for the chunks that the elements
/// [begin, begin + out.size()) lie in.
template <std::uint64_t PerChunk, class T, class Make>
void fill_chunks(std::span<T> out, std::uint64_t begin, const Make& make) {
  const auto run = [&](std::uint64_t from, std::uint64_t to) {
    T* target = out.data() + from;
    for (std::uint64_t i = begin + from; i < begin + to;) {
      const std::uint64_t chunk = i / PerChunk, skipped = i % PerChunk;
      const std::uint64_t count = std::min(PerChunk - skipped, begin + to - i);
      if (count == PerChunk) {
        make(chunk, target);
      } else {
        std::array<T, PerChunk> whole;
        make(chunk, whole.data());
        std::copy_n(whole.data() + skipped, count, target);
      }
      target += count;
      i += count;
    }
  };
  parton::detail::parallel_for(out.size(), thread_grain, PerChunk, run);
}

/// One 32-bit word for each element.
inline void fill_words(const Source& source, std::uint64_t begin, std::span<std::uint32_t> out) {
  fill_chunks<256>(out, begin, [&](std::uint64_t chunk, std::uint32_t* to) {
    for (std::size_t i = 0; i < chunk_blocks; i += lanes32) {
      const Words32 w(source, chunk * chunk_blocks + i);
      store(to + i, w.w0);
      store(to + i + 64, w.w1);
      store(to + i + 128, w.w2);
      store(to + i + 192, w.w3);
    }
  });
}

/// One 64-bit word for each element.
inline void fill_words(const Source& source, std::uint64_t begin, std::span<std::uint64_t> out) {
  fill_chunks<128>(out, begin, [&](std::uint64_t chunk, std::uint64_t* to) {
    for (std::size_t i = 0; i < chunk_blocks; i += 2 * lanes64) {
      const Words64 w(source, chunk * chunk_blocks + i);
      store(to + i, w.a0);
      store(to + i + lanes64, w.b0);
      store(to + i + 64, w.a1);
      store(to + i + 64 + lanes64, w.b1);
    }
  });
}

/// low + u (high - low), kept within the range.
template <class Scalar>
void fill_uniform(Source source, std::uint64_t begin, std::span<Scalar> out, double low,
                  double width, Range<Scalar> range) {
  using Real = typename Range<Scalar>::Real;
  const auto place = [low = splat(static_cast<Real>(low)), width = splat(static_cast<Real>(width)),
                      first = splat(range.first), last = splat(range.last)](auto bits) {
    const auto u = uniform01(bits);
    return clamp(add(low, mul(u, width)), first, last);
  };
  if constexpr (std::same_as<Scalar, double>) {
    source.kind = Kind::two_words;
    fill_chunks<128>(out, begin, [&](std::uint64_t chunk, Scalar* to) {
      for (std::size_t i = 0; i < chunk_blocks; i += 2 * lanes64) {
        const Words64 w(source, chunk * chunk_blocks + i);
        put(to + i, place(w.a0));
        put(to + i + lanes64, place(w.b0));
        put(to + i + 64, place(w.a1));
        put(to + i + 64 + lanes64, place(w.b1));
      }
    });
  } else {
    source.kind = Kind::word;
    fill_chunks<256>(out, begin, [&](std::uint64_t chunk, Scalar* to) {
      for (std::size_t i = 0; i < chunk_blocks; i += lanes32) {
        const Words32 w(source, chunk * chunk_blocks + i);
        put(to + i, place(w.w0));
        put(to + i + 64, place(w.w1));
        put(to + i + 128, place(w.w2));
        put(to + i + 192, place(w.w3));
      }
    });
  }
}

/// mean + stddev z.
template <class Scalar>
void fill_normal(Source source, std::uint64_t begin, std::span<Scalar> out, double mean,
                 double stddev) {
  using Real = typename Range<Scalar>::Real;
  const auto shift = splat(static_cast<Real>(mean));
  const auto scale = splat(static_cast<Real>(stddev));
  const auto put_pair = [&](Scalar* first, Scalar* second, auto radius, auto angle) {
    const auto z = normal_pair(radius, angle, scale);
    put(first, add(shift, z.first));
    put(second, add(shift, z.second));
  };
  if constexpr (std::same_as<Scalar, double>) {
    source.kind = Kind::two_words;
    fill_chunks<128>(out, begin, [&](std::uint64_t chunk, Scalar* to) {
      for (std::size_t i = 0; i < chunk_blocks; i += 2 * lanes64) {
        const Words64 w(source, chunk * chunk_blocks + i);
        put_pair(to + i, to + i + 64, w.a0, w.a1);
        put_pair(to + i + lanes64, to + i + lanes64 + 64, w.b0, w.b1);
      }
    });
  } else {
    source.kind = Kind::word;
    fill_chunks<256>(out, begin, [&](std::uint64_t chunk, Scalar* to) {
      for (std::size_t i = 0; i < chunk_blocks; i += lanes32) {
        const Words32 w(source, chunk * chunk_blocks + i);
        put_pair(to + i, to + i + 64, w.w0, w.w1);
        put_pair(to + i + 128, to + i + 192, w.w2, w.w3);
      }
    });
  }
}

/// 1 where the word of the element is below p 2^32, else 0.
template <class Scalar>
void fill_bernoulli(Source source, std::uint64_t begin, std::span<Scalar> out, double p) {
  source.kind = Kind::word;
  const auto threshold = static_cast<std::uint64_t>(p * 0x1p32 + 0.5);  // the product is exact
  if (threshold == 0) {
    std::ranges::fill(out, Scalar(0));
    return;
  }
  fill_chunks<256>(
      out, begin,
      [&, last = static_cast<std::uint32_t>(threshold - 1)](std::uint64_t chunk, Scalar* to) {
        std::array<std::uint32_t, 256> words;
        fill_words(source, chunk * 256, words);
        for (std::size_t i = 0; i < 256; ++i) to[i] = words[i] <= last ? Scalar(1) : Scalar(0);
      });
}

}  // namespace parton::random::detail
