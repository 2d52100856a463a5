// SPDX-License-Identifier: MIT
#pragma once

#include <parton/error.hpp>
#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/elementwise.hpp>

/// \file Activations that a layer takes as functions: `nn::Activation([](const auto& x) { return
/// mish(x); })`. Any shape in, the same shape out, element by element.

namespace parton {

namespace detail {

struct HardSigmoid : FromOutput {
  HardSigmoid(double slope, double shift) : alpha(slope), beta(shift) {}
  double alpha, beta;
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return max_of(min_of(x * T(alpha) + T(beta), constant_like(x, T(1))), constant_like(x, T(0)));
  }
  template <class Array>
  auto backward(const auto& g, const Array& y) const {
    return fused(WhereInside<true>{0, 1}, g * typename Array::Scalar(alpha), y);
  }
};

/// The derivative is 0 up to -3, 1 from 3 on, and x / 3 + 1 / 2 between: a ramp of x cut off.
struct HardSwish : FromInput {
  template <class Array>
  auto operator()(const Array& x) const {
    return x * HardSigmoid(1.0 / 6, 0.5)(x);
  }
  template <class Array>
  auto backward(const auto& g, const Array& x) const {
    using T = typename Array::Scalar;
    const auto ramp = fused(WhereInside<true>{-3, 3}, x * T(1.0 / 3) + T(0.5), x);
    return g * (ramp + fused(WhereAtLeast{3}, constant_like(x, T(1)), x));
  }
};

/// x n / (n + 2) with n = e (e + 2) and e = exp(x), which is x tanh(log(1 + e)) without
/// cancellation.
struct MishValue {
  template <class P>
  P of(const P& x, const P& e) const {
    const P two = all_of<P>(2), n = packet::pmul(e, packet::padd(e, two));
    return packet::pmul(x, packet::pdiv(n, packet::padd(n, two)));
  }
};
/// n / (n + 2) + x 4 e (e + 1) / (n + 2)^2
struct MishSlope {
  template <class P>
  P of(const P& x, const P& e) const {
    const P two = all_of<P>(2), n = packet::pmul(e, packet::padd(e, two));
    const P below = packet::padd(n, two);
    const P change = packet::pdiv(
        packet::pmul(all_of<P>(4), packet::pmul(e, packet::padd(e, all_of<P>(1)))), below);
    return packet::pdiv(packet::pmadd(x, change, n), below);
  }
};

struct Mish : FromInput {
  /// Beyond 20 mish(x) is x in every scalar, and exp(x)^4 would overflow in float soon after.
  template <class Array>
  static auto limited(const Array& x) {
    using T = typename Array::Scalar;
    return max_of(min_of(x, constant_like(x, T(20))), constant_like(x, T(-1000)));
  }
  template <class Array>
  auto operator()(const Array& x) const {
    return fused(MishValue{}, x, Exp{}(limited(x)));
  }
  template <class Array>
  auto backward(const auto& g, const Array& x) const {
    return g * fused(MishSlope{}, limited(x), Exp{}(limited(x)));
  }
};

/// Below 0 the derivative is exp(x / alpha), which is y / alpha + 1.
struct Celu : FromOutput {
  explicit Celu(double number) : alpha(number) {}
  double alpha;
  template <class Array>
  auto operator()(const Array& x) const {
    using T = typename Array::Scalar;
    return positive_part(x) + (negative_part(x) * T(1 / alpha)).expm1() * T(alpha);
  }
  template <class Array>
  auto backward(const auto& g, const Array& y) const {
    return g * fused(ShiftBelow{1, 1}, y * typename Array::Scalar(1 / alpha), y);
  }
};

struct ThresholdedRelu : FromInput {
  explicit ThresholdedRelu(double number) : threshold(number) {}
  double threshold;
  auto operator()(const auto& x) const { return fused(WhereAbove{threshold}, x, x); }
  auto backward(const auto& g, const auto& x) const { return fused(WhereAbove{threshold}, g, x); }
};

}  // namespace detail

/// max(0, min(1, alpha x + beta)), with the numbers of MXNet and ONNX; PyTorch's is of 1 / 6 and
/// 1 / 2. The derivative at the two kinks is taken to be 0.
template <detail::FloatingOperand X>
[[nodiscard]] auto hard_sigmoid(const X& x, double alpha = 0.2, double beta = 0.5) {
  return detail::elementwise("hard_sigmoid", detail::HardSigmoid(alpha, beta), detail::as_tensor(x),
                             {{"alpha", alpha}, {"beta", beta}});
}

/// x max(0, min(1, x / 6 + 1 / 2)) (Howard et al. 2019).
template <detail::FloatingOperand X>
[[nodiscard]] auto hard_swish(const X& x) {
  return detail::elementwise("hard_swish", detail::HardSwish{}, detail::as_tensor(x));
}

/// x tanh(log(1 + exp(x))) (Misra 2019).
template <detail::FloatingOperand X>
[[nodiscard]] auto mish(const X& x) {
  return detail::elementwise("mish", detail::Mish{}, detail::as_tensor(x));
}

/// x where x > 0, else alpha (exp(x / alpha) - 1): an elu whose derivative is continuous for any
/// alpha (Barron 2017). \throws ValueError unless alpha > 0.
template <detail::FloatingOperand X>
[[nodiscard]] auto celu(const X& x, double alpha = 1) {
  if (!(alpha > 0)) throw errors::celu_alpha(alpha);
  return detail::elementwise("celu", detail::Celu(alpha), detail::as_tensor(x), {{"alpha", alpha}});
}

/// x where x > threshold, else 0 (Konda et al. 2014).
template <detail::FloatingOperand X>
[[nodiscard]] auto thresholded_relu(const X& x, double threshold = 1) {
  return detail::elementwise("thresholded_relu", detail::ThresholdedRelu(threshold),
                             detail::as_tensor(x), {{"threshold", threshold}});
}

}  // namespace parton
