// SPDX-License-Identifier: MIT
#include <parton/random/philox.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <parton/random/detail/blocks.hpp>
#include <parton/random/detail/fill.hpp>
#include <parton/random/detail/hash.hpp>

#include <parton_test/catch.hpp>

#if __has_include(<Random123/philox.h>)
#include <Random123/philox.h>
#define PARTON_TEST_RANDOM123 1
#endif

using parton::random::philox_block;
using parton::random::detail::fill_words;
using parton::random::detail::Kind;
using parton::random::detail::Source;
using Block = std::array<std::uint32_t, 4>;

TEST_CASE("Philox gives the known answers of the Random123 package") {
  // kat_vectors of Random123: philox4x32 with 10 rounds.
  CHECK(philox_block({0, 0, 0, 0}, {0, 0}) ==
        Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox_block({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox_block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

#if defined(PARTON_TEST_RANDOM123)
TEST_CASE("Philox equals Random123's for any counter and key") {
  std::uint64_t state = 1;
  const auto next = [&] {
    return static_cast<std::uint32_t>(parton::random::detail::mix(++state));
  };
  for (int i = 0; i < 10000; ++i) {
    const Block counter = {next(), next(), next(), next()};
    const std::array<std::uint32_t, 2> key = {next(), next()};
    const r123array4x32 theirs = philox4x32_R(
        10, r123array4x32{{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
    REQUIRE(philox_block(counter, key) == Block{theirs[0], theirs[1], theirs[2], theirs[3]});
  }
}
#endif

TEST_CASE("The vector form gives the words of the plain form, at any place and length") {
  Source source{0x123456789abcdef0u, 0xfedcba9876543210u};
  for (const std::uint64_t begin : {std::uint64_t{0}, std::uint64_t{77}, std::uint64_t{1} << 34}) {
    for (const std::size_t count : {0u, 1u, 300u, 1000u}) {
      source.kind = Kind::word;
      std::vector<std::uint32_t> words(count);
      fill_words(source, begin, std::span(words));
      for (std::size_t j = 0; j < count; ++j) {
        const std::uint64_t i = begin + j;
        REQUIRE(words[j] == source.block(i / 256 * 64 + i % 64)[i / 64 % 4]);
      }
      source.kind = Kind::two_words;
      std::vector<std::uint64_t> pairs(count);
      fill_words(source, begin, std::span(pairs));
      for (std::size_t j = 0; j < count; ++j) {
        const std::uint64_t i = begin + j;
        const Block block = source.block(i / 128 * 64 + i % 64);
        const std::size_t k = i / 64 % 2 * 2;
        REQUIRE(pairs[j] == (block[k] | (std::uint64_t{block[k + 1]} << 32)));
      }
    }
  }
  CHECK(source.block(5) != Source{source.seed, source.stream, Kind::word}.block(5));
}
