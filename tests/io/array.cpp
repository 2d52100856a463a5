// SPDX-License-Identifier: MIT
#include <cstddef>
#include <string>
#include <vector>

#include <parton/io/array.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

std::vector<std::size_t> pieces_of(const io::Array& array) {
  std::vector<std::size_t> sizes;
  array.write([&](const std::byte*, std::size_t bytes) { sizes.push_back(bytes); });
  return sizes;
}

}  // namespace

TEST_CASE("an array is written in one piece as it lies, and in small ones if it is rounded") {
  const auto x = Tensor<>::zeros({3000});
  CHECK(pieces_of(io::Array("a", x)) == std::vector<std::size_t>{12000});
  CHECK(pieces_of(io::Array("a", x, io::Dtype::float16)) ==
        std::vector<std::size_t>{2048, 2048, 1904});
  CHECK(pieces_of(io::Array("a", Tensor<>::zeros({0, 3}))).empty());
  CHECK(pieces_of(io::Array("a", Tensor<>::zeros({0}), io::Dtype::float64)).empty());
}

TEST_CASE("an array has the values that its tensor has when it is written") {
  Tensor<> x = {1, 2};
  const io::Array array("a", x);
  x.fill(7);
  array.write([&](const std::byte* data, std::size_t bytes) {
    REQUIRE(bytes == 2 * sizeof(float));
    CHECK(reinterpret_cast<const float*>(data)[1] == 7);
  });
  CHECK(array.shape() == Shape{2});
  CHECK(array.dtype() == io::Dtype::float32);
}

TEST_CASE("names that stand together are each there once, and not too long") {
  const Tensor<> x = {1};
  CHECK_NOTHROW(io::detail::check_names("f", {io::Array("b", x), io::Array("a", x)}));
  CHECK_THROWS_AS(
      io::detail::check_names("f", {io::Array("a", x), io::Array("b", x), io::Array("a", x)}),
      ValueError);
  CHECK_NOTHROW(io::detail::check_names("f", {io::Array(std::string(4096, 'a'), x)}));
  CHECK_THROWS_AS(io::detail::check_names("f", {io::Array(std::string(4097, 'a'), x)}), ValueError);
}
