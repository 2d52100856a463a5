// SPDX-License-Identifier: MIT
#pragma once

#include <parton/ops/detail/activation_functions.hpp>

/// \file The derivative of an activation that is known by its kind.

namespace parton::detail {

/// True if the derivative takes the input of the activation: of gelu, gelu_erf and silu, and of
/// leaky_relu and elu with a number below 0. Of all others the output tells it.
constexpr bool needs_input(ActivationSpec spec) noexcept {
  return visit_activation(spec, [](const auto& f) { return !f.from_output(); });
}

/// to[i] = g[i] times the derivative of the activation there; g and to may be the same memory.
/// `x` is what the activation was applied to, or null unless needs_input(spec); `y` is its result,
/// or null if needs_input(spec).
template <FloatingScalar Scalar>
void activation_backward(ActivationSpec spec, const Scalar* x, const Scalar* y, const Scalar* g,
                         Scalar* to, Index n) {
  if (spec.kind == ActivationKind::linear) {
    if (to != g) store(to, load(g, n));
    return;
  }
  visit_activation(spec, [&](const auto& f) {
    store(to, f.backward(load(g, n), load(f.from_output() ? y : x, n)));
  });
}

}  // namespace parton::detail
