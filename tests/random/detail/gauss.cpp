// SPDX-License-Identifier: MIT
#include <parton/random/detail/gauss.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <parton/random/detail/hash.hpp>

#include <parton_test/catch.hpp>

namespace r = parton::random::detail;

namespace {

// Small ones, large ones, the neighbours of powers of two, and any.
template <class Word>
std::vector<Word> interesting_words() {
  std::vector<Word> words;
  const int digits = 8 * sizeof(Word);
  for (int shift = 0; shift < digits; ++shift)
    for (int d = -3; d <= 3; ++d)
      words.push_back(static_cast<Word>((Word{1} << shift) + static_cast<Word>(d)));
  for (int d = 1; d < 2000; ++d) {
    words.push_back(static_cast<Word>(0) - static_cast<Word>(d));
    words.push_back(static_cast<Word>(d));
  }
  for (std::uint64_t i = 0; i < 20000; ++i) words.push_back(static_cast<Word>(r::mix(i)));
  return words;
}

}  // namespace

TEST_CASE("The logarithm of a uniform agrees with the C library's in long double") {
  for (const std::uint32_t word : interesting_words<std::uint32_t>()) {
    // Before its logarithm is taken, u is rounded to a float.
    const long double k = std::ldexp(static_cast<long double>(static_cast<float>(word >> 1)), -31);
    const long double u = std::max(k, std::ldexp(0.5L, -31));
    const float x = static_cast<float>(word >> 1) + 0.5f;
    const long double exact = -std::log(std::ldexp(static_cast<long double>(x), -31));
    const float found = r::minus_log_uniform(r::splat(word))[0];
    REQUIRE(found >= 0);
    REQUIRE(std::abs(static_cast<long double>(found) - exact) <= 3e-7L * exact + 1e-12L);
    REQUIRE(u > 0);
  }
  for (const std::uint64_t word : interesting_words<std::uint64_t>()) {
    const double x = static_cast<double>(word >> 11) + 0.5;
    const long double exact = -std::log(std::ldexp(static_cast<long double>(x), -53));
    const double found = r::minus_log_uniform(r::splat(word))[0];
    REQUIRE(found >= 0);
    REQUIRE(std::abs(static_cast<long double>(found) - exact) <= 5e-16L * exact + 1e-25L);
  }
}

TEST_CASE("The direction is a cosine and a sine, times the square root of 2, with signs") {
  const long double pi = std::acos(-1.0L);
  for (const std::uint32_t word : interesting_words<std::uint32_t>()) {
    const long double t = std::ldexp(static_cast<long double>((word >> 7) | 1U), -25) - 0.5L;
    const long double angle = pi / 4 + pi / 2 * t;
    const auto d = r::direction(r::splat(word));
    const long double c = std::sqrt(2.0L) * std::cos(angle) * ((word & 1) != 0 ? -1 : 1);
    const long double s = std::sqrt(2.0L) * std::sin(angle) * ((word & 2) != 0 ? -1 : 1);
    REQUIRE(std::abs(static_cast<long double>(d.first[0]) - c) < 3e-7L);
    REQUIRE(std::abs(static_cast<long double>(d.second[0]) - s) < 3e-7L);
  }
  for (const std::uint64_t word : interesting_words<std::uint64_t>()) {
    const long double t = std::ldexp(static_cast<long double>((word >> 11) | 1U), -53) - 0.5L;
    const long double angle = pi / 4 + pi / 2 * t;
    const auto d = r::direction(r::splat(word));
    const long double c = std::sqrt(2.0L) * std::cos(angle) * ((word & 1) != 0 ? -1 : 1);
    const long double s = std::sqrt(2.0L) * std::sin(angle) * ((word & 2) != 0 ? -1 : 1);
    REQUIRE(std::abs(static_cast<long double>(d.first[0]) - c) < 6e-16L);
    REQUIRE(std::abs(static_cast<long double>(d.second[0]) - s) < 6e-16L);
  }
}

TEST_CASE("The tails of a normal reach 6.6 deviations for float and 8.6 for double") {
  // sqrt(-2 ln 2^-32) = 6.6604 and sqrt(-2 ln 2^-54) = 8.65216, at the angle 0.
  const auto f =
      r::normal_pair(r::splat(std::uint32_t{0}), r::splat(~std::uint32_t{0} << 2), r::splat(1.f));
  CHECK(std::hypot(f.first[0], f.second[0]) == Approx(6.6604));
  CHECK(f.second[0] == Approx(6.6604));
  const auto d =
      r::normal_pair(r::splat(std::uint64_t{0}), r::splat(~std::uint64_t{0} << 2), r::splat(1.));
  CHECK(d.second[0] == Approx(8.65216));
}

TEST_CASE("Whole numbers below 2^53 become doubles exactly") {
  for (const std::uint64_t word : interesting_words<std::uint64_t>())
    REQUIRE(r::to_double(r::splat(word >> 11))[0] == static_cast<double>(word >> 11));
}
