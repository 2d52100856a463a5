// SPDX-License-Identifier: MIT
#include <parton/ops/reciprocal.hpp>

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

struct ReciprocalRow {
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

const std::vector<ReciprocalRow> reciprocal_rows = {PARTON_ROW(rsqrt(x), 1 / std::sqrt(v), 0.3, 4),
                                                    PARTON_ROW(reciprocal(x), 1 / v, 0.3, 4)};

#undef PARTON_ROW

}  // namespace

TEST_CASE("rsqrt and reciprocal and their gradients agree with their formulas") {
  for (const auto& row : reciprocal_rows) {
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

TEST_CASE("the inverses of 0 and of infinity are those of IEEE 754") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(reciprocal(Tensor{0.f, -2.f, infinity, 1.f, 4.f}) ==
        Tensor{infinity, -0.5f, 0.f, 1.f, 0.25f});
  CHECK(rsqrt(Tensor{0.f, 4.f, infinity, 1.f, 16.f}) == Tensor{infinity, 0.5f, 0.f, 1.f, 0.25f});
  CHECK(std::isnan(rsqrt(Tensor{-1.f}).item()));
  CHECK(reciprocal(Eigen::ArrayXf::Constant(2, 4)) == Tensor{0.25f, 0.25f});
}
