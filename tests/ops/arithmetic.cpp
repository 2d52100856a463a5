// SPDX-License-Identifier: MIT
#include <parton/ops/arithmetic.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;
using Catch::Matchers::ContainsSubstring;

namespace {

template <class Scalar, class Function, class Op>
void check_pair(const Shape& left, const Shape& right, Function f, Op op) {
  INFO(left << " and " << right);
  const Tensor<Scalar> a = sample<Scalar>(left), b = sample<Scalar>(right, 0.5);
  const auto shape = parton_test::broadcast_shape(left, right);
  if (!shape) {
    CHECK_THROWS_AS(op(a, b), ShapeError);
    CHECK_THROWS_AS(op(a, Tensor<Scalar>::shape_only(right)), ShapeError);
    return;
  }
  std::vector<double> expected;
  for (Index i = 0; i < shape->size(); ++i) {
    const auto at = position(i, *shape);
    expected.push_back(
        f(static_cast<double>(broadcast_at(a, at)), static_cast<double>(broadcast_at(b, at))));
  }
  check_values(op(a, b), *shape, expected);
  check_shape_only(op(a, Tensor<Scalar>::shape_only(right)), *shape);
  check_shape_only(op(Tensor<Scalar>::shape_only(left), b), *shape);
}

}  // namespace

TEST_CASE("tensors of any two shapes combine as NumPy's broadcasting has it, or not at all") {
  for (const Shape& left : shapes())
    for (const Shape& right : shapes()) {
      check_pair<float>(left, right, std::minus<double>(),
                        [](const auto& a, const auto& b) { return a - b; });
      check_pair<double>(left, right, std::divides<double>(),
                         [](const auto& a, const auto& b) { return a / b; });
    }
}

TEMPLATE_TEST_CASE("the four operators work in every floating scalar", "", float, double,
                   Eigen::half, Eigen::bfloat16) {
  for (const auto& [left, right] :
       {std::pair(Shape{7, 5}, Shape{7, 5}), {{7, 5}, {5}}, {{7, 1}, {5}}, {{}, {7, 5}}}) {
    check_pair<TestType>(left, right, std::plus<double>(),
                         [](const auto& a, const auto& b) { return a + b; });
    check_pair<TestType>(left, right, std::minus<double>(),
                         [](const auto& a, const auto& b) { return a - b; });
    check_pair<TestType>(left, right, std::multiplies<double>(),
                         [](const auto& a, const auto& b) { return a * b; });
    check_pair<TestType>(left, right, std::divides<double>(),
                         [](const auto& a, const auto& b) { return a / b; });
  }
}

TEMPLATE_TEST_CASE("a number of any type takes the scalar of the tensor", "", float, double,
                   Eigen::half, Eigen::bfloat16) {
  const Tensor<TestType> x{1, 2, 4};
  STATIC_REQUIRE(std::same_as<decltype(x + 1.f), Tensor<TestType>>);
  STATIC_REQUIRE(std::same_as<decltype(0.5 * x), Tensor<TestType>>);
  CHECK(x + 1.f == Tensor<TestType>{2, 3, 5});
  CHECK(1 + x == Tensor<TestType>{2, 3, 5});
  CHECK(x - 0.5 == Tensor<TestType>{0.5, 1.5, 3.5});
  CHECK(0.5f - x == Tensor<TestType>{-0.5, -1.5, -3.5});
  CHECK(x * TestType(2) == Tensor<TestType>{2, 4, 8});
  CHECK(2u * x == Tensor<TestType>{2, 4, 8});
  CHECK(x / 2.f == Tensor<TestType>{0.5, 1, 2});
  CHECK(2 / x == Tensor<TestType>{2, 1, 0.5});
  CHECK(-x == Tensor<TestType>{-1, -2, -4});
  check_shape_only(2 / Tensor<TestType>::shape_only({2, 3}), {2, 3});
  check_shape_only(-Tensor<TestType>::shape_only({2, 3}), {2, 3});
  CHECK((Tensor<TestType>::empty({0, 2}) + 1).shape() == Shape{0, 2});
  CHECK((Tensor<TestType>::full({}, 3) * 2).item() == TestType(6));
}

TEST_CASE("a half times a float rounds once") {
  // 2049 is no half (its neighbours are 2048 and 2050): rounded first, the product would be 1024.
  const Tensor<Eigen::half> x{0.5f};
  CHECK((x * 2049.f).item() == Eigen::half(1024.5f));
  CHECK((2049.f * x).item() == Eigen::half(1024.5f));
}

TEST_CASE("the operands of an operator stay as they were") {
  const Tensor a{1.f, 2.f}, b{3.f, 4.f};
  const Tensor c = a + b;
  CHECK_FALSE(c.shares_storage_with(a));
  CHECK(a == Tensor{1.f, 2.f});
  CHECK(b == Tensor{3.f, 4.f});
}

TEST_CASE("two shapes that do not fit are an error that names the operator and both") {
  CHECK_THROWS_WITH(sample({2, 3}) * sample({4}), ContainsSubstring("*:") &&
                                                      ContainsSubstring("(2, 3)") &&
                                                      ContainsSubstring("(4,)"));
}

TEST_CASE("Eigen matrices, arrays and tensors stand on either side of a Tensor") {
  const Tensor a{{1.f, 2.f}, {3.f, 4.f}};
  const Eigen::MatrixXf m = Eigen::MatrixXf::Constant(2, 2, 2);
  const Eigen::VectorXf v = Eigen::VectorXf::Constant(2, 2);
  const Eigen::ArrayXf r = Eigen::ArrayXf::Constant(2, 2);
  Eigen::Tensor<float, 2> t(2, 2);  // column-major
  t.setConstant(2);
  const Tensor sum{{3.f, 4.f}, {5.f, 6.f}}, quotient{{2.f, 1.f}, {2.f / 3, 0.5f}};
  CHECK(a + m == sum);
  CHECK(m + a == sum);
  CHECK(a + m * 1.f == sum);
  CHECK(a + v == sum);
  CHECK(v.transpose() + a == sum);
  CHECK(a + r == sum);
  CHECK(r + a == sum);
  CHECK(r * 1.f + a == sum);
  CHECK(a + t == sum);
  CHECK(t + a == sum);
  CHECK(a + t * 1.f == sum);
  CHECK(m / a == quotient);
  CHECK(r / a == quotient);
  CHECK(t / a == quotient);
  CHECK(m * a == a * 2);  // element by element: a product of matrices is dot
  CHECK(a * m == a * 2);
  CHECK(a - m.row(0) == a - 2);
  CHECK_THROWS_AS(a + Eigen::VectorXf::Ones(3), ShapeError);
  STATIC_REQUIRE(std::same_as<decltype(t * a), Tensor<>>);
}

TEST_CASE("half tensors meet Eigen's halves") {
  using Half = Eigen::half;
  const Tensor<Half> a{1, 2};
  const Eigen::Array<Half, Eigen::Dynamic, 1> r =
      Eigen::Array<Half, Eigen::Dynamic, 1>::Constant(2, Half(2));
  CHECK(a * r == Tensor<Half>{2, 4});
  CHECK(r * a == Tensor<Half>{2, 4});
  CHECK(Half(2) * a == Tensor<Half>{2, 4});
  CHECK(a / Half(2) == Tensor<Half>{0.5, 1});
}

TEST_CASE("what stands between two Eigen arguments stays Eigen's") {
  const Eigen::MatrixXf m = Eigen::MatrixXf::Constant(2, 2, 2);
  const Eigen::ArrayXf r = Eigen::ArrayXf::Constant(2, 2);
  Eigen::Tensor<float, 1> t(2);
  t.setConstant(2);
  STATIC_REQUIRE_FALSE(detail::AnyTensor<std::remove_cvref_t<decltype(m * m)>>);
  const Eigen::MatrixXf product = m * m + 2.f * m - m / 2.f;
  CHECK(product(0, 0) == 8 + 4 - 1);
  const Eigen::ArrayXf quotient = r / r + 1.f - r;
  CHECK(quotient[0] == 0);
  const Eigen::Tensor<float, 1> sum = t + t * t - t / t;
  CHECK(sum(1) == 5);
  CHECK((-m)(0, 0) == -2);
}

TEST_CASE("integers wrap around, and bools combine as or and and") {
  const Tensor<std::int8_t> x{127, -128, 3};
  CHECK(x + 1 == Tensor<std::int8_t>{-128, -127, 4});
  CHECK(x * x == Tensor<std::int8_t>{1, 0, 9});
  CHECK(-x == Tensor<std::int8_t>{-127, -128, -3});
  CHECK(-Tensor<unsigned>{1u} == Tensor<unsigned>{std::numeric_limits<unsigned>::max()});
  CHECK(7 / Tensor<int>{2, -2} == Tensor<int>{3, -3});
  CHECK(Tensor<int>{7, -7} / 2 == Tensor<int>{3, -3});
  const Tensor<bool> a{true, true, false}, b{true, false, false};
  CHECK(a + b == Tensor<bool>{true, true, false});
  CHECK(a * b == Tensor<bool>{true, false, false});
}

TEST_CASE("an integer divided by zero and a number out of range are errors") {
  const Tensor<int> x{1, 0};
  CHECK_THROWS_AS(x / 0, ValueError);
  CHECK_THROWS_AS(1 / x, ValueError);
  CHECK_THROWS_AS(x / x, ValueError);
  CHECK_THROWS_AS(Tensor<std::uint8_t>{1} + 300, ValueError);
  CHECK((Tensor{1.f} / 0).item() == std::numeric_limits<float>::infinity());
}
