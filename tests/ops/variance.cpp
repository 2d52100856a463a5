// SPDX-License-Identifier: MIT
#include <parton/ops/variance.hpp>

#include <cmath>
#include <utility>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("variance and stddev are those of NumPy") {
  // np.var and np.std of [[1, 2, 4], [0, 0, 6]].
  const Tensor<double> x{{1, 2, 4}, {0, 0, 6}};
  check_values(variance(x), {}, {4.805555555555556});
  check_values(variance(x, 0), {3}, {0.25, 1, 1});
  check_values(variance(x, 1, true), {2, 1}, {14. / 9, 8});
  check_values(variance(x, 1, false, 1), {2}, {7. / 3, 12});
  check_values(stddev(x, 1, false, 1), {2}, {std::sqrt(7. / 3), std::sqrt(12.)});
  check_values(stddev(x.cast<Eigen::half>(), {0, 1}), {}, {2.1921577396609844});
  CHECK(variance(x, {}) == Tensor<double>::zeros({2, 3}));
  CHECK(std::isnan(variance(x, {}, false, 1)(0, 0)));
  CHECK(std::isnan(variance(Tensor<>::empty({0})).item()));
  CHECK(variance(Tensor<>::empty({0, 3}), 1).shape() == Shape{0});
  check_shape_only(variance(Tensor<>::shape_only({2, 3}), 1), {2});
  check_shape_only(stddev(Tensor<>::shape_only({2, 3}), 1, true), {2, 1});
  CHECK_THROWS_AS(variance(x, 2), IndexError);
  CHECK_THROWS_AS(stddev(x, {0, -2}), ValueError);
}

TEST_CASE("a large mean takes no precision from a variance") {
  const Tensor x{10000.f, 10001.f, 10002.f};
  CHECK(variance(x).item() == Approx(2. / 3));
  CHECK(variance(Eigen::VectorXf::Constant(3, 7)).item() == 0);
}

TEST_CASE("the gradients of variance and stddev are those of finite differences") {
  for (const auto& [shape, axes] : std::vector<std::pair<Shape, Axes>>{
           {{3, 4}, Axes::all()}, {{3, 4}, 0}, {{2, 3, 4}, {0, 2}}, {{2, 3, 4}, 1}, {{0, 3}, 1}})
    for (const Index ddof : {0, 1}) {
      check_gradients(
          [&, wanted = axes](const auto& in) { return variance(in[0], wanted, ddof == 0, ddof); },
          {random_input(shape)});
      check_gradients(
          [&, wanted = axes](const auto& in) { return stddev(in[0], wanted, ddof == 0, ddof); },
          {random_input(shape)});
    }
  check_gradients([](const auto& in) { return variance(in[0]); }, {random_input({})});
  Tensor<Eigen::half> x{{1, 3}, {2, 2}};
  x.attach_grad();
  const autograd::Record recording;
  stddev(x, 1).backward();
  CHECK(x.grad() == Tensor<Eigen::half>{{-0.5f, 0.5f}, {0, 0}});
}
