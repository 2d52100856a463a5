// SPDX-License-Identifier: MIT
#include <parton/ops/broadcast.hpp>

#include "reference.hpp"

using namespace parton_test;
using parton::ShapeError;
using parton::detail::Broadcasting;

namespace {

Index runs(const Broadcasting<2>& plan) {
  Index count = 0;
  plan.for_each_run([&](Index, const auto&) { ++count; });
  return count;
}

}  // namespace

TEST_CASE("runs visit every element of the result once, beside the operands that meet there") {
  for (const Shape& left : shapes())
    for (const Shape& right : shapes()) {
      const auto shape = parton_test::broadcast_shape(left, right);
      INFO(left << " and " << right);
      if (!shape) {
        CHECK_THROWS_AS((Broadcasting<2>("test", {&left, &right})), ShapeError);
        continue;
      }
      const Broadcasting<2> plan("test", {&left, &right});
      REQUIRE(plan.shape() == *shape);
      // The operands count their own elements, so that a value is a position.
      const auto numbers = [](const Shape& s) {
        auto x = Tensor<double>::empty(s);
        for (Index i = 0; i < s.size(); ++i) x.mutable_data()[i] = static_cast<double>(i);
        return x;
      };
      const Tensor<double> a = numbers(left), b = numbers(right);
      Index next = 0;
      plan.for_each_run([&](Index at, const auto& from) {
        CHECK(at == next);
        next += plan.run();
        for (Index i = 0; i < plan.run(); ++i) {
          const auto where = position(at + i, *shape);
          CHECK(from[0] + (plan.repeats(0) ? 0 : i) == Index(broadcast_at(a, where)));
          CHECK(from[1] + (plan.repeats(1) ? 0 : i) == Index(broadcast_at(b, where)));
        }
      });
      CHECK(next == shape->size());
    }
}

TEST_CASE("the common cases are few and long runs") {
  const Shape matrix{6, 5}, row{5}, column{6, 1}, scalar{}, block{2, 3, 5}, inner{3, 5};
  CHECK(runs({"test", {&matrix, &matrix}}) == 1);
  CHECK(runs({"test", {&matrix, &scalar}}) == 1);
  CHECK(runs({"test", {&scalar, &matrix}}) == 1);
  CHECK(runs({"test", {&matrix, &row}}) == 6);
  CHECK(runs({"test", {&matrix, &column}}) == 6);
  CHECK(runs({"test", {&block, &inner}}) == 2);
}

TEST_CASE("three operands broadcast together, and a misfit names the operation") {
  const Shape a{4, 1, 1}, b{3, 1}, c{2}, wrong{5};
  CHECK(Broadcasting<3>("test", {&a, &b, &c}).shape() == Shape{4, 3, 2});
  CHECK_THROWS_WITH((Broadcasting<3>("where", {&b, &c, &wrong})),
                    Catch::Matchers::ContainsSubstring("where: the shapes (3, 2) and (5,)"));
}
