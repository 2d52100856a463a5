// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <parton/io/detail/elements.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using namespace parton::io::detail;

namespace {

/// One integer of 64 bits as the file's dtype `as`, which is read as a Scalar.
template <class Scalar, class Integer>
double converted_element(Integer value, io::Dtype from, io::Dtype as) {
  std::byte bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  Scalar result{};
  convert_elements(
      from, bytes, 1, as,
      [&](const std::byte* piece, std::size_t count) { std::memcpy(&result, piece, count); },
      [](std::size_t, double) { FAIL("no infinity here"); });
  return static_cast<double>(result);
}

}  // namespace

TEST_CASE("axes in reverse: what stood at (i, j, k) stands at (k, j, i)") {
  const Shape shape = {2, 3, 4};
  std::vector<std::uint16_t> from(24), to(24);
  for (std::uint16_t i = 0; i < 24; ++i) from[i] = i;
  reverse_axes(2, reinterpret_cast<const std::byte*>(from.data()), shape,
               reinterpret_cast<std::byte*>(to.data()));
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t k = 0; k < 4; ++k) CHECK(to[(k * 3 + j) * 2 + i] == (i * 3 + j) * 4 + k);
  CHECK(reversed(shape) == Shape{4, 3, 2});
  CHECK(reversed(Shape{}) == Shape{});
}

TEST_CASE("bytes are reversed within each element") {
  std::vector<std::byte> bytes = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  swap_bytes(bytes.data(), 2, 2);
  CHECK(bytes == std::vector<std::byte>{std::byte{2}, std::byte{1}, std::byte{4}, std::byte{3}});
}

TEST_CASE("elements that are not aligned are converted like others, piece by piece") {
  const std::size_t n = 2500;
  std::vector<std::byte> bytes(1 + n * sizeof(std::int16_t));
  for (std::size_t i = 0; i < n; ++i) {
    const auto value = static_cast<std::int16_t>(static_cast<int>(i) - 1000);
    std::memcpy(bytes.data() + 1 + i * sizeof value, &value, sizeof value);
  }
  std::vector<float> values;
  convert_elements(
      io::Dtype::int16, bytes.data() + 1, n, io::Dtype::float32,
      [&](const std::byte* piece, std::size_t count) {
        const auto* first = reinterpret_cast<const float*>(piece);
        values.insert(values.end(), first, first + count / sizeof(float));
      },
      [](std::size_t, double) { FAIL("no infinity here"); });
  REQUIRE(values.size() == n);
  for (std::size_t i = 0; i < n; ++i) CHECK(values[i] == static_cast<float>(i) - 1000);
}

TEST_CASE("an integer of 64 bits is rounded once, to the nearest of any scalar") {
  const auto as_float = [](std::int64_t value) {
    return converted_element<float>(value, io::Dtype::int64, io::Dtype::float32);
  };
  // 1 above the middle of two floats, which no double can tell from the middle.
  const std::int64_t middle = (std::int64_t{1} << 54) + (std::int64_t{1} << 30);
  CHECK(as_float(middle) == std::ldexp(1, 54));
  CHECK(as_float(middle + 1) == std::ldexp(1, 54) + std::ldexp(1, 31));
  CHECK(as_float(-middle - 1) == -std::ldexp(1, 54) - std::ldexp(1, 31));
  CHECK(as_float(INT64_MIN) == -std::ldexp(1, 63));
  CHECK(as_float(0) == 0);
  CHECK(converted_element<float>(UINT64_MAX, io::Dtype::uint64, io::Dtype::float32) ==
        std::ldexp(1, 64));
  CHECK(converted_element<Eigen::bfloat16>(std::int64_t{(1LL << 62) + (1LL << 54) + 1},
                                           io::Dtype::int64, io::Dtype::bfloat16) ==
        std::ldexp(1, 62) + std::ldexp(1, 55));
  // A double itself, to the nearest: not odd.
  CHECK(converted_element<double>((std::int64_t{1} << 60) + 1, io::Dtype::int64,
                                  io::Dtype::float64) == std::ldexp(1, 60));
}

TEST_CASE("a product that does not fit into 64 bits is told") {
  std::uint64_t product = std::uint64_t{1} << 32;
  CHECK(multiply(product, (std::uint64_t{1} << 32) - 1));
  CHECK_FALSE(multiply(product, 2));
}
