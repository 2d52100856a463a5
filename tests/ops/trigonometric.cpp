// SPDX-License-Identifier: MIT
#include <parton/ops/trigonometric.hpp>

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

struct TrigonometricRow {
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

const std::vector<TrigonometricRow> trigonometric_rows = {
    PARTON_ROW(sin(x), std::sin(v), -5, 5),       PARTON_ROW(cos(x), std::cos(v), -5, 5),
    PARTON_ROW(tan(x), std::tan(v), -1, 1),       PARTON_ROW(asin(x), std::asin(v), -0.9, 0.9),
    PARTON_ROW(acos(x), std::acos(v), -0.9, 0.9), PARTON_ROW(atan(x), std::atan(v), -5, 5),
    PARTON_ROW(sinh(x), std::sinh(v), -2, 2),     PARTON_ROW(cosh(x), std::cosh(v), -2, 2)};

#undef PARTON_ROW

}  // namespace

TEST_CASE("trigonometric functions and their gradients agree with the standard library") {
  for (const auto& row : trigonometric_rows) {
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

TEST_CASE("asin and acos end at 1, with an infinite derivative") {
  Tensor<> x{1.f, 2.f};
  x.attach_grad();
  const autograd::Record recording;
  const Tensor y = asin(x), z = acos(x);
  CHECK(y(0) == Approx(std::asin(1)));
  CHECK(std::isnan(y(1)));
  y.backward();
  CHECK(x.grad()(0) == std::numeric_limits<float>::infinity());
  z.backward();
  CHECK(x.grad()(0) == -std::numeric_limits<float>::infinity());
  const Eigen::ArrayXf still_eigen = sin(Eigen::ArrayXf::Constant(2, 1).eval());
  CHECK(still_eigen[0] == Approx(std::sin(1)));
  CHECK(sin(Eigen::MatrixXf::Zero(2, 3)) == Tensor<>::zeros({2, 3}));
}
