// SPDX-License-Identifier: MIT
#include <parton/tensor/shape.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include <parton_test/catch.hpp>

using Catch::Matchers::ContainsSubstring;
using parton::Dim;
using parton::Index;
using parton::IndexError;
using parton::Shape;
using parton::ShapeError;

TEST_CASE("a shape prints as a Python tuple") {
  CHECK(Shape{}.to_string() == "()");
  CHECK(Shape{256}.to_string() == "(256,)");
  CHECK(Shape{256, 20}.to_string() == "(256, 20)");
  CHECK(Shape{256, -1}.to_string() == "(256, -1)");
  std::ostringstream os;
  os << Shape{2, 3, 4};
  CHECK(os.str() == "(2, 3, 4)");
}

TEST_CASE("a shape takes no more than its dimensions and two words") {
  STATIC_REQUIRE(sizeof(Shape) <= (Shape::max_rank + 2) * sizeof(Index));
}

TEST_CASE("a default shape is that of a scalar: rank 0, one element") {
  const Shape shape;
  CHECK(shape.rank() == 0);
  CHECK(shape.size() == 1);
  CHECK(shape.is_known());
  CHECK(shape.begin() == shape.end());
  CHECK(shape == Shape{});
}

TEST_CASE("a shape takes integers of any type without a cast") {
  const std::vector<float> v(7);
  const std::uint8_t small = 3;
  const short negative = -1;
  CHECK(Shape{v.size(), 20} == Shape{7, 20});
  CHECK(Shape{small, 2U, 4LL, 5UL} == Shape{3, 2, 4, 5});
  CHECK(Shape{negative, 2} == Shape{-1, 2});
  enum Sizes { units = 10 };  // as Eigen's SizeAtCompileTime is
  CHECK(Shape{units, 2} == Shape{10, 2});
}

TEST_CASE("a shape is no place for fractions, flags or scoped enumerators") {
  enum class Scoped { one = 1 };
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Dim, double>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Dim, float>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Dim, bool>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Dim, Scoped>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<int, Shape>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<std::vector<Index>, Shape>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Shape, std::string>);
}

TEST_CASE("a shape is made from any run of integers") {
  const std::vector<std::size_t> sizes = {2, 3};
  const std::array<int, 3> three = {4, 5, 6};
  const Index raw[] = {7, -1};
  CHECK(Shape(sizes) == Shape{2, 3});
  CHECK(Shape(three) == Shape{4, 5, 6});
  CHECK(Shape(std::span<const Index>(raw)) == Shape{7, -1});
  CHECK(Shape(std::vector<int>{}) == Shape{});
  const Shape shape{2, 3};
  CHECK(Shape(shape.dims().subspan(1)) == Shape{3});
  CHECK(std::vector<Index>(shape.begin(), shape.end()) == std::vector<Index>{2, 3});
}

TEST_CASE("a shape is known at compile time where it is written so") {
  constexpr Shape shape{2, 3};
  STATIC_REQUIRE(shape.size() == 6);
  STATIC_REQUIRE(shape.rank() == 2);
  STATIC_REQUIRE(shape.is_known());
}

TEST_CASE("an axis may be counted from the end") {
  const Shape shape{2, 3, 4};
  CHECK(shape[0] == 2);
  CHECK(shape[2] == 4);
  CHECK(shape[-1] == 4);
  CHECK(shape[-3] == 2);
}

TEST_CASE("an axis that is not there is an IndexError with the axis and the shape") {
  const Shape shape{2, 3};
  CHECK_THROWS_AS(shape[2], IndexError);
  CHECK_THROWS_WITH(shape[2], "axis 2 is out of range for the shape (2, 3)");
  CHECK_THROWS_WITH(shape[-3], "axis -3 is out of range for the shape (2, 3)");
  CHECK_THROWS_AS(Shape{}[0], IndexError);
  CHECK_THROWS_AS(Shape{}[-1], IndexError);
  CHECK_THROWS_AS(shape.with(2, 1), IndexError);
}

TEST_CASE("the size is the product of the dimensions, 0 where one is 0 or not known") {
  CHECK(Shape{2, 3, 4}.size() == 24);
  CHECK(Shape{2, 0, 4}.size() == 0);
  CHECK(Shape{0}.size() == 0);
  CHECK(Shape{2, 0}.is_known());
  CHECK(Shape{2, -1}.size() == 0);
  CHECK_FALSE(Shape{2, -1}.is_known());
  CHECK(Shape{2, 3, 4}.product(1) == 12);
  CHECK(Shape{2, 3, 4}.product(0, 2) == 6);
  CHECK(Shape{2, 3, 4}.product(3) == 1);
}

TEST_CASE("with() replaces one dimension and leaves the rest") {
  const Shape shape{2, -1, 4};
  CHECK(shape.with(1, 3) == Shape{2, 3, 4});
  CHECK(shape.with(-2, 3).size() == 24);
  CHECK(shape == Shape{2, -1, 4});
  CHECK_THROWS_AS(shape.with(1, -2), ShapeError);
}

TEST_CASE("a shape with unknown dimensions accepts what agrees where it is known") {
  CHECK(Shape{256, -1}.accepts(Shape{256, 20}));
  CHECK(Shape{256, 20}.accepts(Shape{256, -1}));
  CHECK_FALSE(Shape{256, -1}.accepts(Shape{255, 20}));
  CHECK_FALSE(Shape{256, -1}.accepts(Shape{256}));
  CHECK(Shape{}.accepts(Shape{}));
}

TEST_CASE("equality compares rank and every dimension") {
  CHECK(Shape{2, 3} == Shape{2, 3});
  CHECK(Shape{2, 3} != Shape{3, 2});
  CHECK(Shape{6} != Shape{6, 1});
  CHECK(Shape{-1} != Shape{1});
}

TEST_CASE("a dimension below -1 is a ShapeError with the shape") {
  CHECK_THROWS_AS((Shape{2, -2}), ShapeError);
  CHECK_THROWS_WITH((Shape{2, -2}), ContainsSubstring("(2, -2)"));
  CHECK_THROWS_AS((Shape{std::numeric_limits<Index>::min()}), ShapeError);
}

TEST_CASE("a negative number that became unsigned is a ShapeError and not a huge dimension") {
  const std::vector<float> empty;
  CHECK_THROWS_AS((Shape{empty.size() - 1, 2}), ShapeError);
  CHECK_THROWS_WITH((Shape{empty.size() - 1, 2}), ContainsSubstring("negative number"));
  CHECK_THROWS_AS(Shape(std::vector<std::size_t>{2, empty.size() - 1}), ShapeError);
}

TEST_CASE("more than eight dimensions are a ShapeError with both numbers") {
  CHECK(Shape{1, 1, 1, 1, 1, 1, 1, 1}.rank() == 8);
  CHECK_THROWS_AS((Shape{1, 1, 1, 1, 1, 1, 1, 1, 1}), ShapeError);
  CHECK_THROWS_WITH((Shape{1, 1, 1, 1, 1, 1, 1, 1, 1}),
                    ContainsSubstring("9 dimensions") && ContainsSubstring("at most 8"));
  CHECK_THROWS_AS(Shape(std::vector<int>(100, 1)), ShapeError);
}

TEST_CASE("a shape whose elements cannot be addressed is a ShapeError") {
  const Index big = Index{1} << 40;
  const Index largest = std::numeric_limits<Index>::max();
  CHECK_THROWS_AS((Shape{big, big}), ShapeError);
  CHECK_THROWS_WITH((Shape{big, big}), ContainsSubstring("(1099511627776, 1099511627776)"));
  CHECK_THROWS_AS((Shape{largest}), ShapeError);
  CHECK_THROWS_AS((Shape{largest, largest, largest, largest}), ShapeError);
  CHECK(Shape{big, 4}.size() == 4 * big);

  // A row of such a shape would have a size that overflows, although the whole has no elements.
  CHECK_THROWS_AS((Shape{0, big, big}), ShapeError);
  CHECK_THROWS_AS((Shape{big, 0, big}), ShapeError);
  CHECK_THROWS_AS((Shape{-1, big, big}), ShapeError);
  CHECK_THROWS_AS((Shape{big, big, -1}), ShapeError);
}
