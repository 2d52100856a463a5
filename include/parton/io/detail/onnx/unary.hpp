// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include <parton/io/detail/onnx/activations.hpp>

/// \file Functions of one tensor, element by element.

namespace parton::io::detail::to_onnx {

/// An op that ONNX has as it is.
struct PlainUnary {
  std::string_view op;
  const char* type;
};

inline constexpr auto plain_unary = std::to_array<PlainUnary>({
    {"abs", "Abs"},
    {"acos", "Acos"},
    {"asin", "Asin"},
    {"atan", "Atan"},
    {"ceil", "Ceil"},
    {"cos", "Cos"},
    {"cosh", "Cosh"},
    {"erf", "Erf"},
    {"exp", "Exp"},
    {"floor", "Floor"},
    {"log", "Log"},
    {"reciprocal", "Reciprocal"},
    {"round", "Round"},
    {"sign", "Sign"},
    {"sin", "Sin"},
    {"sinh", "Sinh"},
    {"sqrt", "Sqrt"},
    {"tan", "Tan"},
});

namespace unary {

inline void square(Emission& to) { to.result(to.node("Mul", {to.in(0), to.in(0)})); }

inline void rsqrt(Emission& to) { to.result(to.node("Reciprocal", {to.node("Sqrt", {to.in(0)})})); }

inline void trunc(Emission& to) {
  const std::string size = to.node("Floor", {to.node("Abs", {to.in(0)})});
  to.result(to.node("Mul", {to.node("Sign", {to.in(0)}), size}));
}

/// With u = 1 + x rounded, log(u) x / (u - 1) has no cancellation (Kahan).
inline void log1p(Emission& to) {
  const std::string u = to.binary("Add", to.in(0), 1), less = to.binary("Sub", u, 1);
  const std::string lost = to.node("Equal", {less, to.number(0, to.dtype())});
  const std::string divisor = to.node("Where", {lost, to.number(1, to.dtype()), less});
  const std::string ratio = to.node("Div", {to.in(0), divisor});
  // Of inf / inf nothing is left.
  const std::string large = to.node("Greater", {to.in(0), to.number(1, to.dtype())});
  const std::string factor = to.node("Where", {large, to.number(1, to.dtype()), ratio});
  const std::string product = to.node("Mul", {to.node("Log", {u}), factor});
  to.result(to.node("Where", {lost, to.in(0), product}));
}

/// tanh(x / 2) (exp(x) + 1), which has no cancellation; where exp(x) is 0 or inf too.
inline void expm1(Emission& to) {
  const std::string sum = to.binary("Add", to.node("Exp", {to.in(0)}), 1);
  to.result(to.node("Mul", {to.node("Tanh", {to.binary("Mul", to.in(0), 0.5)}), sum}));
}

inline void exp2(Emission& to) { to.result(to.node("Pow", {to.number(2, to.dtype()), to.in(0)})); }
inline void log2(Emission& to) {
  to.result(to.binary("Mul", to.node("Log", {to.in(0)}), std::numbers::log2e));
}
inline void log10(Emission& to) {
  to.result(to.binary("Mul", to.node("Log", {to.in(0)}), std::numbers::log10e));
}

inline void pow(Emission& to) { to.result(to.binary("Pow", to.in(0), to.number("exponent"))); }
inline void clip(Emission& to) {
  to.result(to.node("Clip", {to.in(0), to.number(to.number("low"), to.dtype()),
                             to.number(to.number("high"), to.dtype())}));
}

inline void hard_sigmoid(Emission& to) {
  to.result(to.node("HardSigmoid", {to.in(0)},
                    {{"alpha", static_cast<float>(to.number("alpha"))},
                     {"beta", static_cast<float>(to.number("beta"))}}));
}
inline void hard_swish(Emission& to) {
  const std::string gate =
      to.node("HardSigmoid", {to.in(0)}, {{"alpha", 1.0f / 6}, {"beta", 0.5f}});
  to.result(to.node("Mul", {to.in(0), gate}));
}
inline void mish(Emission& to) {
  const std::string gate = to.node("Tanh", {to.node("Softplus", {to.in(0)})});
  to.result(to.node("Mul", {to.in(0), gate}));
}
inline void celu(Emission& to) {
  to.result(to.node("Celu", {to.in(0)}, {{"alpha", static_cast<float>(to.number("alpha"))}}));
}
inline void thresholded_relu(Emission& to) {
  to.result(to.node("ThresholdedRelu", {to.in(0)},
                    {{"alpha", static_cast<float>(to.number("threshold"))}}));
}

}  // namespace unary

inline constexpr auto unary_rules = std::to_array<Rule>({
    {"square", unary::square},
    {"rsqrt", unary::rsqrt},
    {"trunc", unary::trunc},
    {"log1p", unary::log1p},
    {"expm1", unary::expm1},
    {"exp2", unary::exp2},
    {"log2", unary::log2},
    {"log10", unary::log10},
    {"pow", unary::pow},
    {"clip", unary::clip},
    {"hard_sigmoid", unary::hard_sigmoid},
    {"hard_swish", unary::hard_swish},
    {"mish", unary::mish},
    {"celu", unary::celu},
    {"thresholded_relu", unary::thresholded_relu},
});

}  // namespace parton::io::detail::to_onnx
