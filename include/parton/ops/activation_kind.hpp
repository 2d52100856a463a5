// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
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

constexpr std::string_view activation_name(ActivationKind kind) noexcept {
  return activation_names[static_cast<std::size_t>(kind)];
}

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

namespace detail {

struct ActivationKernels;
template <ActivationKind Kind>
struct BuiltInKernels;

/// How a kind is computed; defined in ops/detail/activation_functions.hpp. A template, so that only
/// a program that chooses a kind at run time compiles all of them.
template <std::same_as<ActivationKind> Kind>
constexpr const ActivationKernels* kernels_of(Kind kind) noexcept;

}  // namespace detail

/// A built-in activation that is known at compile time, with its number; what `nn::relu` is. It is
/// an ActivationSpec wherever one is taken, and then alone is compiled.
template <ActivationKind Kind>
struct BuiltInActivation {
  static constexpr ActivationKind kind = Kind;
  double slope = detail::default_slope(Kind);

  [[nodiscard]] constexpr std::string_view name() const noexcept {
    return detail::activation_name(Kind);
  }
};

/// An activation with its one number: the slope of leaky_relu, alpha of elu, beta of silu.
struct ActivationSpec {
  ActivationKind kind = ActivationKind::linear;
  double slope = 0;
  /// How it is computed; null for linear.
  const detail::ActivationKernels* kernels = nullptr;

  constexpr ActivationSpec() noexcept = default;
  template <std::same_as<ActivationKind> Kind>
  constexpr ActivationSpec(Kind given) noexcept  // NOLINT: implicit on purpose
      : ActivationSpec(given, detail::default_slope(given)) {}
  template <std::same_as<ActivationKind> Kind>
  constexpr ActivationSpec(Kind given, double number) noexcept
      : kind(given), slope(number), kernels(detail::kernels_of(given)) {}
  template <ActivationKind Kind>
  constexpr ActivationSpec(BuiltInActivation<Kind> given) noexcept  // NOLINT: implicit on purpose
      : kind(Kind), slope(given.slope), kernels(detail::BuiltInKernels<Kind>::pointer()) {}

  /// `"relu"`, `"leaky_relu"`, ...: as the enumerator is spelt.
  [[nodiscard]] constexpr std::string_view name() const noexcept {
    return detail::activation_name(kind);
  }
  friend constexpr bool operator==(const ActivationSpec& a, const ActivationSpec& b) noexcept {
    return a.kind == b.kind && a.slope == b.slope;
  }
};

/// The activation called `name`, with its default slope.
/// \throws ValueError with the names there are.
template <std::same_as<ActivationKind> Kind = ActivationKind>
[[nodiscard]] ActivationSpec activation_by_name(detail::NameView name) {
  for (std::size_t i = 0; i < detail::activation_names.size(); ++i)
    if (detail::activation_names[i] == name) return static_cast<Kind>(i);
  throw errors::unknown_activation(
      name, {detail::activation_names.begin(), detail::activation_names.end()});
}

}  // namespace parton

#include <parton/ops/detail/activation_functions.hpp>
