// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <vector>

#include <parton/io/detail/elements.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using namespace parton::io::detail;

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
  convert_elements(io::Dtype::int16, bytes.data() + 1, n, io::Dtype::float32,
                   [&](const std::byte* piece, std::size_t count) {
                     const auto* first = reinterpret_cast<const float*>(piece);
                     values.insert(values.end(), first, first + count / sizeof(float));
                   });
  REQUIRE(values.size() == n);
  for (std::size_t i = 0; i < n; ++i) CHECK(values[i] == static_cast<float>(i) - 1000);
}

TEST_CASE("a product that does not fit into 64 bits is told") {
  std::uint64_t product = std::uint64_t{1} << 32;
  CHECK(multiply(product, (std::uint64_t{1} << 32) - 1));
  CHECK_FALSE(multiply(product, 2));
}
