// SPDX-License-Identifier: MIT
// Functions of one element.
#include <cmath>
#include <limits>

#include <parton/ops/activation.hpp>
#include <parton/ops/activation_variants.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/exponential.hpp>
#include <parton/ops/reciprocal.hpp>
#include <parton/ops/rounding.hpp>
#include <parton/ops/trigonometric.hpp>
#include <parton/ops/unary.hpp>

#include "call.hpp"

namespace onnx_tests {

namespace {

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

/// With other numbers than SELU's it is a scaled elu.
Results selu(const Call& c) {
  const double alpha = c.number("alpha", 1.6732632423543773);
  const double gamma = c.number("gamma", 1.0507009873554805);
  if (std::abs(alpha - 1.6732632423543773) < 1e-5 && std::abs(gamma - 1.0507009873554805) < 1e-5)
    return {parton::selu(c.in(0))};
  return {parton::elu(c.in(0), alpha) * gamma};
}

}  // namespace

void add_unary(Table& table) {
  table["Abs"] = [](const Call& c) { return Results{parton::abs(c.in(0))}; };
  table["Exp"] = [](const Call& c) { return Results{parton::exp(c.in(0))}; };
  table["Log"] = [](const Call& c) { return Results{parton::log(c.in(0))}; };
  table["Sqrt"] = [](const Call& c) { return Results{parton::sqrt(c.in(0))}; };
  table["Sign"] = [](const Call& c) { return Results{parton::sign(c.in(0))}; };

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
  table["Reciprocal"] = [](const Call& c) { return Results{parton::reciprocal(c.in(0))}; };
  table["Sin"] = [](const Call& c) { return Results{parton::sin(c.in(0))}; };
  table["Cos"] = [](const Call& c) { return Results{parton::cos(c.in(0))}; };
  table["Tan"] = [](const Call& c) { return Results{parton::tan(c.in(0))}; };
  table["Asin"] = [](const Call& c) { return Results{parton::asin(c.in(0))}; };
  table["Acos"] = [](const Call& c) { return Results{parton::acos(c.in(0))}; };
  table["Atan"] = [](const Call& c) { return Results{parton::atan(c.in(0))}; };
  table["Sinh"] = [](const Call& c) { return Results{parton::sinh(c.in(0))}; };
  table["Cosh"] = [](const Call& c) { return Results{parton::cosh(c.in(0))}; };
  table["Erf"] = [](const Call& c) { return Results{parton::erf(c.in(0))}; };
  table["Floor"] = [](const Call& c) { return Results{parton::floor(c.in(0))}; };
  table["Ceil"] = [](const Call& c) { return Results{parton::ceil(c.in(0))}; };
  table["Round"] = [](const Call& c) { return Results{parton::round(c.in(0))}; };
  table["HardSwish"] = [](const Call& c) { return Results{parton::hard_swish(c.in(0))}; };
  table["HardSigmoid"] = [](const Call& c) {
    return Results{parton::hard_sigmoid(c.in(0), c.number("alpha", 0.2), c.number("beta", 0.5))};
  };
  table["Celu"] = [](const Call& c) {
    return Results{parton::celu(c.in(0), c.number("alpha", 1))};
  };
  table["ThresholdedRelu"] = [](const Call& c) {
    return Results{parton::thresholded_relu(c.in(0), c.number("alpha", 1))};
  };
}

}  // namespace onnx_tests
