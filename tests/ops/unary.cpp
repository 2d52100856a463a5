// SPDX-License-Identifier: MIT
#include <parton/ops/unary.hpp>

#include <cmath>
#include <concepts>
#include <functional>
#include <limits>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

/// Checks op against the standard library's f, element by element, over every kind of shape.
template <class Scalar>
void check_unary(const std::function<Tensor<Scalar>(const Tensor<Scalar>&)>& op,
                 double (*f)(double), double shift = 0) {
  for (const Shape& shape : shapes()) {
    Tensor<Scalar> x = sample<Scalar>(shape);
    x += shift;
    std::vector<double> expected;
    for (const Scalar v : x.span()) expected.push_back(f(static_cast<double>(v)));
    check_values(op(x), shape, expected);
    check_shape_only(op(Tensor<Scalar>::shape_only(shape)), shape);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("elementwise functions agree with the standard library", "", float, double,
                   Eigen::half, Eigen::bfloat16) {
  using T = Tensor<TestType>;
  check_unary<TestType>([](const T& x) { return exp(x); }, [](double v) { return std::exp(v); });
  check_unary<TestType>([](const T& x) { return log(x); }, [](double v) { return std::log(v); }, 3);
  check_unary<TestType>([](const T& x) { return sqrt(x); }, [](double v) { return std::sqrt(v); },
                        3);
  check_unary<TestType>([](const T& x) { return abs(x); }, [](double v) { return std::abs(v); });
  check_unary<TestType>([](const T& x) { return square(x); }, [](double v) { return v * v; });
  check_unary<TestType>([](const T& x) { return sign(x); },
                        [](double v) { return v > 0   ? 1.
                                              : v < 0 ? -1.
                                                      : 0; });
  check_unary<TestType>([](const T& x) { return pow(x, 3); }, [](double v) { return v * v * v; });
  check_unary<TestType>([](const T& x) { return pow(x, 1.5); },
                        [](double v) { return std::pow(v, 1.5); }, 3);
  check_unary<TestType>([](const T& x) { return clip(x, -1, 0.5); },
                        [](double v) { return std::min(std::max(v, -1.), 0.5); });
}

TEST_CASE("functions have the values of IEEE 754 at the ends of their domains") {
  // Nine elements: a packet of Eigen's at any width, and a rest.
  const Tensor<double> x{-inf, -1000, -1, 0, 1, 1000, inf, nan_value, 4};
  for (const bool single : {true, false}) {
    const auto run = [&](auto f) {
      const Tensor<double> y = single ? f(x.cast<float>()).template cast<double>() : f(x);
      return std::vector<double>(y.span().begin(), y.span().end());
    };
    const auto check = [&](auto f, const std::vector<double>& expected) {
      const auto found = run(f);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        INFO("at " << i << ": " << found[i]);
        CHECK(same(found[i], expected[i], 1e-6));
      }
    };
    const double e = std::exp(1);
    check([](const auto& a) { return exp(a); },
          {0, 0, 1 / e, 1, e, inf, inf, nan_value, e * e * e * e});
    check([](const auto& a) { return log(a); },
          {nan_value, nan_value, nan_value, -inf, 0, std::log(1000), inf, nan_value, std::log(4)});
    check([](const auto& a) { return sqrt(a); },
          {nan_value, nan_value, nan_value, 0, 1, std::sqrt(1000), inf, nan_value, 2});
    check([](const auto& a) { return abs(a); }, {inf, 1000, 1, 0, 1, 1000, inf, nan_value, 4});
    check([](const auto& a) { return sign(a); }, {-1, -1, -1, 0, 1, 1, 1, nan_value, 1});
    check([](const auto& a) { return clip(a, -2, 3); }, {-2, -2, -1, 0, 1, 3, 3, nan_value, 3});
    check([](const auto& a) { return clip(a, 0, inf); }, {0, 0, 0, 0, 1, 1000, inf, nan_value, 4});
    check([](const auto& a) { return pow(a, -1); },
          {0, -1e-3, -1, inf, 1, 1e-3, 0, nan_value, 0.25});
    check([](const auto& a) { return pow(a, 0); }, {1, 1, 1, 1, 1, 1, 1, 1, 1});
    check([](const auto& a) { return pow(a, 2); }, {inf, 1e6, 1, 0, 1, 1e6, inf, nan_value, 16});
  }
  CHECK(sqrt(Tensor{1e-40f, 2.f, 3.f, 4.f, 5.f})(0) == std::sqrt(1e-40f));
}

TEST_CASE("clip refuses bounds in the wrong order") {
  const Tensor x{1.f};
  CHECK(clip(x, 2, 2).item() == 2);
  CHECK_THROWS_AS(clip(x, 1, 0), ValueError);
  CHECK_THROWS_WITH(clip(x, 2, 0.5), Catch::Matchers::ContainsSubstring("low is 2") &&
                                         Catch::Matchers::ContainsSubstring("high is 0.5"));
  CHECK_THROWS_AS(clip(x, nan_value, 1), ValueError);
}

TEST_CASE("elementwise functions take Eigen's matrices and tensors and leave its arrays alone") {
  const Eigen::MatrixXf m = Eigen::MatrixXf::Constant(2, 3, 4);
  CHECK(sqrt(m) == Tensor<>::full({2, 3}, 2));
  CHECK(square(m.row(0)) == Tensor<>::full({3}, 16));
  Eigen::Tensor<float, 1> t(2);
  t.setConstant(-3);
  CHECK(abs(t) == Tensor<>::full({2}, 3));
  const Eigen::ArrayXf a = Eigen::ArrayXf::Constant(2, 4);
  STATIC_REQUIRE_FALSE(std::same_as<decltype(exp(a)), Tensor<>>);
  const Eigen::ArrayXf b = sqrt(a) + abs(a) + pow(a, 2) + log(exp(a));
  CHECK(b[0] == Approx(2 + 4 + 16 + 4));
  CHECK(clip(a, 0, 1) == Tensor<>::full({2}, 1));
  CHECK(std::abs(-2) == 2);
}

TEST_CASE("the gradients of elementwise functions are those of finite differences") {
  using Op = std::function<Tensor<double>(const Tensor<double>&)>;
  const std::vector<Op> ops = {
      [](const auto& x) { return exp(x); },        [](const auto& x) { return log(x); },
      [](const auto& x) { return sqrt(x); },       [](const auto& x) { return abs(x - 1); },
      [](const auto& x) { return square(x - 1); }, [](const auto& x) { return sign(x - 1); },
      [](const auto& x) { return pow(x - 1, 3); }, [](const auto& x) { return pow(x, -1.5); },
      [](const auto& x) { return pow(x, 0); },     [](const auto& x) { return clip(x, 0.7, 1.2); }};
  for (const Op& op : ops)
    for (const Shape& shape : {Shape{}, Shape{2, 0}, Shape{3, 5}})
      check_gradients([&](const auto& in) { return op(in[0]); }, {random_input(shape, 4, 0.3, 2)});
}

TEST_CASE("the gradients of elementwise functions at their kinks are PyTorch's") {
  Tensor<> x{-2.f, -0.f, 0.f, 1.f, 2.f};
  x.attach_grad();
  const autograd::Record recording;
  const auto check = [&](const Tensor<>& y, const std::vector<double>& expected) {
    y.backward();
    check_values(x.grad(), {5}, expected, 1e-6);
  };
  check(abs(x), {-1, 0, 0, 1, 1});
  check(sqrt(x), {nan_value, -inf, inf, 0.5, 0.5 / std::sqrt(2)});
  check(sign(x), {0, 0, 0, 0, 0});
  check(pow(x, 0), {0, 0, 0, 0, 0});
  check(clip(x, 0, 1), {0, 1, 1, 1, 0});
  check(clip(x, -inf, 1), {1, 1, 1, 1, 0});
  Tensor<Eigen::bfloat16> half{-3, 2};
  half.attach_grad();
  square(half).backward();
  CHECK(half.grad() == Tensor<Eigen::bfloat16>{-6, 4});
}
