// SPDX-License-Identifier: MIT
#include <parton/ops/take.hpp>

#include <cmath>
#include <cstdint>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("take gathers rows by whole numbers of any scalar") {
  const Tensor table{{0.f, 1.f}, {2.f, 3.f}, {4.f, 5.f}};
  const Tensor rows{{4.f, 5.f}, {0.f, 1.f}, {4.f, 5.f}};
  CHECK(take(table, Tensor{2.f, 0.f, 2.f}) == rows);
  CHECK(take(table, Tensor<int>{2, 0, 2}) == rows);
  CHECK(take(table, Tensor<std::int64_t>{2, 0, 2}) == rows);
  CHECK(take(table, Tensor<std::uint8_t>{2, 0, 2}) == rows);
  CHECK(take(table, Tensor<Eigen::half>{2, 0, 2}) == rows);
  CHECK(take(table.cast<double>(), Tensor<Eigen::bfloat16>{2, 0, 2}) == rows.cast<double>());
  CHECK(take(table, Eigen::Vector3i(2, 0, 2)) == rows);
  CHECK(take(Eigen::MatrixXf::Ones(3, 2), Tensor<int>{1}) == Tensor{{1.f, 1.f}});
  CHECK_FALSE(take(table, Tensor<int>{0}).shares_storage_with(table));
}

TEST_CASE("the result has the shape of the indices, then that of a row") {
  const Tensor table = sample({5, 2, 3});
  const Tensor<int> indices{{4, 0, 1, 1}, {2, 2, 3, 0}};
  const Tensor y = take(table, indices);
  REQUIRE(y.shape() == Shape{2, 4, 2, 3});
  for (Index i = 0; i < 2; ++i)
    for (Index j = 0; j < 4; ++j) CHECK(y[i][j] == table[indices(i, j)]);
  CHECK(take(table, Tensor<int>::full({}, 3)) == table[3]);
  CHECK(take(sample({5}), Tensor<int>{1, 2}).shape() == Shape{2});
  CHECK(take(table, Tensor<int>::empty({0, 3})).shape() == Shape{0, 3, 2, 3});
  CHECK(take(Tensor<>::empty({0, 4}), Tensor<int>::empty({2, 0})).shape() == Shape{2, 0, 4});
  check_shape_only(take(Tensor<>::shape_only({5, 2}), indices), {2, 4, 2});
  check_shape_only(take(table, Tensor<>::shape_only({7})), {7, 2, 3});
}

TEST_CASE("an index that is no row is an error that names it and the rows there are") {
  const Tensor table = sample({5, 2});
  CHECK_THROWS_AS(take(table, Tensor<int>{5}), IndexError);
  CHECK_THROWS_AS(take(table, Tensor<int>{0, -1}), IndexError);
  CHECK_THROWS_AS(take(table, Tensor{5.f}), IndexError);
  CHECK_THROWS_AS(take(table, Tensor{-1.f}), IndexError);
  CHECK_THROWS_AS(take(table, Tensor{1.5f}), IndexError);
  CHECK_THROWS_AS(take(table, Tensor{std::nanf("")}), IndexError);
  CHECK_THROWS_AS(take(table, Tensor<double>{1e300}), IndexError);
  CHECK_THROWS_AS(take(table, Tensor<std::uint64_t>{~std::uint64_t{0}}), IndexError);
  CHECK_THROWS_AS(take(Tensor<>::empty({0, 2}), Tensor<int>{0}), IndexError);
  CHECK_THROWS_WITH(take(table, Tensor<int>{7}),
                    ContainsSubstring("index 7 ") && ContainsSubstring("0 to 4"));
  CHECK_THROWS_WITH(take(table, Tensor{1.5f}), ContainsSubstring("index 1.5 "));
}

TEST_CASE("a table without rows and too many axes are errors") {
  CHECK_THROWS_AS(take(Tensor<>::full({}, 1), Tensor<int>{0}), ShapeError);
  CHECK_THROWS_WITH(take(Tensor<>::full({}, 1), Tensor<int>{0}), ContainsSubstring("no rows"));
  CHECK_THROWS_AS(take(sample({1, 1, 1, 1, 1}), Tensor<int>::zeros({1, 1, 1, 1, 1})), ShapeError);
}

TEST_CASE("the gradient of take adds up where a row was taken more than once") {
  const Tensor<int> indices{{2, 0, 2}, {4, 2, 0}};
  for (const Shape& table : {Shape{5, 3}, Shape{5}, Shape{5, 0}, Shape{5, 2, 2}})
    check_gradients([&](const auto& in) { return take(in[0], indices); }, {random_input(table)});
  check_gradients([&](const auto& in) { return take(in[0], Tensor<int>::empty({0})); },
                  {random_input({2, 3})});
  Tensor<Eigen::bfloat16> table{{1, 2}, {3, 4}};
  table.attach_grad();
  const autograd::Record recording;
  take(table, Tensor<int>::full({1000}, 1)).backward();
  CHECK(table.grad() == Tensor<Eigen::bfloat16>{{0, 0}, {1000, 1000}});
}
