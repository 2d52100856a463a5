// SPDX-License-Identifier: MIT
#include <parton/ops/activation_variants.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

namespace {

struct VariantsRow {
  std::string name;
  std::function<Tensor<double>(const Tensor<double>&)> op;
  std::function<Tensor<float>(const Tensor<float>&)> single;
  std::function<Tensor<Eigen::half>(const Tensor<Eigen::half>&)> half;
  std::function<double(double)> reference;
  double low, high;  // where it is tested
};

#define PARTON_ROW(op, reference, low, high)                                                                                                             \
  {                                                                                                                                                      \
#op, [](const auto& x) { return op; }, [](const auto& x) { return op; }, [](const auto& x) { return op; }, [](double v) { return reference; }, low, high \
  }

const std::vector<VariantsRow> variants_rows = {
    PARTON_ROW(hard_sigmoid(x), std::min(std::max(0.2 * v + 0.5, 0.), 1.), -4, 4),
    PARTON_ROW(hard_sigmoid(x, -0.5, 0.25), std::min(std::max(-0.5 * v + 0.25, 0.), 1.), -4, 4),
    PARTON_ROW(hard_swish(x), v* std::min(std::max(v / 6 + 0.5, 0.), 1.), -5, 5),
    PARTON_ROW(mish(x), v* std::tanh(std::log1p(std::exp(v))), -6, 6),
    PARTON_ROW(celu(x), v > 0 ? v : std::expm1(v), -3, 3),
    PARTON_ROW(celu(x, 0.5), v > 0 ? v : 0.5 * std::expm1(v / 0.5), -3, 3),
    PARTON_ROW(thresholded_relu(x), v > 1 ? v : 0, -3, 3),
    PARTON_ROW(thresholded_relu(x, -1), v > -1 ? v : 0, -3, 3)};

#undef PARTON_ROW

}  // namespace

TEST_CASE("the other activations and their gradients agree with their formulas") {
  for (const auto& row : variants_rows) {
    INFO(row.name);
    for (const Shape& shape : {Shape{}, Shape{0, 3}, Shape{5, 7}}) {
      const Tensor<double> x = random_input(shape, 8, row.low, row.high);
      const auto expected = [&](const auto& from) {
        std::vector<double> values;
        for (const auto v : from.span()) values.push_back(row.reference(static_cast<double>(v)));
        return values;
      };
      check_values(row.op(x), shape, expected(x));
      check_values(row.single(x.cast<float>()), shape, expected(x.cast<float>()));
      check_values(row.half(x.cast<Eigen::half>()), shape, expected(x.cast<Eigen::half>()));
      check_gradients([&](const auto& in) { return row.op(in[0]); }, {x});
      check_shape_only(row.op(Tensor<double>::shape_only(shape)), shape);
    }
  }
}

TEST_CASE("the other activations at their kinks and far out") {
  Tensor<> x{-1e30f, -3.f, -2.5f, 0.f, 1.f, 2.5f, 3.f, 1e30f};
  x.attach_grad();
  const autograd::Record recording;
  const auto check = [&](const Tensor<>& y, const std::vector<double>& values,
                         const std::vector<double>& slopes) {
    check_values(y, {8}, values, 1e-6);
    y.backward();
    check_values(x.grad(), {8}, slopes, 1e-6);
  };
  check(hard_sigmoid(x), {0, 0, 0, 0.5, 0.7, 1, 1, 1}, {0, 0, 0, 0.2, 0.2, 0, 0, 0});
  const double far = static_cast<double>(1e30f), low = -2.5 / 12, high = 2.5 - 2.5 / 12;
  check(hard_swish(x), {0, 0, low, 0, 4. / 6, high, 3, far},
        {0, 0, 0.5 - 2.5 / 3, 0.5, 0.5 + 1. / 3, 0.5 + 2.5 / 3, 1, 1});
  check(thresholded_relu(x), {0, 0, 0, 0, 0, 2.5, 3, far}, {0, 0, 0, 0, 0, 1, 1, 1});
  check(celu(x), {-1, std::expm1(-3), std::expm1(-2.5), 0, 1, 2.5, 3, far},
        {0, std::exp(-3), std::exp(-2.5), 1, 1, 1, 1, 1});
  const Tensor y = mish(x);
  y.backward();
  CHECK(y(0) == 0);
  CHECK(y(7) == 1e30f);
  CHECK(x.grad()(0) == 0);
  CHECK(x.grad()(7) == 1);
}

TEST_CASE("celu refuses an alpha that is not above 0") {
  CHECK_THROWS_AS(celu(Tensor{1.f}, 0), ValueError);
  CHECK_THROWS_WITH(celu(Tensor{1.f}, -2), Catch::Matchers::ContainsSubstring("above 0, not -2"));
}
