// SPDX-License-Identifier: MIT
#include <parton/ops/axes.hpp>

#include <vector>

#include <parton_test/catch.hpp>

using parton::Axes;
using parton::IndexError;
using parton::Shape;
using parton::ValueError;
using parton::detail::AxisSplit;

namespace {

unsigned long mask(const Axes& axes, const Shape& shape) { return axes.mask(shape).to_ulong(); }

}  // namespace

TEST_CASE("axes are one integer, a list, a run, all or none, counted from either end") {
  const Shape shape{2, 3, 4};
  CHECK(mask(0, shape) == 0b001);
  CHECK(mask(-1, shape) == 0b100);
  CHECK(mask(2u, shape) == 0b100);
  CHECK(mask({0, 2}, shape) == 0b101);
  CHECK(mask({0, -2}, shape) == 0b011);
  CHECK(mask(std::vector<int>{1, 2}, shape) == 0b110);
  CHECK(mask(Axes::all(), shape) == 0b111);
  CHECK(mask({}, shape) == 0);
  CHECK(mask(Axes::all(), {}) == 0);
}

TEST_CASE("an axis that is not there or named twice is an error") {
  CHECK_THROWS_AS(mask(3, {2, 3, 4}), IndexError);
  CHECK_THROWS_AS(mask(-4, {2, 3, 4}), IndexError);
  CHECK_THROWS_AS(mask(0, {}), IndexError);
  CHECK_THROWS_AS(mask({1, 1}, {2, 3, 4}), ValueError);
  CHECK_THROWS_AS(mask({2, -1}, {2, 3, 4}), ValueError);
  CHECK_THROWS_AS(Axes({0, 1, 2, 3, 4, 5, 6, 7, 8}), parton::ShapeError);
  CHECK_THROWS_WITH(mask({2, -1}, {2, 3, 4}),
                    Catch::Matchers::ContainsSubstring("axis -1 of the shape (2, 3, 4)"));
}

TEST_CASE("a shape splits around an axis into what is before, along and behind it") {
  const AxisSplit middle(1, {2, 3, 4});
  CHECK(middle.outer == 2);
  CHECK(middle.n == 3);
  CHECK(middle.inner == 4);
  const AxisSplit last(-1, {2, 3, 4});
  CHECK(last.at == 2);
  CHECK(last.outer == 6);
  CHECK(last.inner == 1);
  CHECK_THROWS_AS(AxisSplit(-4, {2, 3, 4}), IndexError);
  CHECK_THROWS_AS(AxisSplit(0, {}), IndexError);
}

TEST_CASE("reduced axes go, or stay with size 1") {
  const Shape shape{2, 3, 4};
  CHECK(parton::detail::without(shape, Axes({0, 2}).mask(shape)) == Shape{3});
  CHECK(parton::detail::with_ones(shape, Axes({0, 2}).mask(shape)) == Shape{1, 3, 1});
  CHECK(parton::detail::without(shape, Axes::all().mask(shape)) == Shape{});
}
