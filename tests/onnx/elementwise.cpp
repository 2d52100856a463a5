// SPDX-License-Identifier: MIT
// Functions of two elements that meet by broadcasting.
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/compare.hpp>
#include <parton/ops/extrema.hpp>
#include <parton/ops/power.hpp>
#include <parton/ops/shape_ops.hpp>
#include <parton/ops/unary.hpp>

#include "call.hpp"

namespace onnx_tests {

namespace {

/// b with the axes that operator sets before 7 want for `broadcast = 1, axis = k`.
template <class Scalar>
Tensor<Scalar> right_side(const Call& c) {
  const auto &a = c.in<Scalar>(0), &b = c.in<Scalar>(1);
  if (c.opset >= 7 || c.integer("broadcast", 0) == 0) return b;
  const auto rank = static_cast<Index>(a.rank()), inner = static_cast<Index>(b.rank());
  const Index axis = c.integer("axis", rank - inner);
  std::vector<Index> dims(b.shape().begin(), b.shape().end());
  for (Index i = axis + inner; i < rank; ++i) dims.push_back(1);
  return b.reshape(Shape(dims));
}

/// f of two tensors of one of these scalars.
template <class... Scalars, class Function>
Results two(const Call& c, const Function& f) {
  return {over<Scalars...>(c, 0, [&]<class Scalar>(const Tensor<Scalar>& a) -> Value {
    return f(a, right_side<Scalar>(c));
  })};
}

/// The same for any number of tensors, from the left.
template <class... Scalars, class Function>
Results many(const Call& c, const Function& f) {
  return {over<Scalars...>(c, 0, [&]<class Scalar>(const Tensor<Scalar>& first) -> Value {
    Tensor<Scalar> result = first;
    for (std::size_t i = 1; i < c.inputs.size(); ++i) result = f(result, c.in<Scalar>(i));
    return result;
  })};
}

/// The exponent is cast to the scalar of the base; a single number is parton's pow.
Results power(const Call& c) {
  return {over<float, double, std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>(
      c, 1, [&](const auto& exponent) -> Value {
        const Tensor<>& x = c.in(0);
        if (exponent.rank() == 0) return parton::pow(x, exponent.item());
        return parton::power(x, exponent.template cast<float>());
      })};
}

template <class Function>
Results extremum(const Call& c, const Function& f) {
  return many<float, double, Eigen::half, std::uint8_t, std::int32_t, std::int64_t>(c, f);
}

Results where(const Call& c) {
  return {
      over<float, bool, std::int64_t>(c, 1, [&]<class Scalar>(const Tensor<Scalar>& x) -> Value {
        return parton::where(c.in<bool>(0), x, c.in<Scalar>(2));
      })};
}

}  // namespace

void add_elementwise(Table& table) {
  table["Add"] = [](const Call& c) {
    return two<float, double, std::uint8_t, std::int64_t>(
        c, [](const auto& a, const auto& b) { return a + b; });
  };
  table["Sub"] = [](const Call& c) {
    return two<float, double, std::uint8_t, std::int64_t>(
        c, [](const auto& a, const auto& b) { return a - b; });
  };
  table["Mul"] = [](const Call& c) {
    return two<float, double, std::uint8_t, std::int64_t>(
        c, [](const auto& a, const auto& b) { return a * b; });
  };
  table["Div"] = [](const Call& c) {
    return two<float, double, std::uint8_t, std::int64_t>(
        c, [](const auto& a, const auto& b) { return a / b; });
  };
  table["Sum"] = [](const Call& c) {
    return many<float>(c, [](const auto& a, const auto& b) { return a + b; });
  };
  table["Mean"] = [](const Call& c) {
    const Results sums = many<float>(c, [](const auto& a, const auto& b) { return a + b; });
    return Results{std::get<Tensor<>>(sums[0]) / c.inputs.size()};
  };
  table["Max"] = [](const Call& c) {
    return extremum(c, [](const auto& a, const auto& b) { return parton::maximum(a, b); });
  };
  table["Min"] = [](const Call& c) {
    return extremum(c, [](const auto& a, const auto& b) { return parton::minimum(a, b); });
  };
  table["Pow"] = power;
  table["And"] = [](const Call& c) {
    return two<bool>(c, [](const auto& a, const auto& b) { return a * b; });
  };
  table["Or"] = [](const Call& c) {
    return two<bool>(c, [](const auto& a, const auto& b) { return a + b; });
  };
  table["Xor"] = [](const Call& c) {
    return two<bool>(c, [](const auto& a, const auto& b) { return parton::not_equal(a, b); });
  };
  table["Not"] = [](const Call& c) { return Results{parton::equal(c.in<bool>(0), false)}; };
  table["Equal"] = [](const Call& c) {
    return two<float, bool, std::int32_t, std::int64_t>(
        c, [](const auto& a, const auto& b) { return parton::equal(a, b); });
  };
  table["Less"] = [](const Call& c) {
    return two<float>(c, [](const auto& a, const auto& b) { return parton::less(a, b); });
  };
  table["LessOrEqual"] = [](const Call& c) {
    return two<float>(c, [](const auto& a, const auto& b) { return parton::less_equal(a, b); });
  };
  table["Greater"] = [](const Call& c) {
    return two<float>(c, [](const auto& a, const auto& b) { return parton::greater(a, b); });
  };
  table["GreaterOrEqual"] = [](const Call& c) {
    return two<float>(c, [](const auto& a, const auto& b) { return parton::greater_equal(a, b); });
  };
  table["IsNaN"] = [](const Call& c) { return Results{parton::not_equal(c.in(0), c.in(0))}; };
  table["Where"] = where;
  table["Neg"] = [](const Call& c) {
    return Results{
        over<float, std::int64_t, std::int32_t>(c, 0, [](const auto& x) -> Value { return -x; })};
  };
}

}  // namespace onnx_tests
