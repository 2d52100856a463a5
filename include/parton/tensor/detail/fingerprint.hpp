// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace parton::detail {

/// A 64-bit fingerprint of bytes, in four lanes so that it runs at the speed of memory.
inline std::uint64_t fingerprint(const void* data, std::size_t bytes) noexcept {
  constexpr std::uint64_t prime = 0x9E3779B97F4A7C15U;
  std::array<std::uint64_t, 4> lanes{bytes, prime, ~bytes, ~prime}, words{};
  const auto* at = static_cast<const std::byte*>(data);
  const auto mix = [&] {
    for (std::size_t i = 0; i < 4; ++i) {
      lanes[i] = (lanes[i] ^ words[i]) * prime;
      lanes[i] ^= lanes[i] >> 29;
    }
  };
  std::size_t left = bytes;
  for (; left >= sizeof words; left -= sizeof words, at += sizeof words) {
    std::memcpy(words.data(), at, sizeof words);
    mix();
  }
  if (left > 0) {
    words = {};
    std::memcpy(words.data(), at, left);
    mix();
  }
  std::uint64_t result = 0;
  for (const std::uint64_t lane : lanes) result = (std::rotl(result, 23) ^ lane) * prime;
  return result ^ (result >> 32);
}

}  // namespace parton::detail
