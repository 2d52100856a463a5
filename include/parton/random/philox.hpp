// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace parton::random {

/// Philox-4x32-10: four random words for a 128-bit counter under a 64-bit key.
///
/// A bijection of the counter for each key, so any word of any stream is had at once, without the
/// ones before it. Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2,
/// 3", SC 2011. This is the plain form; detail/blocks.hpp computes the same words many at a time.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> philox_block(
    std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) noexcept {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product0)};
    key[0] += 0x9E3779B9;  // the golden ratio
    key[1] += 0xBB67AE85;  // sqrt(3) - 1
  }
  return counter;
}

}  // namespace parton::random
