// SPDX-License-Identifier: MIT
#include <parton/tensor/creation.hpp>

#include <concepts>
#include <cstdint>
#include <limits>

#include <parton_test/catch.hpp>

using Catch::Matchers::ContainsSubstring;
using parton::Index;
using parton::Shape;
using parton::ShapeError;
using parton::Tensor;
using parton::ValueError;

TEST_CASE("zeros, ones and full make float tensors of a shape, or of the scalar asked for") {
  CHECK(parton::zeros({2, 2}) == Tensor{{0.f, 0.f}, {0.f, 0.f}});
  CHECK(parton::ones({3}) == Tensor{1.f, 1.f, 1.f});
  CHECK(parton::full({2}, 0.5) == Tensor{0.5f, 0.5f});
  CHECK(parton::full({}, 7).item() == 7.f);
  STATIC_REQUIRE(std::same_as<decltype(parton::full({2}, 1)), Tensor<float>>);
  STATIC_REQUIRE(std::same_as<decltype(parton::ones<double>({2})), Tensor<double>>);
  CHECK(parton::ones<Eigen::half>({2}) == Tensor<Eigen::half>{1, 1});
  CHECK(parton::zeros<bool>({1}) == Tensor<bool>{false});
  CHECK(parton::full<int>({2}, -1) == Tensor<int>{-1, -1});
  CHECK(parton::zeros({0, 3}).shape() == Shape{0, 3});
}

TEST_CASE("the same shape gives storage of its own each time") {
  const Tensor a = parton::zeros({2});
  CHECK_FALSE(parton::zeros({2}).shares_storage_with(a));
}

TEST_CASE("a shape that is not known makes no tensor") {
  CHECK_THROWS_AS(parton::zeros({2, -1}), ShapeError);
  CHECK_THROWS_AS(parton::ones({-1}), ShapeError);
  CHECK_THROWS_AS(parton::full({-1}, 1), ShapeError);
  CHECK_THROWS_AS(parton::full<std::uint8_t>({2}, 256), ValueError);
}

TEST_CASE("arange counts from 0 up to n, which is left out") {
  CHECK(parton::arange(4) == Tensor{0.f, 1.f, 2.f, 3.f});
  CHECK(parton::arange<int>(3) == Tensor<int>{0, 1, 2});
  CHECK(parton::arange<Eigen::bfloat16>(2) == Tensor<Eigen::bfloat16>{0, 1});
  CHECK(parton::arange(0).shape() == Shape{0});
  CHECK(parton::arange(sizeof(std::int16_t)) == Tensor{0.f, 1.f});
  CHECK(parton::arange(6).reshape({2, -1})(1, 2) == 5.f);
}

TEST_CASE("arange ends where its scalar stops counting exactly") {
  // A bfloat16 has 8 bits of precision, so 0 to 256 are exact and 257 is not; a half has 11.
  CHECK(static_cast<float>(parton::arange<Eigen::bfloat16>(257)(-1)) == 256.f);
  CHECK_THROWS_AS(parton::arange<Eigen::bfloat16>(258), ValueError);
  CHECK(static_cast<float>(parton::arange<Eigen::half>(2049)(-1)) == 2048.f);
  CHECK_THROWS_AS(parton::arange<Eigen::half>(2050), ValueError);
  CHECK(parton::arange<std::int8_t>(128)(-1) == 127);
  CHECK_THROWS_AS(parton::arange<std::int8_t>(129), ValueError);
  CHECK(parton::arange<std::uint8_t>(256)(-1) == 255);
  CHECK_THROWS_AS(parton::arange(Index{1} << 25), ValueError);
  CHECK_THROWS_WITH(parton::arange<std::int8_t>(129), ContainsSubstring("arange(129)") &&
                                                          ContainsSubstring("128") &&
                                                          ContainsSubstring("int8"));
  CHECK_THROWS_AS(parton::arange(-1), ValueError);
  CHECK_THROWS_WITH(parton::arange(-1), ContainsSubstring("arange(-1)"));
}

TEST_CASE("eye is the identity matrix") {
  CHECK(parton::eye(2) == Tensor{{1.f, 0.f}, {0.f, 1.f}});
  CHECK(parton::eye(1).shape() == Shape{1, 1});
  CHECK(parton::eye(0).shape() == Shape{0, 0});
  CHECK(parton::eye<double>(3) == Tensor<double>(Eigen::MatrixXd::Identity(3, 3)));
  CHECK_THROWS_AS(parton::eye(-1), ShapeError);
  CHECK_THROWS_AS(parton::eye(Index{1} << 40), ShapeError);
}
