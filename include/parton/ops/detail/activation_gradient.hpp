// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <concepts>

#include <parton/ops/detail/activation_functions.hpp>

/// \file The derivative of an activation that is known by its kind.

namespace parton::detail {

/// True if the derivative takes the input of the activation: of gelu, gelu_erf and silu, and of
/// leaky_relu and elu with a number below 0. Of all others the output tells it.
inline bool needs_input(ActivationSpec spec) noexcept {
  return spec.kernels != nullptr && spec.kernels->needs_input(spec.slope);
}

/// to[i] = g[i] times the derivative of the activation there; g and to may be the same memory.
/// `x` is what the activation was applied to, or null unless needs_input(spec); `y` is its result,
/// or null if needs_input(spec).
template <FloatingScalar Scalar>
void activation_backward(ActivationSpec spec, const Scalar* x, const Scalar* y, const Scalar* g,
                         Scalar* to, Index n) {
  using T = Wide<Scalar>;
  if (spec.kernels == nullptr) {
    if (to != g) std::copy_n(g, n, to);
  } else if constexpr (std::same_as<T, Scalar>) {
    spec.kernels->of<T>().backward(spec.slope, x, y, g, to, n);
  } else {
    std::array<T, activation_chunk> value, gradient;
    const Scalar* const known = needs_input(spec) ? x : y;
    for_each_chunk(n, [&](Index at, Index length) {
      store(value.data(), load(known + at, length));
      store(gradient.data(), load(g + at, length));
      activation_backward<T>(spec, value.data(), value.data(), gradient.data(), gradient.data(),
                             length);
      store(to + at, load(gradient.data(), length));
    });
  }
}

}  // namespace parton::detail
