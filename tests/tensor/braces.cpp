// SPDX-License-Identifier: MIT
#include <parton/tensor/braces.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <parton/tensor/tensor.hpp>
#include <parton_test/catch.hpp>

using Catch::Matchers::ContainsSubstring;
using parton::Shape;
using parton::ShapeError;
using parton::Tensor;

namespace {

template <class Scalar>
std::vector<Scalar> flat_values(const Tensor<Scalar>& t) {
  return {t.data(), t.data() + t.size()};
}

}  // namespace

TEST_CASE("braces of every depth become a tensor of that rank, in row-major order") {
  const Tensor one = {1.f, 2.f, 3.f};
  CHECK(one.shape() == Shape{3});
  const Tensor b = {{1.f, 2.f}, {3.f, 4.f}};
  CHECK(b.shape() == Shape{2, 2});
  CHECK(flat_values(b) == std::vector<float>{1, 2, 3, 4});
  const Tensor three = {{{1.f, 2.f, 3.f}, {4.f, 5.f, 6.f}}};
  CHECK(three.shape() == Shape{1, 2, 3});
  CHECK(flat_values(three) == std::vector<float>{1, 2, 3, 4, 5, 6});
  const Tensor four = {{{{1.f}, {2.f}}}, {{{3.f}, {4.f}}}};
  CHECK(four.shape() == Shape{2, 1, 2, 1});
  CHECK(flat_values(four) == std::vector<float>{1, 2, 3, 4});
  const Tensor five = {{{{{1.f, 2.f}}}}};
  CHECK(five.shape() == Shape{1, 1, 1, 1, 2});
  const Tensor six = {{{{{{1.f, 2.f}, {3.f, 4.f}}}}}};
  CHECK(six.shape() == Shape{1, 1, 1, 1, 2, 2});
  const Tensor<> seven = {{{{{{{1.f, 2.f}}}}}}};
  CHECK(seven.shape() == Shape{1, 1, 1, 1, 1, 1, 2});
  const Tensor<> eight = {{{{{{{{1.f, 2.f}}}}}}}};
  CHECK(eight.shape() == Shape{1, 1, 1, 1, 1, 1, 1, 2});
}

TEST_CASE("rows of a single element stay rows") {
  const Tensor column = {{1.f}, {2.f}};
  CHECK(column.shape() == Shape{2, 1});
  const Tensor<> named = {{1.f}, {2.f}};
  CHECK(named.shape() == Shape{2, 1});
  const Tensor cell = {{1.f}};
  CHECK(cell.shape() == Shape{1, 1});
  const Tensor deep = {{{1.f}}};
  CHECK(deep.shape() == Shape{1, 1, 1});
  const Tensor single = {1.f};
  CHECK(single.shape() == Shape{1});
  const Tensor<> direct{5};
  CHECK(direct.shape() == Shape{1});
  CHECK(direct(0) == 5.f);
}

TEST_CASE("braces deduce the scalar: whole numbers make floats, the others themselves") {
  STATIC_REQUIRE(std::same_as<decltype(Tensor{1.f, 2.f}), Tensor<float>>);
  STATIC_REQUIRE(std::same_as<decltype(Tensor{{1.0, 2.0}}), Tensor<double>>);
  STATIC_REQUIRE(std::same_as<decltype(Tensor{1, 2}), Tensor<float>>);
  STATIC_REQUIRE(std::same_as<decltype(Tensor{{1U}, {2U}}), Tensor<float>>);
  STATIC_REQUIRE(std::same_as<decltype(Tensor{true, false}), Tensor<bool>>);
  STATIC_REQUIRE(std::same_as<decltype(Tensor{Eigen::half(1.f)}), Tensor<Eigen::half>>);
  STATIC_REQUIRE(std::same_as<decltype(Tensor{{Eigen::bfloat16(1.f)}}), Tensor<Eigen::bfloat16>>);
  const Tensor t = {{1, 2}, {3, 4}};
  CHECK(flat_values(t) == std::vector<float>{1, 2, 3, 4});
}

TEST_CASE("a named scalar takes mixed numbers in braces") {
  CHECK(flat_values(Tensor<>{1, 2.5, 3.f, 4U}) == std::vector<float>{1, 2.5f, 3, 4});
  CHECK(flat_values(Tensor<double>{{1, 2.5f}, {3.0, Eigen::half(4.f)}}) ==
        std::vector<double>{1, 2.5, 3, 4});
  CHECK(flat_values(Tensor<std::int64_t>{1, 2U}) == std::vector<std::int64_t>{1, 2});
  const Tensor<Eigen::half> half = {1, 0.5, 0.25f};
  CHECK(static_cast<float>(half(1)) == 0.5f);
  const Tensor<bool> mask = {{true, false}, {false, true}};
  CHECK(mask(0, 0));
  CHECK_FALSE(mask(1, 0));
}

TEST_CASE("braces of integers take no fraction and no number that does not fit") {
  using parton::detail::Braces;
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Braces<int>, double>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Braces<int>, Eigen::half>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Braces<float>, char>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Braces<float>, const char*>);
  CHECK_THROWS_AS((Tensor<std::int8_t>{1, 300}), parton::ValueError);
  CHECK_THROWS_AS((Tensor<unsigned>{-1}), parton::ValueError);
}

TEST_CASE("empty braces make empty tensors") {
  const Tensor<> none = {};
  CHECK(none.shape() == Shape{0});
  const Tensor<> rows = {{}, {}};
  CHECK(rows.shape() == Shape{2, 0});
  CHECK(rows.size() == 0);
  const Tensor<> one_row = {{}};
  CHECK(one_row.shape() == Shape{1, 0});
}

TEST_CASE("ragged braces are a ShapeError with both shapes") {
  CHECK_THROWS_AS((Tensor<>{{1, 2}, {3}}), ShapeError);
  CHECK_THROWS_WITH((Tensor<>{{1, 2}, {3}}),
                    ContainsSubstring("(2,)") && ContainsSubstring("(1,)"));
  CHECK_THROWS_AS((Tensor<>{{1, 2}, 3}), ShapeError);
  CHECK_THROWS_AS((Tensor<>{1, {2}}), ShapeError);
  CHECK_THROWS_AS((Tensor<>{{}, {1}}), ShapeError);
  CHECK_THROWS_AS((Tensor<>{{{1, 2}}, {{1}, {2}}}), ShapeError);
  CHECK_THROWS_WITH((Tensor<>{{{1, 2}}, {{1}, {2}}}),
                    ContainsSubstring("(1, 2)") && ContainsSubstring("(2, 1)"));
}

TEST_CASE("braces deeper than the highest rank are a ShapeError") {
  CHECK_THROWS_AS((Tensor<>{{{{{{{{{1, 2}}}}}}}}}), ShapeError);
}

TEST_CASE("braces stand wherever a tensor is wanted") {
  Tensor t = {{1.f, 2.f}, {3.f, 4.f}};
  t += {10, 20};
  CHECK(t == Tensor{{11.f, 22.f}, {13.f, 24.f}});
  t = {1, 2};
  CHECK(t.shape() == Shape{2});
  t.assign({5, 6});
  CHECK(t == Tensor{5, 6});
}
