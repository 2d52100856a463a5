// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <parton/random/detail/lanes.hpp>
#include <parton/random/philox.hpp>

namespace parton::random::detail {

/// What one element is made of; each kind has counters of its own, so that numbers of different
/// kinds never share a word, whatever their positions.
enum class Kind : std::uint64_t { word = 0, two_words = 1, block = 2 };

/// The words of one kind of one stream. Counter: 60 bits of block number, 4 of kind, 64 of stream;
/// key: the seed.
///
/// Words are handed out in chunks of 64 blocks, first all the first words, then all the second
/// ones, so that vectors are stored as they come: element i of kind `word` is word (i / 64) % 4 of
/// block 64 (i / 256) + i % 64; of kind `two_words`, words 2k and 2k + 1, with k = (i / 64) % 2, of
/// block 64 (i / 128) + i % 64; of kind `block`, block i.
struct Source {
  std::uint64_t seed = 0;
  std::uint64_t stream = 0;
  Kind kind = Kind::word;

  [[nodiscard]] constexpr std::uint64_t tagged(std::uint64_t block) const {
    return (block & (~std::uint64_t{0} >> 4)) | (static_cast<std::uint64_t>(kind) << 60);
  }
  /// One block, by the plain form.
  [[nodiscard]] constexpr std::array<std::uint32_t, 4> block(std::uint64_t number) const {
    const std::uint64_t low = tagged(number);
    return philox_block(
        {static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(low >> 32),
         static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)},
        {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
  }
};

inline constexpr std::size_t chunk_blocks = 64;

/// As many blocks as there are 64-bit lanes; only the low half of each lane counts, and the high
/// halves hold what is left of products, which nothing reads.
struct Blocks {
  U64 c0, c1, c2, c3;

  PARTON_INLINE void round(U64 k0, U64 k1) {
    const U64 product0 = mul_low_halves(c0, splat(std::uint64_t{0xD2511F53}));
    const U64 product1 = mul_low_halves(c2, splat(std::uint64_t{0xCD9E8D57}));
    c0 = (product1 >> 32) ^ c1 ^ k0;
    c1 = product1;
    c2 = (product0 >> 32) ^ c3 ^ k1;
    c3 = product0;
  }
};

/// Two vectors of blocks at a time, so that one computes while the other waits.
struct BlockPair {
  Blocks a, b;

  /// `first` is a multiple of 64 plus at most 63, so the offsets do not carry.
  PARTON_INLINE BlockPair(const Source& source, std::uint64_t first, U64 offset_a, U64 offset_b) {
    const std::uint64_t low = source.tagged(first);
    const U64 c1 = splat(low >> 32), c2 = splat(source.stream), c3 = splat(source.stream >> 32);
    a = {offset_a + low, c1, c2, c3};
    b = {offset_b + low, c1, c2, c3};
    U64 k0 = splat(source.seed), k1 = splat(source.seed >> 32);
    for (int round = 0; round < 10; ++round) {
      a.round(k0, k1);
      b.round(k0, k1);
      k0 += std::uint64_t{0x9E3779B9};
      k1 += std::uint64_t{0xBB67AE85};
    }
  }
};

inline constexpr std::array<std::uint64_t, 16> even_lanes = {0,  2,  4,  6,  8,  10, 12, 14,
                                                             16, 18, 20, 22, 24, 26, 28, 30};
inline constexpr std::array<std::uint64_t, 16> all_lanes = {0, 1, 2,  3,  4,  5,  6,  7,
                                                            8, 9, 10, 11, 12, 13, 14, 15};

/// Lane l holds the words of block `first` + l.
struct Words32 {
  U32 w0, w1, w2, w3;

  PARTON_INLINE Words32(const Source& source, std::uint64_t first) {
    const U64 even = load<U64>(even_lanes.data());
    const BlockPair p(source, first, even, even + 1U);
    w0 = merge(p.a.c0, p.b.c0);
    w1 = merge(p.a.c1, p.b.c1);
    w2 = merge(p.a.c2, p.b.c2);
    w3 = merge(p.a.c3, p.b.c3);
  }

 private:
  PARTON_INLINE static U32 merge(U64 even, U64 odd) {
    constexpr auto low = std::endian::native == std::endian::little;
    return low ? (U32)((even & 0xFFFFFFFFU) | (odd << 32))
               : (U32)((even << 32) | (odd & 0xFFFFFFFFU));
  }
};

/// Lane l holds the words of block `first` + l as two 64-bit words; a second vector, those of the
/// blocks after that.
struct Words64 {
  U64 a0, a1, b0, b1;

  PARTON_INLINE Words64(const Source& source, std::uint64_t first) {
    const U64 all = load<U64>(all_lanes.data());
    const BlockPair p(source, first, all, all + lanes64);
    a0 = join(p.a.c0, p.a.c1);
    a1 = join(p.a.c2, p.a.c3);
    b0 = join(p.b.c0, p.b.c1);
    b1 = join(p.b.c2, p.b.c3);
  }

 private:
  PARTON_INLINE static U64 join(U64 low, U64 high) { return (low & 0xFFFFFFFFU) | (high << 32); }
};

}  // namespace parton::random::detail
