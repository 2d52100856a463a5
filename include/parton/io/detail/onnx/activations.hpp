// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include <parton/io/detail/onnx/emission.hpp>

/// \file The activations; those that opset 17 lacks are put together.

namespace parton::io::detail::to_onnx {

/// An activation, by its name and its number (see ops/activation_kind.hpp).
class ActivationNodes {
 public:
  ActivationNodes(Emission& to, std::string x) : to_(to), x_(std::move(x)) {}

  std::string apply(std::string_view name, double slope) {
    for (const Simple& one : simple)
      if (one.name == name) return to_.node(one.type, {x_});
    const auto number = static_cast<float>(slope);
    if (name == "linear") return x_;
    if (name == "leaky_relu") return to_.node("LeakyRelu", {x_}, {{"alpha", number}});
    if (name == "elu") return to_.node("Elu", {x_}, {{"alpha", number}});
    if (name == "selu")
      return to_.node("Selu", {x_},
                      {{"alpha", 1.6732632423543772f}, {"gamma", 1.0507009873554805f}});
    if (name == "silu") return silu(slope);
    if (name == "gelu") return gelu();
    if (name == "gelu_erf") return gelu_erf();
    throw errors::onnx_internal(to_.op(), "has the unknown activation " + std::string(name));
  }

 private:
  struct Simple {
    std::string_view name;
    const char* type;
  };
  static constexpr std::array<Simple, 5> simple{{{"relu", "Relu"},
                                                 {"sigmoid", "Sigmoid"},
                                                 {"tanh", "Tanh"},
                                                 {"softrelu", "Softplus"},
                                                 {"softsign", "Softsign"}}};

  std::string silu(double beta) {
    const std::string scaled = beta == 1 ? x_ : to_.binary("Mul", x_, beta);
    return to_.node("Mul", {x_, to_.node("Sigmoid", {scaled})});
  }
  /// x (1 + y) / 2
  std::string half_of_one_plus(const std::string& y) {
    return to_.binary("Mul", to_.node("Mul", {x_, to_.binary("Add", y, 1)}), 0.5);
  }
  std::string gelu() {
    const std::string cube = to_.node("Mul", {to_.node("Mul", {x_, x_}), x_});
    const std::string inner = to_.node("Add", {x_, to_.binary("Mul", cube, 0.044715)});
    return half_of_one_plus(to_.node("Tanh", {to_.binary("Mul", inner, 0.7978845608028654)}));
  }
  std::string gelu_erf() {
    return half_of_one_plus(to_.node("Erf", {to_.binary("Mul", x_, 0.7071067811865476)}));
  }

  Emission& to_;
  std::string x_;
};

}  // namespace parton::io::detail::to_onnx
