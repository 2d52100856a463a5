// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include <parton/ops/activation_kind.hpp>
#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/elementwise.hpp>

/// \file The activation functions: any shape in, the same shape out, element by element. NaN gives
/// NaN; half and bfloat16 are computed in float and rounded once.

namespace parton {

/// The activation that `spec` names, with its slope; the functions below are its cases.
template <detail::FloatingOperand X>
[[nodiscard]] auto activate(const X& x, ActivationSpec spec) {
  using Scalar = detail::scalar_of<X>;
  const Tensor<Scalar>& input = detail::as_tensor(x);
  if (detail::any_shape_only(input)) return Tensor<Scalar>::shape_only(input.shape());
  Tensor<Scalar> y = Tensor<Scalar>::empty(input.shape());
  detail::apply_activation(spec, input.data(), y.mutable_data(), input.size());
  return y;
}

/// max(x, 0)
template <detail::FloatingOperand X>
[[nodiscard]] auto relu(const X& x) {
  return detail::elementwise(detail::Relu{}, detail::as_tensor(x));
}

/// 1 / (1 + exp(-x))
template <detail::FloatingOperand X>
[[nodiscard]] auto sigmoid(const X& x) {
  return detail::elementwise(detail::Sigmoid{}, detail::as_tensor(x));
}

/// The hyperbolic tangent; of an Eigen array it is Eigen's own function.
template <detail::OperandUnlessArray X>
requires detail::FloatingOperand<X>
[[nodiscard]] auto tanh(const X& x) {
  return detail::elementwise(detail::Tanh{}, detail::as_tensor(x));
}

/// log(1 + exp(x)), computed as max(x, 0) + log1p(exp(-|x|)), which never overflows. Also known as
/// softplus.
template <detail::FloatingOperand X>
[[nodiscard]] auto softrelu(const X& x) {
  return detail::elementwise(detail::Softrelu{}, detail::as_tensor(x));
}

/// x / (1 + |x|)
template <detail::FloatingOperand X>
[[nodiscard]] auto softsign(const X& x) {
  return detail::elementwise(detail::Softsign{}, detail::as_tensor(x));
}

/// The tanh form of GELU, which is Gluon's: x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
/// (Hendrycks and Gimpel 2016). PyTorch's default is gelu_erf.
template <detail::FloatingOperand X>
[[nodiscard]] auto gelu(const X& x) {
  return detail::elementwise(detail::Gelu{}, detail::as_tensor(x));
}

/// GELU itself: x Phi(x) = x (1 + erf(x / sqrt(2))) / 2; PyTorch's `GELU()`, ONNX's `Gelu` with
/// approximate = "none".
template <detail::FloatingOperand X>
[[nodiscard]] auto gelu_erf(const X& x) {
  return detail::elementwise(detail::GeluErf{}, detail::as_tensor(x));
}

/// x sigmoid(beta x), also known as Swish (Ramachandran et al. 2017).
template <detail::FloatingOperand X>
[[nodiscard]] auto silu(const X& x, double beta = 1) {
  return detail::elementwise(detail::Silu{beta}, detail::as_tensor(x));
}

/// x where x > 0, else slope x. A slope above 1 is allowed.
template <detail::FloatingOperand X>
[[nodiscard]] auto leaky_relu(const X& x, double slope = 0.01) {
  return detail::elementwise(detail::LeakyRelu{slope}, detail::as_tensor(x));
}

/// x where x > 0, else alpha (exp(x) - 1) (Clevert et al. 2015).
template <detail::FloatingOperand X>
[[nodiscard]] auto elu(const X& x, double alpha = 1) {
  return detail::elementwise(detail::Elu{alpha}, detail::as_tensor(x));
}

/// s x where x > 0, else s a (exp(x) - 1), with s = 1.0507009873554805 and a = 1.6732632423543773
/// (Klambauer et al. 2017).
template <detail::FloatingOperand X>
[[nodiscard]] auto selu(const X& x) {
  return detail::elementwise(detail::selu_function, detail::as_tensor(x));
}

/// x where x > 0, else alpha x, with one alpha for all or one for each channel (He et al. 2015).
///
/// x is `(N, channels, ...)`, or anything for a single alpha; alpha is of one element, or of shape
/// `(channels,)`. \throws ShapeError otherwise.
template <detail::FloatingOperand X, class Scalar = detail::scalar_of<X>>
[[nodiscard]] Tensor<Scalar> prelu(const X& x, const std::type_identity_t<Tensor<Scalar>>& alpha) {
  const Tensor<Scalar>& input = detail::as_tensor(x);
  const Shape& shape = input.shape();
  const bool single = alpha.size() == 1;
  if (!single && (alpha.rank() != 1 || shape.rank() < 2 || shape[1] != alpha.size()))
    throw errors::prelu_shapes(shape.to_string(), alpha.shape().to_string());
  if (detail::any_shape_only(input, alpha)) return Tensor<Scalar>::shape_only(shape);
  Tensor<Scalar> y = Tensor<Scalar>::empty(shape);
  const Index channels = alpha.size(), run = single ? shape.size() : shape.product(2);
  Index channel = 0;
  for (Index at = 0; at < shape.size(); at += run) {
    const detail::LeakyRelu f{static_cast<double>(alpha.data()[channel])};
    detail::map_run(f, input.data() + at, y.mutable_data() + at, run);
    channel = channel + 1 == channels ? 0 : channel + 1;
  }
  return y;
}

}  // namespace parton
