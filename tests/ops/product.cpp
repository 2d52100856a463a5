// SPDX-License-Identifier: MIT
#include <parton/ops/product.hpp>

#include <algorithm>
#include <vector>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;
using Catch::Matchers::ContainsSubstring;

namespace {

template <class Scalar>
void check_dot(const Shape& left, const Shape& right, const Shape& result) {
  INFO(left << " and " << right);
  const auto a = sample<Scalar>(left), b = sample<Scalar>(right, 0.5);
  const Index depth = left[-1], cols = right.rank() == 2 ? right[1] : 1;
  const Index rows = left.product(0, left.rank() - 1);
  std::vector<double> expected;
  double largest = 1;
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) {
      double total = 0, size = 0;
      for (Index k = 0; k < depth; ++k) {
        const double term = static_cast<double>(a.data()[i * depth + k]) *
                            static_cast<double>(b.data()[k * cols + j]);
        total += term;
        size += std::abs(term);
      }
      expected.push_back(total);
      largest = std::max(largest, size);
    }
  check_values(dot(a, b), result, expected, tolerance<Scalar>() * largest);
  check_shape_only(dot(Tensor<Scalar>::shape_only(left), b), result);
  check_shape_only(dot(a, Tensor<Scalar>::shape_only(right)), result);
}

}  // namespace

TEMPLATE_TEST_CASE("dot agrees with a plain loop for ranks that NumPy takes", "", float, double,
                   Eigen::half, Eigen::bfloat16) {
  check_dot<TestType>({5}, {5}, {});
  check_dot<TestType>({1}, {1}, {});
  check_dot<TestType>({3, 5}, {5}, {3});
  check_dot<TestType>({5}, {5, 4}, {4});
  check_dot<TestType>({2, 3, 5}, {5}, {2, 3});
  check_dot<TestType>({2, 3, 5}, {5, 4}, {2, 3, 4});
  check_dot<TestType>({7, 1}, {1, 7}, {7, 7});
  // Up to four rows and beyond take different ways.
  for (const Index rows : {1, 2, 4, 5, 33})
    for (const Index cols : {1, 3, 40}) check_dot<TestType>({rows, 37}, {37, cols}, {rows, cols});
  // Empty ones: a sum over nothing is 0.
  check_dot<TestType>({0}, {0}, {});
  check_dot<TestType>({3, 0}, {0, 2}, {3, 2});
  check_dot<TestType>({9, 0}, {0, 2}, {9, 2});
  check_dot<TestType>({0, 3}, {3, 2}, {0, 2});
  check_dot<TestType>({2, 3}, {3, 0}, {2, 0});
  check_dot<TestType>({0, 3}, {3}, {0});
}

TEST_CASE("dot with a scalar is the product") {
  const Tensor two = Tensor<>::full({}, 2), x{1.f, 2.f};
  CHECK(dot(two, x) == Tensor{2.f, 4.f});
  CHECK(dot(x, two) == Tensor{2.f, 4.f});
  CHECK(dot(two, two).item() == 4);
}

TEST_CASE("dot takes Eigen arguments of any storage order") {
  const Tensor x{{1.f, 2.f}, {3.f, 4.f}};
  Eigen::MatrixXf m(2, 2);
  m << 0, 1, 2, 3;
  const Tensor product{{4.f, 7.f}, {8.f, 15.f}};
  CHECK(dot(x, m) == product);
  CHECK(dot(x, m * 1.f) == product);
  CHECK(dot(m.transpose(), x.matrix().transpose()) == Tensor{{4.f, 8.f}, {7.f, 15.f}});
  CHECK(dot(x, Eigen::VectorXf::Ones(2)) == Tensor{3.f, 7.f});
  Eigen::Tensor<float, 2> t(2, 2);
  t.setConstant(1);
  CHECK(dot(t, x) == Tensor{{4.f, 6.f}, {4.f, 6.f}});
}

TEST_CASE("dot of shapes that do not fit is an error that names both") {
  CHECK_THROWS_AS(dot(sample({2, 3}), sample({2, 3})), ShapeError);
  CHECK_THROWS_AS(dot(sample({3}), sample({4})), ShapeError);
  CHECK_THROWS_AS(dot(sample({3}), sample({2, 3, 4})), ShapeError);
  CHECK_THROWS_AS(dot(Tensor<>::shape_only({2, 3}), sample({2, 3})), ShapeError);
  CHECK_THROWS_WITH(dot(sample({2, 3}), sample({4, 3})),
                    ContainsSubstring("(2, 3)") && ContainsSubstring("(4, 3)"));
}

TEST_CASE("a product of halves is summed in float") {
  // In half, 4096 ones stop at 2048.
  const auto x = Tensor<Eigen::half>::full({1, 4096}, 1);
  CHECK(dot(x, x.reshape({4096}))(0) == Eigen::half(4096));
}
