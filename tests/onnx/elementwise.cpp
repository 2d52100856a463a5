// SPDX-License-Identifier: MIT
// Functions of one element, or of two that meet by broadcasting.
#include <limits>

#include <parton/ops/activation.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/compare.hpp>
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

Results clip(const Call& c) {
  double low = -std::numeric_limits<double>::infinity(), high = -low;
  if (c.opset < 11) {
    low = c.number("min", low);
    high = c.number("max", high);
  } else {
    if (c.has(1)) low = static_cast<double>(c.in(1).item());
    if (c.has(2)) high = static_cast<double>(c.in(2).item());
  }
  return {parton::clip(c.in(0), low, high)};
}

/// Slopes of shape (channels, 1, 1) are what parton has as (channels,).
Results prelu(const Call& c) {
  const Tensor<>&x = c.in(0), &slope = c.in(1);
  if (slope.size() == 1 || (slope.rank() == 1 && c.opset < 7))
    return {parton::prelu(x, slope.reshape({-1}))};
  const bool by_channel = x.rank() > 1 && slope.size() == x.shape()[1] &&
                          slope.rank() + 1 == x.rank() && slope.shape()[0] == slope.size();
  need(by_channel, "slopes other than one for each channel");
  return {parton::prelu(x, slope.reshape({-1}))};
}

Results selu(const Call& c) {
  const auto standard = [&](const char* name, double value) {
    return std::abs(c.number(name, value) - value) < 1e-5;
  };
  need(standard("alpha", 1.6732632423543773) && standard("gamma", 1.0507009873554805),
       "alpha and gamma other than SELU's");
  return {parton::selu(c.in(0))};
}

Results power(const Call& c) {
  const Tensor<>& x = c.in(0);
  return {over<float, std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>(
      c, 1, [&](const auto& exponent) -> Value {
        need(exponent.size() == 1 && exponent.rank() <= x.rank(),
             "exponents other than one number");
        return parton::pow(x, exponent.item());
      })};
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
  table["Abs"] = [](const Call& c) { return Results{parton::abs(c.in(0))}; };
  table["Exp"] = [](const Call& c) { return Results{parton::exp(c.in(0))}; };
  table["Log"] = [](const Call& c) { return Results{parton::log(c.in(0))}; };
  table["Sqrt"] = [](const Call& c) { return Results{parton::sqrt(c.in(0))}; };
  table["Sign"] = [](const Call& c) { return Results{parton::sign(c.in(0))}; };
  table["Reciprocal"] = [](const Call& c) { return Results{1 / c.in(0)}; };
  table["Pow"] = power;
  table["Clip"] = clip;
  table["Relu"] = [](const Call& c) { return Results{parton::relu(c.in(0))}; };
  table["Sigmoid"] = [](const Call& c) { return Results{parton::sigmoid(c.in(0))}; };
  table["Tanh"] = [](const Call& c) { return Results{parton::tanh(c.in(0))}; };
  table["Softplus"] = [](const Call& c) { return Results{parton::softrelu(c.in(0))}; };
  table["Softsign"] = [](const Call& c) { return Results{parton::softsign(c.in(0))}; };
  table["LeakyRelu"] = [](const Call& c) {
    return Results{parton::leaky_relu(c.in(0), c.number("alpha", 0.01))};
  };
  table["Elu"] = [](const Call& c) { return Results{parton::elu(c.in(0), c.number("alpha", 1))}; };
  table["Selu"] = selu;
  table["PRelu"] = prelu;
}

}  // namespace onnx_tests
