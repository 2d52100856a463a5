// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <utility>

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

/// visit(the struct of the activation), which alone is compiled.
template <ActivationKind Kind, class Visitor>
constexpr decltype(auto) visit_activation(double slope, const Visitor& visit) {
  using K = ActivationKind;
  if constexpr (Kind == K::linear)
    return visit(Identity{});
  else if constexpr (Kind == K::relu)
    return visit(Relu{});
  else if constexpr (Kind == K::sigmoid)
    return visit(Sigmoid{});
  else if constexpr (Kind == K::tanh)
    return visit(Tanh{});
  else if constexpr (Kind == K::softrelu)
    return visit(Softrelu{});
  else if constexpr (Kind == K::softsign)
    return visit(Softsign{});
  else if constexpr (Kind == K::gelu)
    return visit(Gelu{});
  else if constexpr (Kind == K::silu)
    return visit(Silu{slope});
  else if constexpr (Kind == K::leaky_relu)
    return visit(LeakyRelu{slope});
  else if constexpr (Kind == K::elu)
    return slope < 0 ? visit(EluFromInput{{slope}}) : visit(Elu{slope});
  else if constexpr (Kind == K::selu)
    return visit(selu_function);
  else
    return visit(GeluErf{});
}

/// The functions of one kind for an ActivationSpec, which holds any; `from` and `to`, and `g` and
/// `to`, may be the same memory.
struct ActivationKernels {
  template <class T>
  struct Of {
    void (*apply)(double slope, const T* from, T* to, Index n);
    void (*backward)(double slope, const T* x, const T* y, const T* g, T* to, Index n);
  };
  bool (*needs_input)(double slope);
  Of<float> of_float;
  Of<double> of_double;

  template <class T>
  [[nodiscard]] const Of<T>& of() const noexcept {
    if constexpr (std::same_as<T, float>)
      return of_float;
    else
      return of_double;
  }
};

template <ActivationKind Kind>
struct BuiltInKernels {
  static constexpr const ActivationKernels* pointer() noexcept { return &kernels; }

 private:
  template <class T>
  static void apply(double slope, const T* from, T* to, Index n) {
    visit_activation<Kind>(slope, [&](const auto& f) { map_run(f, from, to, n); });
  }
  template <class T>
  static void backward(double slope, const T* x, const T* y, const T* g, T* to, Index n) {
    visit_activation<Kind>(slope, [&](const auto& f) {
      store(to, f.backward(load(g, n), load(f.from_output() ? y : x, n)));
    });
  }
  static bool needs_input(double slope) {
    return visit_activation<Kind>(slope, [](const auto& f) { return !f.from_output(); });
  }
  static const ActivationKernels kernels;
};
template <ActivationKind Kind>
constinit const ActivationKernels BuiltInKernels<Kind>::kernels{
    &needs_input, {&apply<float>, &backward<float>}, {&apply<double>, &backward<double>}};
template <>
struct BuiltInKernels<ActivationKind::linear> {
  static constexpr const ActivationKernels* pointer() noexcept { return nullptr; }
};

template <std::same_as<ActivationKind> Kind>
constexpr const ActivationKernels* kernels_of(Kind kind) noexcept {
  constexpr auto all = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array{BuiltInKernels<static_cast<Kind>(I)>::pointer()...};
  }
  (std::make_index_sequence<activation_names.size()>());
  const auto at = static_cast<std::size_t>(kind);
  return at < all.size() ? all[at] : nullptr;
}

/// How many elements of half or bfloat16 are widened at a time.
inline constexpr Index activation_chunk = 512;

/// Calls f(position, length) for runs that fit the fastest memory.
template <class Function>
void for_each_chunk(Index n, const Function& f) {
  for (Index at = 0; at < n; at += activation_chunk) f(at, std::min(activation_chunk, n - at));
}

/// to[i] = activation(from[i]); the two may be the same memory. half and bfloat16 are computed in
/// float.
template <FloatingScalar Scalar>
void apply_activation(ActivationSpec spec, const Scalar* from, Scalar* to, Index n) {
  using T = Wide<Scalar>;
  if constexpr (std::same_as<T, Scalar>) {
    if (spec.kernels != nullptr)
      spec.kernels->of<T>().apply(spec.slope, from, to, n);
    else if (from != to)
      std::copy_n(from, n, to);
  } else {
    std::array<T, activation_chunk> wide;
    for_each_chunk(n, [&](Index at, Index length) {
      store(wide.data(), load(from + at, length));
      apply_activation<T>(spec, wide.data(), wide.data(), length);
      store(to + at, load(wide.data(), length));
    });
  }
}

/// In place, as a fused op does with its own result.
template <FloatingScalar Scalar>
void apply_activation(ActivationSpec spec, Scalar* data, Index n) {
  apply_activation(spec, data, data, n);
}

}  // namespace parton::detail
