// SPDX-License-Identifier: MIT
#pragma once

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>  // erf of an array

#include <parton/ops/activation_kind.hpp>
#include <parton/ops/detail/elementwise.hpp>

/// \file The formulas of the activations as function objects on array expressions, and the switch
/// that applies one by its kind.
///
/// None of them uses a conditional per element, which Eigen does not vectorise; maxima pass NaN on.

namespace parton::detail {

template <class Array>
auto positive_part(const Array& x) {
  return max_of(x, constant_like(x, 0));
}
template <class Array>
auto negative_part(const Array& x) {
  return min_of(x, constant_like(x, 0));
}

struct Identity {
  template <class Array>
  auto operator()(const Array& x) const {
    return x;
  }
};

/// The square of exp(x / 2): Eigen's vectorised exp stops at the largest and smallest normal
/// number, and this way exp(1000) is inf and exp(-inf) is 0.
struct Exp {
  template <class Array>
  auto operator()(const Array& x) const {
    return (x * typename Array::Scalar(0.5)).exp().square();
  }
};

struct Relu {
  template <class Array>
  auto operator()(const Array& x) const {
    return positive_part(x);
  }
};

struct Sigmoid {
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return (Exp{}(-x) + T(1)).inverse();
  }
};

struct Tanh {
  template <class Array>
  auto operator()(const Array& x) const {
    return x.tanh();
  }
};

struct Softrelu {
  template <class Array>
  auto operator()(const Array& x) const {
    return positive_part(x) + Exp{}(-x.abs()).log1p();
  }
};

struct Softsign {
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return x / (x.abs() + T(1));
  }
};

/// x sigmoid(beta x)
struct Silu {
  double beta = 1;
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return x / (Exp{}(x * T(-beta)) + T(1));
  }
};

/// (1 + tanh(u)) / 2 is sigmoid(2u), which keeps its precision where the sum would cancel.
struct Gelu {
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    constexpr double twice_root = 1.5957691216057307118;  // 2 sqrt(2 / pi)
    return x / (Exp{}((x.square() * T(-0.044715 * twice_root) - T(twice_root)) * x) + T(1));
  }
};

struct GeluErf {
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return x * T(0.5) * ((x * T(0.70710678118654752440)).erf() + T(1));
  }
};

struct LeakyRelu {
  double slope;
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return positive_part(x) + negative_part(x) * T(slope);
  }
};

/// scale (x where x > 0, else alpha (exp(x) - 1))
struct Elu {
  double alpha;
  double scale = 1;
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return positive_part(x) * T(scale) + negative_part(x).expm1() * T(scale * alpha);
  }
};

/// The constants of Klambauer et al. 2017.
inline constexpr Elu selu_function{1.6732632423543772848, 1.0507009873554804934};

/// to[i] = activation(from[i]); the two may be the same memory.
template <FloatingScalar Scalar>
void apply_activation(ActivationSpec spec, const Scalar* from, Scalar* to, Index n) {
  switch (spec.kind) {
    case ActivationKind::linear:
      if (to != from) map_run(Identity{}, from, to, n);
      return;
    case ActivationKind::relu:
      return map_run(Relu{}, from, to, n);
    case ActivationKind::sigmoid:
      return map_run(Sigmoid{}, from, to, n);
    case ActivationKind::tanh:
      return map_run(Tanh{}, from, to, n);
    case ActivationKind::softrelu:
      return map_run(Softrelu{}, from, to, n);
    case ActivationKind::softsign:
      return map_run(Softsign{}, from, to, n);
    case ActivationKind::gelu:
      return map_run(Gelu{}, from, to, n);
    case ActivationKind::silu:
      return map_run(Silu{spec.slope}, from, to, n);
    case ActivationKind::leaky_relu:
      return map_run(LeakyRelu{spec.slope}, from, to, n);
    case ActivationKind::elu:
      return map_run(Elu{spec.slope}, from, to, n);
    case ActivationKind::selu:
      return map_run(selu_function, from, to, n);
    case ActivationKind::gelu_erf:
      return map_run(GeluErf{}, from, to, n);
  }
}

/// In place, as a fused op does with its own result.
template <FloatingScalar Scalar>
void apply_activation(ActivationSpec spec, Scalar* data, Index n) {
  apply_activation(spec, data, data, n);
}

}  // namespace parton::detail
