// SPDX-License-Identifier: MIT
#include <parton/ops/compare.hpp>

#include <cmath>
#include <limits>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

namespace {

constexpr float float_nan = std::numeric_limits<float>::quiet_NaN();
constexpr float float_infinity = std::numeric_limits<float>::infinity();

}  // namespace

TEMPLATE_TEST_CASE("comparisons give a mask of bools", "", float, double, Eigen::half, int) {
  const Tensor<TestType> a{1, 2, 3}, b{3, 2, 1};
  CHECK(equal(a, b) == Tensor<bool>{false, true, false});
  CHECK(not_equal(a, b) == Tensor<bool>{true, false, true});
  CHECK(less(a, b) == Tensor<bool>{true, false, false});
  CHECK(less_equal(a, b) == Tensor<bool>{true, true, false});
  CHECK(greater(a, b) == Tensor<bool>{false, false, true});
  CHECK(greater_equal(a, b) == Tensor<bool>{false, true, true});
  CHECK(greater(a, 2) == Tensor<bool>{false, false, true});
  CHECK(less(2, a) == Tensor<bool>{false, false, true});
}

TEST_CASE("comparisons broadcast, and NaN is equal to nothing") {
  const Tensor column{{1.f}, {2.f}}, row{1.f, 2.f};
  CHECK(less(column, row) == Tensor<bool>{{false, true}, {false, false}});
  CHECK(equal(Tensor{float_nan, 1.f}, Tensor{float_nan, 1.f}) == Tensor<bool>{false, true});
  CHECK(equal(Tensor<>::empty({0, 2}), row).shape() == Shape{0, 2});
  CHECK(equal(Tensor<>::full({}, 1), 1).item());
  CHECK_THROWS_AS(equal(row, Tensor{1.f, 2.f, 3.f}), ShapeError);
  CHECK_THROWS_WITH(less(row, Tensor{1.f, 2.f, 3.f}), Catch::Matchers::ContainsSubstring("less:"));
  check_shape_only(less(Tensor<>::shape_only({2, 1}), row), {2, 2});
  CHECK_THROWS_AS(less(Tensor<>::shape_only({3}), row), ShapeError);
}

TEST_CASE("comparisons take Eigen arguments on either side") {
  const Tensor x{1.f, 2.f};
  const Eigen::ArrayXf a = Eigen::ArrayXf::Constant(2, 2);
  CHECK(less(x, a) == Tensor<bool>{true, false});
  CHECK(less(a, x) == Tensor<bool>{false, false});
  CHECK(equal(Eigen::VectorXf::Ones(2), x) == Tensor<bool>{true, false});
}

TEST_CASE("where takes one or the other, all three broadcast") {
  const Tensor x{-1.f, 0.f, 2.f};
  CHECK(where(greater(x, 0), x, 0) == Tensor{0.f, 0.f, 2.f});
  CHECK(where(greater(x, 0), 1, x) == Tensor{-1.f, 0.f, 1.f});
  CHECK(where(Tensor<bool>{{true}, {false}}, x, Tensor<>::full({3}, -9)) ==
        Tensor{{-1.f, 0.f, 2.f}, {-9.f, -9.f, -9.f}});
  CHECK(where(Tensor<bool>{true, false}, Eigen::VectorXf::Ones(2), Tensor{3.f, 4.f}) ==
        Tensor{1.f, 4.f});
  CHECK(where(Tensor<bool>::full({}, true), x, 7) == x);
  for (const Shape& shape : shapes()) {
    const auto expected = parton_test::broadcast_shape(shape, {3});
    if (!expected) {
      CHECK_THROWS_AS(where(Tensor<bool>::zeros(shape), x, 0), ShapeError);
      continue;
    }
    const Tensor y = where(less(sample(shape), 0), x, sample(shape));
    REQUIRE(y.shape() == *expected);
    for (Index i = 0; i < y.size(); ++i) {
      const auto at = position(i, *expected);
      const float value = broadcast_at(sample(shape), at);
      CHECK(y.data()[i] == (value < 0 ? broadcast_at(x, at) : value));
    }
    check_shape_only(where(Tensor<bool>::shape_only(shape), x, 0), *expected);
  }
}

TEST_CASE("allclose allows what NumPy allows") {
  // |a - b| <= atol + rtol |b|: the second argument is the reference.
  CHECK(allclose(Tensor{1.f, 2.f}, Tensor{1.f, 2.f}));
  CHECK(allclose(Tensor<double>{1.00001}, Tensor<double>{1.0}, 1.1e-5, 0));
  CHECK_FALSE(allclose(Tensor<double>{1.00001}, Tensor<double>{1.0}, 0.9e-5, 0));
  CHECK(allclose(Tensor<double>{1e-9}, 0));
  CHECK_FALSE(allclose(Tensor<double>{1e-7}, 0));
  CHECK(allclose(Tensor<double>{10}, Tensor<double>{11}, 0.1, 0));
  CHECK_FALSE(allclose(Tensor<double>{11}, Tensor<double>{10}, 0.0999, 0));
  CHECK(allclose(Tensor{float_infinity, -float_infinity}, Tensor{float_infinity, -float_infinity}));
  CHECK_FALSE(allclose(Tensor{float_infinity}, Tensor{-float_infinity}));
  CHECK_FALSE(allclose(Tensor{1.f}, Tensor{float_infinity}));
  CHECK_FALSE(allclose(Tensor{float_nan}, Tensor{float_nan}));
  CHECK(allclose(Tensor{{1.f, 1.f}}, 1));
  CHECK(allclose(Tensor<>::empty({0}), 1));
  CHECK(allclose(Eigen::MatrixXf::Ones(2, 2), Tensor<>::full({2, 2}, 1)));
  CHECK_THROWS_AS(allclose(Tensor{1.f, 2.f}, Tensor{1.f, 2.f, 3.f}), ShapeError);
  CHECK_THROWS_AS(allclose(Tensor<>::shape_only({2}), 0), ValueError);
}

TEST_CASE("where hands the gradient to what it chose") {
  const Tensor<bool> mask{{true, false, true}, {false, false, true}};
  const auto f = [&](const auto& in) { return where(mask, in[0], in[1]); };
  for (const auto& [a, b] : std::vector<std::pair<Shape, Shape>>{
           {{2, 3}, {2, 3}}, {{3}, {2, 1}}, {{}, {4, 2, 3}}, {{2, 3}, {}}, {{0, 2, 3}, {3}}})
    check_gradients(f, {random_input(a, 1), random_input(b, 2)});
  Tensor<Eigen::half> x{1, 2};
  x.attach_grad();
  const autograd::Record recording;
  where(Tensor<bool>{true, false}, x, 7).backward();
  CHECK(x.grad() == Tensor<Eigen::half>{1, 0});
}
