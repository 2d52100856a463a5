// SPDX-License-Identifier: MIT
#include <parton/ops/reduce.hpp>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

/// Each group of elements that a reduction over the axes of a mask puts together, in the order of
/// the results.
template <class Scalar>
std::vector<std::vector<double>> groups(const Tensor<Scalar>& x, unsigned long mask) {
  const Shape kept = detail::with_ones(x.shape(), {mask});
  std::vector<std::vector<double>> result(static_cast<std::size_t>(kept.size()));
  for (Index i = 0; i < x.size(); ++i) {
    const auto at = position(i, x.shape());
    Index group = 0;
    for (std::size_t k = 0; k < at.size(); ++k)
      group = group * kept.dims()[k] + ((mask >> k & 1) != 0 ? 0 : at[k]);
    result[static_cast<std::size_t>(group)].push_back(static_cast<double>(x.data()[i]));
  }
  return result;
}

using Fold = std::function<double(const std::vector<double>&)>;

double total(const std::vector<double>& values) {
  double result = 0;
  for (const double v : values) result += v;
  return result;
}
double average(const std::vector<double>& values) {
  return total(values) / static_cast<double>(values.size());
}
double length(const std::vector<double>& values) {
  double result = 0;
  for (const double v : values) result += v * v;
  return std::sqrt(result);
}
double largest(const std::vector<double>& values) {
  return *std::max_element(values.begin(), values.end());
}
double smallest(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

/// Checks `op(x, axes, keepdims)` for every set of axes of every kind of shape.
template <class Scalar, class Op>
void check_reduction(Op op, const Fold& fold, bool of_nothing) {
  for (const Shape& shape : shapes()) {
    const auto x = sample<Scalar>(shape);
    for (unsigned long mask = 0; mask < 1UL << shape.rank(); ++mask) {
      INFO(shape << " over " << mask);
      std::vector<int> axes;
      for (int i = 0; i < static_cast<int>(shape.rank()); ++i)
        if ((mask >> i & 1) != 0) axes.push_back(i);
      const Shape kept = detail::with_ones(shape, {mask}), gone = detail::without(shape, {mask});
      if (!of_nothing && shape.size() == 0 && kept.size() > 0) {
        CHECK_THROWS_AS(op(x, axes, false), ValueError);
        CHECK_THROWS_AS(op(Tensor<Scalar>::shape_only(shape), axes, false), ValueError);
        continue;
      }
      std::vector<double> expected;
      for (const auto& group : groups(x, mask)) expected.push_back(fold(group));
      check_values(op(x, axes, false), gone, expected);
      check_values(op(x, axes, true), kept, expected);
      check_shape_only(op(Tensor<Scalar>::shape_only(shape), axes, false), gone);
      check_shape_only(op(Tensor<Scalar>::shape_only(shape), axes, true), kept);
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("reductions over any set of axes agree with a plain loop", "", float, double,
                   Eigen::half, Eigen::bfloat16) {
  check_reduction<TestType>([](auto&&... a) { return sum(a...); }, total, true);
  check_reduction<TestType>([](auto&&... a) { return mean(a...); }, average, true);
  check_reduction<TestType>([](auto&&... a) { return norm(a...); }, length, true);
  check_reduction<TestType>([](auto&&... a) { return max(a...); }, largest, false);
  check_reduction<TestType>([](auto&&... a) { return min(a...); }, smallest, false);
}

TEST_CASE("without axes everything is reduced to rank 0") {
  const Tensor x{{1.f, -2.f}, {3.f, 4.f}};
  CHECK(sum(x).shape() == Shape{});
  CHECK(sum(x).item() == 6);
  CHECK(mean(x).item() == 1.5f);
  CHECK(norm(x).item() == Approx(std::sqrt(30.)));
  CHECK(max(x).item() == 4);
  CHECK(min(x).item() == -2);
  CHECK(sum(x, 0) == Tensor{4.f, 2.f});
  CHECK(sum(x, -1) == Tensor{-1.f, 7.f});
  CHECK(sum(x, {0, 1}, true) == Tensor{{6.f}});
  CHECK(sum(x, {}) == x);  // no axis at all, as NumPy's axis=()
}

TEST_CASE("of nothing the sum is 0, the mean NaN, and there is no largest") {
  const Tensor<> x = Tensor<>::empty({0, 2});
  CHECK(sum(x).item() == 0);
  CHECK(sum(x, 0) == Tensor{0.f, 0.f});
  CHECK(norm(x).item() == 0);
  CHECK(std::isnan(mean(x).item()));
  CHECK(max(x, 1).shape() == Shape{0});
  CHECK_THROWS_WITH(max(x), ContainsSubstring("max") && ContainsSubstring("(0, 2)"));
  CHECK_THROWS_AS(min(x, 0), ValueError);
}

TEST_CASE("long sums keep their precision") {
  // Added one by one in float, 2^24 + 4 ones stop at 2^24, and tenths drift by 1e-2.
  const Index n = (Index{1} << 24) + 4;
  CHECK(sum(Tensor<>::full({n}, 1)).item() == static_cast<float>(n));
  const double tenth = static_cast<double>(0.1f) * static_cast<double>(n);
  CHECK(std::abs(static_cast<double>(sum(Tensor<>::full({n}, 0.1f)).item()) / tenth - 1) < 1e-6);
  const Tensor<Eigen::half> halves = Tensor<Eigen::half>::full({4096}, 1);
  CHECK(sum(halves).item() == Eigen::half(4096));
  CHECK(sum(halves.reshape({4096, 1}), 0)(0) == Eigen::half(4096));
  CHECK(mean(Tensor<Eigen::half>::full({100000}, 2)).item() == Eigen::half(2));
}

TEST_CASE("max and min find NaN wherever it stands") {
  for (Index at = 0; at < 37; ++at) {
    Tensor<> x = sample({37, 2});
    x(at, 1) = not_a_number;
    CHECK(std::isnan(max(x).item()));
    CHECK(std::isnan(min(x).item()));
    CHECK(std::isnan(max(x, 0)(1)));
    CHECK_FALSE(std::isnan(min(x, 0)(0)));
  }
}

TEST_CASE("integers and bools sum to int64 and keep their type in max and min") {
  STATIC_REQUIRE(std::same_as<decltype(sum(Tensor<int>{1})), Tensor<std::int64_t>>);
  CHECK(sum(Tensor<std::int8_t>{100, 100, -1}).item() == 199);
  CHECK(sum(Tensor<std::int8_t>{{100, 100}, {27, -1}}, 0) == Tensor<std::int64_t>{127, 99});
  CHECK(sum(Tensor<bool>{true, false, true}).item() == 2);
  const std::int64_t top = std::numeric_limits<std::int64_t>::max();
  CHECK(sum(Tensor<std::int64_t>{top, 1}).item() == std::numeric_limits<std::int64_t>::min());
  CHECK(max(Tensor<int>{{1, -7}, {-3, -9}}, 0) == Tensor<int>{1, -7});
  CHECK(min(Tensor<unsigned>{3u, 2u}).item() == 2u);
  CHECK(max(Tensor<bool>{false, true}).item());
}

TEST_CASE("argmax gives the position of the first largest") {
  const Tensor x{{1.f, 3.f, 3.f}, {5.f, -1.f, 4.f}};
  CHECK(argmax(x) == Tensor<std::int64_t>{1, 0});
  CHECK(argmax(x, 0) == Tensor<std::int64_t>{1, 0, 1});
  CHECK(argmax(Tensor{1.f, not_a_number, 9.f, not_a_number}).item() == 1);
  CHECK(argmax(Tensor{not_a_number, 2.f}).item() == 0);
  CHECK(argmax(Tensor<int>{3, 7}).item() == 1);
  CHECK(argmax(Tensor<>::empty({0, 3})).shape() == Shape{0});
  CHECK(argmax(sample({4, 2, 3}), 1).shape() == Shape{4, 3});
  check_shape_only(argmax(Tensor<>::shape_only({4, 2})), {4});
  CHECK_THROWS_AS(argmax(Tensor<>::empty({3, 0})), ValueError);
  CHECK_THROWS_AS(argmax(x, 2), IndexError);
  CHECK_THROWS_AS(argmax(Tensor<>::full({}, 1)), IndexError);
}

TEST_CASE("argmin gives the position of the first smallest") {
  const Tensor x{{1.f, -3.f, -3.f}, {5.f, -1.f, 4.f}};
  CHECK(argmin(x) == Tensor<std::int64_t>{1, 1});
  CHECK(argmin(x, 0) == Tensor<std::int64_t>{0, 0, 0});
  CHECK(argmin(Tensor{1.f, not_a_number, -9.f, not_a_number}).item() == 1);
  CHECK(argmin(Tensor<int>{7, 3}).item() == 1);
  CHECK_THROWS_WITH(argmin(Tensor<>::empty({3, 0})), ContainsSubstring("argmin"));
}

TEST_CASE("the gradients of reductions are those of finite differences") {
  using Op = std::function<Tensor<double>(const Tensor<double>&, const Axes&, bool)>;
  const std::vector<Op> ops = {
      [](auto&&... a) { return sum(a...); }, [](auto&&... a) { return mean(a...); },
      [](auto&&... a) { return norm(a...); }, [](auto&&... a) { return max(a...); },
      [](auto&&... a) { return min(a...); }};
  for (const Op& op : ops)
    for (const auto& [shape, axes] : std::vector<std::pair<Shape, Axes>>{{{}, Axes::all()},
                                                                         {{3, 4}, Axes::all()},
                                                                         {{3, 4}, 0},
                                                                         {{3, 4}, 1},
                                                                         {{3, 4}, {}},
                                                                         {{2, 3, 4}, {0, 2}},
                                                                         {{2, 3, 4}, 1},
                                                                         {{0, 3}, 1}})
      for (const bool keepdims : {false, true})
        check_gradients([&, wanted = axes](const auto& in) { return op(in[0], wanted, keepdims); },
                        {random_input(shape)});
  check_gradients([](const auto& in) { return sum(in[0], 0); }, {random_input({0, 3})});
  check_gradients([](const auto& in) { return norm(in[0]); }, {random_input({0, 3})});
}

TEST_CASE("equal extrema share the gradient, and that of a norm of 0 is 0") {
  Tensor<> x{{1.f, 3.f, 3.f}, {0.f, 0.f, 0.f}, {not_a_number, 1.f, 2.f}};
  x.attach_grad();
  const autograd::Record recording;
  const float third = 1.f / 3;
  max(x, 1).backward();
  CHECK(x.grad() == Tensor{{0.f, 0.5f, 0.5f}, {third, third, third}, {1.f, 0.f, 0.f}});
  min(x, 1).backward();
  CHECK(x.grad() == Tensor{{1.f, 0.f, 0.f}, {third, third, third}, {1.f, 0.f, 0.f}});
  norm(x, 1).backward();
  CHECK(x.grad()[1] == Tensor{0.f, 0.f, 0.f});
  Tensor<Eigen::half> half{{1, 2}, {3, 4}};
  half.attach_grad();
  mean(half, 0).backward();
  CHECK(half.grad() == Tensor<Eigen::half>::full({2, 2}, 0.5));
}

TEST_CASE("reductions refuse axes that are not there, and take Eigen arguments") {
  const Tensor x = sample({2, 3});
  CHECK_THROWS_AS(sum(x, 2), IndexError);
  CHECK_THROWS_AS(mean(x, {0, -2}), ValueError);
  CHECK_THROWS_AS(norm(Tensor<>::shape_only({2}), 1), IndexError);
  CHECK(sum(Eigen::MatrixXf::Ones(2, 3), 1) == Tensor{3.f, 3.f});
  CHECK(max(Eigen::ArrayXf::Ones(2)).item() == 1);
}
