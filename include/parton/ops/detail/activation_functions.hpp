// SPDX-License-Identifier: MIT
#pragma once

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>  // erf of an array

#include <parton/ops/activation_kind.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/fused.hpp>

/// \file The activations: each is one struct with its value and its derivative, both on array
/// expressions, and `visit_activation` finds the struct of a kind.
///
/// None uses a conditional per element, which Eigen does not vectorise; maxima pass NaN on.

namespace parton::detail {

template <class Array>
auto positive_part(const Array& x) {
  return max_of(x, constant_like(x, 0));
}
template <class Array>
auto negative_part(const Array& x) {
  return min_of(x, constant_like(x, 0));
}

/// x, but at most `bound` in size: for terms that vanish there, and would be 0 times infinity.
template <class Array>
auto within(const Array& x, int bound) {
  using T = typename Array::Scalar;
  return max_of(min_of(x, constant_like(x, T(bound))), constant_like(x, T(-bound)));
}

struct Identity : FromOutput {
  template <class Array>
  auto operator()(const Array& x) const {
    return x;
  }
  auto backward(const auto& g, const auto&) const { return g; }
};

/// The square of exp(x / 2): Eigen's vectorised exp stops at the largest and smallest normal
/// number, and this way exp(1000) is inf and exp(-inf) is 0.
struct Exp : FromOutput {
  template <class Array>
  auto operator()(const Array& x) const {
    return (x * typename Array::Scalar(0.5)).exp().square();
  }
  auto backward(const auto& g, const auto& y) const { return g * y; }
};

struct Relu : FromOutput {
  template <class Array>
  auto operator()(const Array& x) const {
    return positive_part(x);
  }
  auto backward(const auto& g, const auto& y) const { return fused(WhereAbove{}, g, y); }
};

struct Sigmoid : FromOutput {
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return (Exp{}(-x) + T(1)).inverse();
  }
  template <class Array>
  auto backward(const auto& g, const Array& y) const {
    return g * y * (typename Array::Scalar(1) - y);
  }
};

struct Tanh : FromOutput {
  template <class Array>
  auto operator()(const Array& x) const {
    return x.tanh();
  }
  template <class Array>
  auto backward(const auto& g, const Array& y) const {
    return g * (typename Array::Scalar(1) - y.square());
  }
};

/// The derivative is the logistic function, 1 - exp(-y).
struct Softrelu : FromOutput {
  template <class Array>
  auto operator()(const Array& x) const {
    return positive_part(x) + Exp{}(-x.abs()).log1p();
  }
  auto backward(const auto& g, const auto& y) const { return -g * (-y).expm1(); }
};

struct Softsign : FromOutput {
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return x / (x.abs() + T(1));
  }
  template <class Array>
  auto backward(const auto& g, const Array& y) const {
    return g * (typename Array::Scalar(1) - y.abs()).square();
  }
};

/// x sigmoid(beta x)
struct Silu {
  double beta = 1;
  static constexpr bool from_output() noexcept { return false; }
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return x / (Exp{}(x * T(-beta)) + T(1));
  }
  template <class Array>
  auto backward(const auto& g, const Array& x) const {
    const auto z = x * typename Array::Scalar(beta);
    return g * fused(SwishSlope{}, Sigmoid{}(z), within(z, 1000));
  }
};

/// (1 + tanh(u)) / 2 is sigmoid(2u), which keeps its precision where the sum would cancel.
struct Gelu : FromInput {
  static constexpr double twice_root = 1.5957691216057307118;  // 2 sqrt(2 / pi)
  static constexpr double cubic = 0.044715;
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return x / (Exp{}((x.square() * T(-cubic * twice_root) - T(twice_root)) * x) + T(1));
  }
  template <class Array>
  auto backward(const auto& g, const Array& x) const {
    using T = typename Array::Scalar;
    const auto twice_u = (x.square() * T(cubic * twice_root) + T(twice_root)) * x;
    const auto z = (x.square() * T(3 * cubic * twice_root) + T(twice_root)) * x;
    return g * fused(SwishSlope{}, Sigmoid{}(twice_u), within(z, 1000));
  }
};

struct GeluErf : FromInput {
  static constexpr double root_half = 0.70710678118654752440;
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return x * T(0.5) * ((x * T(root_half)).erf() + T(1));
  }
  template <class Array>
  auto backward(const auto& g, const Array& input) const {
    using T = typename Array::Scalar;
    constexpr double density = 0.39894228040143267794;  // 1 / sqrt(2 pi)
    const auto x = within(input, 40);
    return g * (((x * T(root_half)).erf() + T(1)) * T(0.5) +
                x * T(density) * Exp{}(x.square() * T(-0.5)));
  }
};

/// Of a slope below 0 the output does not tell the sign of the input.
struct LeakyRelu {
  double slope;
  constexpr bool from_output() const noexcept { return slope >= 0; }
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return positive_part(x) + negative_part(x) * T(slope);
  }
  auto backward(const auto& g, const auto& v) const { return fused(SlopeBelow{slope}, g, v); }
};

/// scale (x where x > 0, else alpha (exp(x) - 1)), for alpha >= 0. Below 0 the derivative is
/// y + scale alpha.
struct Elu {
  double alpha;
  double scale = 1;
  static constexpr bool from_output() noexcept { return true; }
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return positive_part(x) * T(scale) + negative_part(x).expm1() * T(scale * alpha);
  }
  auto backward(const auto& g, const auto& y) const {
    return g * fused(ShiftBelow{scale * alpha, scale}, y, y);
  }
};

/// The same for any alpha: of one below 0 the output does not tell the sign of the input.
struct EluFromInput : Elu {
  static constexpr bool from_output() noexcept { return false; }
  template <class Array>
  auto backward(const auto& g, const Array& x) const {
    using T = typename Array::Scalar;
    return g * fused(ShiftBelow{0, scale}, Exp{}(negative_part(x)) * T(scale * alpha), x);
  }
};

/// The constants of Klambauer et al. 2017.
inline constexpr Elu selu_function{1.6732632423543772848, 1.0507009873554804934};

/// visit(the struct of the activation).
template <class Visitor>
constexpr decltype(auto) visit_activation(ActivationSpec spec, const Visitor& visit) {
  switch (spec.kind) {
    case ActivationKind::linear:
      break;
    case ActivationKind::relu:
      return visit(Relu{});
    case ActivationKind::sigmoid:
      return visit(Sigmoid{});
    case ActivationKind::tanh:
      return visit(Tanh{});
    case ActivationKind::softrelu:
      return visit(Softrelu{});
    case ActivationKind::softsign:
      return visit(Softsign{});
    case ActivationKind::gelu:
      return visit(Gelu{});
    case ActivationKind::silu:
      return visit(Silu{spec.slope});
    case ActivationKind::leaky_relu:
      return visit(LeakyRelu{spec.slope});
    case ActivationKind::elu:
      if (spec.slope < 0) return visit(EluFromInput{{spec.slope}});
      return visit(Elu{spec.slope});
    case ActivationKind::selu:
      return visit(selu_function);
    case ActivationKind::gelu_erf:
      return visit(GeluErf{});
  }
  return visit(Identity{});
}

/// to[i] = activation(from[i]); the two may be the same memory.
template <FloatingScalar Scalar>
void apply_activation(ActivationSpec spec, const Scalar* from, Scalar* to, Index n) {
  if (spec.kind == ActivationKind::linear && from == to) return;
  visit_activation(spec, [&](const auto& f) { map_run(f, from, to, n); });
}

/// In place, as a fused op does with its own result.
template <FloatingScalar Scalar>
void apply_activation(ActivationSpec spec, Scalar* data, Index n) {
  apply_activation(spec, data, data, n);
}

}  // namespace parton::detail
