// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <parton/detail/name_view.hpp>
#include <parton/error.hpp>

/// \file The activations that a layer can hold by value and a fused op can apply in place.

namespace parton {

/// The built-in activations; ops/activation.hpp gives the formula of each.
enum class ActivationKind {
  linear,
  relu,
  sigmoid,
  tanh,
  softrelu,
  softsign,
  gelu,
  silu,
  leaky_relu,
  elu,
  selu,
  gelu_erf
};

namespace detail {

inline constexpr std::array<std::string_view, 12> activation_names = {
    "linear", "relu", "sigmoid",    "tanh", "softrelu", "softsign",
    "gelu",   "silu", "leaky_relu", "elu",  "selu",     "gelu_erf"};

constexpr double default_slope(ActivationKind kind) noexcept {
  switch (kind) {
    case ActivationKind::leaky_relu:
      return 0.01;
    case ActivationKind::elu:
    case ActivationKind::silu:
      return 1;
    default:
      return 0;
  }
}

}  // namespace detail

/// An activation with its one number: the slope of leaky_relu, alpha of elu, beta of silu.
struct ActivationSpec {
  ActivationKind kind = ActivationKind::linear;
  double slope = detail::default_slope(kind);

  /// `"relu"`, `"leaky_relu"`, ...: as the enumerator is spelt.
  [[nodiscard]] constexpr std::string_view name() const noexcept {
    return detail::activation_names[static_cast<std::size_t>(kind)];
  }
  friend constexpr bool operator==(const ActivationSpec&, const ActivationSpec&) = default;
};

/// The activation called `name`, with its default slope.
/// \throws ValueError with the names there are.
[[nodiscard]] inline ActivationSpec activation_by_name(detail::NameView name) {
  for (std::size_t i = 0; i < detail::activation_names.size(); ++i)
    if (detail::activation_names[i] == name) return {static_cast<ActivationKind>(i)};
  throw errors::unknown_activation(
      name, {detail::activation_names.begin(), detail::activation_names.end()});
}

}  // namespace parton
