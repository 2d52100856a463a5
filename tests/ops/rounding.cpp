// SPDX-License-Identifier: MIT
#include <parton/ops/rounding.hpp>

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

struct RoundingRow {
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

const std::vector<RoundingRow> rounding_rows = {
    PARTON_ROW(floor(x), std::floor(v), -5, 5), PARTON_ROW(ceil(x), std::ceil(v), -5, 5),
    PARTON_ROW(round(x), std::nearbyint(v), -5, 5), PARTON_ROW(trunc(x), std::trunc(v), -5, 5)};

#undef PARTON_ROW

}  // namespace

TEST_CASE("rounding agrees with the standard library, and has the gradient 0") {
  for (const auto& row : rounding_rows) {
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

TEST_CASE("halves are rounded to the even number, as in NumPy") {
  const Tensor x{-2.5f, -1.5f, -0.5f, 0.5f, 1.5f, 2.5f};
  CHECK(round(x) == Tensor{-2.f, -2.f, -0.f, 0.f, 2.f, 2.f});
  CHECK(floor(x) == Tensor{-3.f, -2.f, -1.f, 0.f, 1.f, 2.f});
  CHECK(ceil(x) == Tensor{-2.f, -1.f, -0.f, 1.f, 2.f, 3.f});
  CHECK(trunc(x) == Tensor{-2.f, -1.f, -0.f, 0.f, 1.f, 2.f});
  CHECK(floor(Tensor<double>{1e300})(0) == 1e300);
  CHECK(std::isnan(round(Tensor{std::nanf("")}).item()));
}
