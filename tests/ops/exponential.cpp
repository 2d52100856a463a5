// SPDX-License-Identifier: MIT
#include <parton/ops/exponential.hpp>

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

struct ExponentialRow {
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

const std::vector<ExponentialRow> exponential_rows = {
    PARTON_ROW(log1p(x), std::log1p(v), -0.5, 3), PARTON_ROW(expm1(x), std::expm1(v), -2, 2),
    PARTON_ROW(exp2(x), std::exp2(v), -3, 3),     PARTON_ROW(log2(x), std::log2(v), 0.3, 5),
    PARTON_ROW(log10(x), std::log10(v), 0.3, 5),  PARTON_ROW(erf(x), std::erf(v), -2, 2)};

#undef PARTON_ROW

}  // namespace

TEST_CASE("exponentials, logarithms and erf and their gradients agree with the standard library") {
  for (const auto& row : exponential_rows) {
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

TEST_CASE("exponentials and logarithms have the values of IEEE 754 at the ends") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  const Tensor<double> x{-infinity, -1000, -1, 0, 1, 1000, infinity, missing, 1e-20};
  const double small = 1e-20;
  const auto check = [&](auto f, const std::vector<double>& expected) {
    const Tensor<double> wide = f(x), narrow = f(x.cast<float>()).template cast<double>();
    for (std::size_t i = 0; i < expected.size(); ++i) {
      INFO("at " << i << ": " << wide.data()[i] << " and " << narrow.data()[i]);
      CHECK(same(wide.data()[i], expected[i], 1e-12));
      if (std::abs(expected[i]) < 1e38 || std::isinf(expected[i]) || std::isnan(expected[i]))
        CHECK(same(narrow.data()[i], expected[i], 1e-6));
    }
    CHECK((wide(8) == 0 || std::abs(wide(8) / expected[8] - 1) < 1e-12));
  };
  check([](const auto& a) { return log1p(a); },
        {missing, missing, -infinity, 0, std::log(2), std::log1p(1000), infinity, missing, small});
  check([](const auto& a) { return expm1(a); },
        {-1, -1, std::expm1(-1), 0, std::expm1(1), infinity, infinity, missing, small});
  check([](const auto& a) { return log2(a); },
        {missing, missing, missing, -infinity, 0, std::log2(1000), infinity, missing,
         std::log2(small)});
  check([](const auto& a) { return log10(a); },
        {missing, missing, missing, -infinity, 0, 3, infinity, missing, -20});
  check([](const auto& a) { return erf(a); },
        {-1, -1, std::erf(-1), 0, std::erf(1), 1, 1, missing, std::erf(small)});
  CHECK(exp2(Tensor{3.f, -2.f, 1000.f, -1000.f}) ==
        Tensor{8.f, 0.25f, std::numeric_limits<float>::infinity(), 0.f});
}
