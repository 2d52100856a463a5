// SPDX-License-Identifier: MIT
#include <parton/ops/split.hpp>

#include <parton/ops/join.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("split cuts into equal parts or given sizes, and concat undoes it") {
  const Tensor<int> x = {{1, 2, 3}, {4, 5, 6}};
  const auto columns = split(x, 3, 1);
  REQUIRE(columns.size() == 3);
  CHECK(columns[1] == Tensor<int>{{2}, {5}});
  CHECK(concat(columns, 1) == x);
  const auto parts = split_sizes(x, {1, 0, 2}, -1);
  REQUIRE(parts.size() == 3);
  CHECK(parts[0] == columns[0]);
  CHECK(parts[1].shape() == Shape{2, 0});
  CHECK(parts[2] == Tensor<int>{{2, 3}, {5, 6}});
  CHECK(split_sizes(x, std::vector<std::size_t>{2})[0] == x);
  CHECK_FALSE(split(x, 1)[0].shares_storage_with(x));
  CHECK(split(Eigen::MatrixXf::Ones(4, 2), 2)[1] == Tensor{{1.f, 1.f}, {1.f, 1.f}});
  check_shape_only(split(Tensor<>::shape_only({4, 3}), 2)[0], {2, 3});
}

TEST_CASE("the parts' gradients meet in their places, also where some parts are unused") {
  check_gradients([](const auto& in) { return concat(split(in[0], 2, 1), 0); },
                  {sample<double>({2, 4, 3})});
  check_gradients(
      [](const auto& in) {
        return split_sizes(in[0], {1, 3, 1})[1];
      },
      {sample<double>({5, 2})});
  check_gradients([](const auto& in) { return split(in[0], 1)[0]; }, {sample<double>({0, 2})});
}

TEST_CASE("a split that does not come out even is an error with the way out") {
  const Tensor x = sample({5, 2});
  check_says(message_of<ValueError>([&] { static_cast<void>(split(x, 2)); }),
             {"split: 2 equal parts of axis 0 of the shape (5, 2)", "split_sizes"});
  CHECK_THROWS_AS(split(x, 0), ValueError);
  CHECK_THROWS_AS(split(x, -1), ValueError);
  check_says(message_of<ValueError>([&] {
               static_cast<void>(split_sizes(x, {2, 2}));
             }),
             {"split_sizes: the sizes [2, 2]", "axis 0", "(5, 2)"});
  CHECK_THROWS_AS(split_sizes(x, {6, -1}), ValueError);
  CHECK_THROWS_AS(split_sizes(x, {5, 5}), ValueError);
  CHECK_THROWS_AS(split(x, 1, 2), IndexError);
  CHECK_THROWS_AS(split(sample({}), 1), IndexError);
}
