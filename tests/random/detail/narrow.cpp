// SPDX-License-Identifier: MIT
#include <parton/random/detail/narrow.hpp>

#include <bit>
#include <cmath>
#include <cstdint>

#include <parton/random/detail/hash.hpp>

#include <parton_test/catch.hpp>

namespace r = parton::random::detail;
using Eigen::bfloat16;
using Eigen::half;

TEST_CASE(
    "Floats are rounded to half and bfloat16 as Eigen rounds them: to nearest, ties to even") {
  const auto check = [](float x) {
    REQUIRE(r::half_bits(r::splat(x))[0] == Eigen::numext::bit_cast<std::uint16_t>(half(x)));
    REQUIRE(r::bfloat16_bits(r::splat(x))[0] ==
            Eigen::numext::bit_cast<std::uint16_t>(bfloat16(x)));
  };
  // Every half, what lies in the middle between it and the next, and the floats beside that.
  for (std::uint32_t bits = 0; bits < 0x7C00; ++bits) {
    const auto x =
        static_cast<float>(Eigen::numext::bit_cast<half>(static_cast<std::uint16_t>(bits)));
    const auto next = bits == 0x7BFF ? 65536.f
                                     : static_cast<float>(Eigen::numext::bit_cast<half>(
                                           static_cast<std::uint16_t>(bits + 1)));
    const float middle = 0.5f * x + 0.5f * next;
    for (const float y : {x, middle, std::nextafter(middle, 0.f), std::nextafter(middle, 1e9f)}) {
      check(y);
      check(-y);
    }
  }
  for (std::uint64_t i = 0; i < 100000; ++i) {
    const auto x = std::bit_cast<float>(static_cast<std::uint32_t>(r::mix(i)));
    if (std::isfinite(x)) check(x);
  }
}

TEST_CASE("The range of a scalar holds exactly its numbers between two bounds") {
  const auto f = r::Range<float>::between(-0.07, 0.07, true);
  CHECK(static_cast<double>(f.first) >= -0.07);
  CHECK(static_cast<double>(std::nextafter(f.first, -1.f)) < -0.07);
  CHECK(static_cast<double>(f.last) < 0.07);
  CHECK(static_cast<double>(std::nextafter(f.last, 1.f)) >= 0.07);

  // The halves below 1 are 2^-11 apart, those above -1 as well, those from 1 on 2^-10.
  const auto h = r::Range<half>::between(-1, 1, true);
  CHECK(h.first == -1.f);
  CHECK(h.last == 1.f - 0x1p-11f);
  CHECK(r::Range<half>::between(-1, 1, false).last == 1.f);
  CHECK(r::Range<half>::between(1.0001, 2, true).first == 1.f + 0x1p-10f);
  CHECK(r::Range<bfloat16>::between(0, 1, true).last == 1.f - 0x1p-8f);
  CHECK(r::Range<double>::between(0, 1, true).last == 1. - 0x1p-53);
  CHECK(r::Range<float>::between(-1, 0, true).last < 0.f);

  // No half lies between these: the one nearest to the lower bound stands for them.
  const auto none = r::Range<half>::between(1.0001, 1.0002, true);
  CHECK(none.first == 1.f);
  CHECK(none.last == 1.f);
  CHECK(r::Range<float>::between(3, 3, true).first == 3.f);
}
