// SPDX-License-Identifier: MIT
#include <parton/ops/per_axis.hpp>

#include <array>
#include <cstdint>
#include <limits>

#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("one number is for all axes, and a list is one for each") {
  const PerAxis<2> same = 3, each = {3, 5u};
  CHECK(same[0] == 3);
  CHECK(same[1] == 3);
  CHECK(each[1] == 5);
  CHECK(same == PerAxis<2>{3, 3});
  CHECK_FALSE(same == each);
  CHECK(PerAxis<2>(std::array<Index, 2>{3, 5}) == each);
  CHECK(PerAxis<1>{4}[0] == 4);
  CHECK(each.to_string() == "(3, 5)");
  CHECK(PerAxis<1>(2).to_string() == "(2,)");
  CHECK_THROWS_AS(PerAxis<2>(std::numeric_limits<std::uint64_t>::max()), ShapeError);
}

TEST_CASE("a padding is the same all around, one for each axis, or one for each side") {
  const Padding<2> all = 1, each = {1, 2}, sides = {{0, 1}, {2, 3}}, mixed = {{0, 1}, 2};
  CHECK(all == Padding<2>{1, 1});
  CHECK(each[1] == Sides(2, 2));
  CHECK(sides[0] == Sides(0, 1));
  CHECK(sides[1].end == 3);
  CHECK(mixed[1] == Sides(2));
  const Padding<1> end = {{0, 1}}, both = 2;
  CHECK(end[0] == Sides(0, 1));
  CHECK(both[0].begin == 2);
  CHECK(Padding<2>(PerAxis<2>{1, 2}) == each);
  CHECK(Padding<2>(0).is_none());
  CHECK_FALSE(end.is_none());
}

TEST_CASE("a padding prints its sides where they differ") {
  CHECK(Padding<2>(1).to_string() == "(1, 1)");
  CHECK(Padding<1>(3).to_string() == "(3,)");
  CHECK(Padding<2>{{0, 1}, 2}.to_string() == "((0, 1), (2, 2))");
  CHECK(Padding<1>{{0, 1}}.to_string() == "((0, 1),)");
}
