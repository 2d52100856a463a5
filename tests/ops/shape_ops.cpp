// SPDX-License-Identifier: MIT
#include <parton/ops/shape_ops.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("flatten keeps the first axis") {
  CHECK(flatten(sample({2, 3, 4})).shape() == Shape{2, 12});
  CHECK(flatten(sample({2, 3})) == sample({2, 3}));
  CHECK(flatten(sample({5})).shape() == Shape{5, 1});
  CHECK(flatten(sample({0, 3, 4})).shape() == Shape{0, 12});
  CHECK(flatten(sample({3, 0})).shape() == Shape{3, 0});
  CHECK_THROWS_AS(flatten(Tensor<>::full({}, 1)), ShapeError);
  CHECK_THROWS_WITH(flatten(Tensor<>::full({}, 1)),
                    Catch::Matchers::ContainsSubstring("flatten") &&
                        Catch::Matchers::ContainsSubstring("reshape"));
  const Tensor x = sample({2, 3, 4});
  CHECK(flatten(x).shares_storage_with(x));
  check_shape_only(flatten(Tensor<>::shape_only({2, 3, 4})), {2, 12});
  CHECK_THROWS_AS(flatten(Tensor<>::shape_only({})), ShapeError);
  Eigen::Tensor<float, 3> t(2, 3, 4);
  t.setConstant(1);
  CHECK(flatten(t) == Tensor<>::full({2, 12}, 1));
}

TEST_CASE("reshape shares storage and fills in one dimension") {
  const Tensor x = sample({2, 6});
  CHECK(reshape(x, {3, -1}).shape() == Shape{3, 4});
  CHECK(reshape(x, {12}).shares_storage_with(x));
  CHECK(reshape(sample({1}), {}).item() == sample({1})(0));
  CHECK_THROWS_AS(reshape(x, {5}), ShapeError);
  check_shape_only(reshape(Tensor<>::shape_only({2, 6}), {4, 3}), {4, 3});
  CHECK(reshape(Eigen::MatrixXf::Ones(2, 2), {4}) == Tensor<>::full({4}, 1));
}

TEST_CASE("transpose puts every element where its axes go, for every order of axes") {
  for (const Shape& shape : shapes()) {
    const auto x = sample<double>(shape);
    std::vector<std::size_t> order(shape.rank());
    std::iota(order.begin(), order.end(), std::size_t{0});
    do {
      std::vector<Index> dims;
      for (const std::size_t axis : order) dims.push_back(shape.dims()[axis]);
      Tensor<double> y;
      if (order.empty()) y = transpose(x, {});
      if (order.size() == 1) y = transpose(x, {order[0]});
      if (order.size() == 2) y = transpose(x, {order[0], order[1]});
      if (order.size() == 3) y = transpose(x, {order[0], order[1], order[2]});
      if (order.size() == 4) y = transpose(x, {order[0], order[1], order[2], order[3]});
      REQUIRE(y.shape() == Shape(dims));
      for (Index i = 0; i < y.size(); ++i) {
        const auto to = position(i, y.shape());
        std::vector<Index> from(to.size());
        for (std::size_t k = 0; k < to.size(); ++k) from[order[k]] = to[k];
        CHECK(y.data()[i] == broadcast_at(x, from));
      }
      if (std::is_sorted(order.rbegin(), order.rend())) CHECK(transpose(x) == y);
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

TEST_CASE("transpose works for any scalar, without values, and of Eigen arguments") {
  CHECK(transpose(Tensor<bool>{{true, false}}) == Tensor<bool>{{true}, {false}});
  CHECK(transpose(Tensor<Eigen::half>{{1, 2}, {3, 4}}) == Tensor<Eigen::half>{{1, 3}, {2, 4}});
  CHECK(transpose(sample({2, 3, 4}), {-1, 0, 1}).shape() == Shape{4, 2, 3});
  check_shape_only(transpose(Tensor<>::shape_only({2, 3, 4})), {4, 3, 2});
  check_shape_only(transpose(Tensor<>::shape_only({2, 3, 4}), {0, 2, 1}), {2, 4, 3});
  const Eigen::MatrixXf m = Eigen::MatrixXf::Random(2, 3);
  CHECK(transpose(m) == Tensor(m.transpose()));
}

TEST_CASE("transpose wants each axis once") {
  const Tensor x = sample({2, 3, 4});
  CHECK_THROWS_AS(transpose(x, {0, 1}), ValueError);
  CHECK_THROWS_AS(transpose(x, {0, 1, 1}), ValueError);
  CHECK_THROWS_AS(transpose(x, {0, 1, 3}), IndexError);
  CHECK_THROWS_AS(transpose(Tensor<>::shape_only({2, 3}), {0}), ValueError);
  CHECK_THROWS_WITH(transpose(x, {0, 1}), Catch::Matchers::ContainsSubstring("(2, 3, 4)"));
}

TEST_CASE("the gradients of reshape, flatten and transpose put each element back") {
  for (const Shape& shape : {Shape{2, 3, 4}, Shape{2, 0, 4}, Shape{5, 1, 1}}) {
    check_gradients([](const auto& in) { return flatten(in[0]); }, {random_input(shape)});
    check_gradients([](const auto& in) { return reshape(in[0], Shape{in[0].size()}); },
                    {random_input(shape)});
    check_gradients([](const auto& in) { return transpose(in[0]); }, {random_input(shape)});
    check_gradients(
        [](const auto& in) {
          return transpose(in[0], {1, 2, 0});
        },
        {random_input(shape)});
  }
  check_gradients([](const auto& in) { return transpose(in[0]); }, {random_input({})});
  check_gradients([](const auto& in) { return transpose(in[0]); }, {random_input({3, 4})});
}
