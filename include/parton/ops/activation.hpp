// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>
#include <utility>

#include <Eigen/Core>

#include <parton/autograd/record.hpp>
#include <parton/ops/activation_kind.hpp>
#include <parton/ops/detail/activation_gradient.hpp>
#include <parton/ops/detail/elementwise.hpp>

/// \file The activation functions: any shape in, the same shape out, element by element. NaN gives
/// NaN; half and bfloat16 are computed in float and rounded once.

namespace parton {

namespace detail {

/// y = activation(x) goes on the tape.
template <class Scalar>
void record_activation(ActivationSpec spec, Tensor<Scalar>& y, const Tensor<Scalar>& x) {
  record(spec.name().data(), y, inputs(x),
         saved(save_if(spec.kind != ActivationKind::linear, needs_input(spec) ? x : y)),
         [spec](Gradients<Scalar>& gradients, const Tensor<Scalar>& v) {
           const Tensor<Scalar>& g = gradients.result();
           if (spec.kind == ActivationKind::linear) return gradients.add(0, g);
           Tensor<Scalar> to = Tensor<Scalar>::empty(g.shape());
           activation_backward(spec, v.data(), v.data(), g.data(), fresh_data(to), g.size());
           gradients.add(0, std::move(to));
         });
}

/// Calls f(position, length, the alpha of these elements as an array, its position) for runs that
/// share an alpha, or for rows of one for each alpha.
template <class Scalar, class Function>
void for_each_alpha(const Shape& shape, const Tensor<Scalar>& alpha, const Function& f) {
  const Index channels = alpha.size(), run = channels == 1 ? shape.size() : shape.product(2);
  if (channels > 1 && run == 1) {
    for (Index at = 0; at < shape.size(); at += channels)
      f(at, channels, load(alpha.data(), channels), 0);
    return;
  }
  Index channel = 0;
  for (Index at = 0; at < shape.size(); at += run) {
    const auto one = static_cast<Wide<Scalar>>(alpha.data()[channel]);
    f(at, run, Eigen::Array<Wide<Scalar>, Eigen::Dynamic, 1>::Constant(run, one), channel);
    channel = channel + 1 == channels ? 0 : channel + 1;
  }
}

/// grad x = g where x > 0, else g alpha; grad alpha the sum of g x over x <= 0.
template <class Scalar>
void prelu_backward(Gradients<Scalar>& gradients, const Tensor<Scalar>& x,
                    const Tensor<Scalar>& alpha) {
  const Scalar *const g = gradients.result().data(), *const from = x.data();
  if (gradients.needs(0)) {
    Tensor<Scalar> to = Tensor<Scalar>::empty(x.shape());
    for_each_alpha(x.shape(), alpha, [&](Index at, Index n, const auto& slope, Index) {
      store(fresh_data(to) + at,
            load(g + at, n) * fused(ShiftBelow{0, 1}, slope, load(from + at, n)));
    });
    gradients.add(0, std::move(to));
  }
  if (gradients.needs(1)) {
    Tensor<double> sums = Tensor<double>::zeros(alpha.shape());
    double* const total = fresh_data(sums);
    for_each_alpha(x.shape(), alpha, [&](Index at, Index n, const auto& slope, Index channel) {
      const auto terms = load(g + at, n) * negative_part(load(from + at, n));
      if constexpr (requires { slope.functor(); })
        total[channel] += static_cast<double>(terms.sum());
      else
        store(total, load(total, n) + terms.template cast<double>());
    });
    gradients.add(1, sums.template cast<Scalar>());
  }
}

}  // namespace detail

/// The activation that `spec` names, with its slope; the functions below are its cases.
template <detail::FloatingOperand X>
[[nodiscard]] auto activate(const X& x, ActivationSpec spec) {
  using Scalar = detail::scalar_of<X>;
  const Tensor<Scalar>& input = detail::as_tensor(x);
  if (detail::any_shape_only(input)) return Tensor<Scalar>::shape_only(input.shape());
  Tensor<Scalar> y = Tensor<Scalar>::empty(input.shape());
  detail::apply_activation(spec, input.data(), detail::fresh_data(y), input.size());
  if (detail::must_record(input)) detail::record_activation(spec, y, input);
  if (detail::tracer != nullptr)
    detail::trace("activation", {input}, {y}, {{"kind", spec.name()}, {"slope", spec.slope}});
  return y;
}

/// max(x, 0)
template <detail::FloatingOperand X>
[[nodiscard]] auto relu(const X& x) {
  return activate(x, BuiltInActivation<ActivationKind::relu>{});
}

/// 1 / (1 + exp(-x))
template <detail::FloatingOperand X>
[[nodiscard]] auto sigmoid(const X& x) {
  return activate(x, BuiltInActivation<ActivationKind::sigmoid>{});
}

/// The hyperbolic tangent; of an Eigen array it is Eigen's own function.
template <detail::OperandUnlessArray X>
requires detail::FloatingOperand<X>
[[nodiscard]] auto tanh(const X& x) {
  return activate(x, BuiltInActivation<ActivationKind::tanh>{});
}

/// log(1 + exp(x)), computed as max(x, 0) + log1p(exp(-|x|)), which never overflows. Also known as
/// softplus.
template <detail::FloatingOperand X>
[[nodiscard]] auto softrelu(const X& x) {
  return activate(x, BuiltInActivation<ActivationKind::softrelu>{});
}

/// x / (1 + |x|)
template <detail::FloatingOperand X>
[[nodiscard]] auto softsign(const X& x) {
  return activate(x, BuiltInActivation<ActivationKind::softsign>{});
}

/// The tanh form of GELU, which is Gluon's: x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
/// (Hendrycks and Gimpel 2016). PyTorch's default is gelu_erf.
template <detail::FloatingOperand X>
[[nodiscard]] auto gelu(const X& x) {
  return activate(x, BuiltInActivation<ActivationKind::gelu>{});
}

/// GELU itself: x Phi(x) = x (1 + erf(x / sqrt(2))) / 2; PyTorch's `GELU()`, ONNX's `Gelu` with
/// approximate = "none".
template <detail::FloatingOperand X>
[[nodiscard]] auto gelu_erf(const X& x) {
  return activate(x, BuiltInActivation<ActivationKind::gelu_erf>{});
}

/// x sigmoid(beta x), also known as Swish (Ramachandran et al. 2017).
template <detail::FloatingOperand X>
[[nodiscard]] auto silu(const X& x, double beta = 1) {
  return activate(x, BuiltInActivation<ActivationKind::silu>{beta});
}

/// x where x > 0, else slope x. A slope above 1 is allowed.
template <detail::FloatingOperand X>
[[nodiscard]] auto leaky_relu(const X& x, double slope = 0.01) {
  return activate(x, BuiltInActivation<ActivationKind::leaky_relu>{slope});
}

/// x where x > 0, else alpha (exp(x) - 1) (Clevert et al. 2015).
template <detail::FloatingOperand X>
[[nodiscard]] auto elu(const X& x, double alpha = 1) {
  return activate(x, BuiltInActivation<ActivationKind::elu>{alpha});
}

/// s x where x > 0, else s a (exp(x) - 1), with s = 1.0507009873554805 and a = 1.6732632423543773
/// (Klambauer et al. 2017).
template <detail::FloatingOperand X>
[[nodiscard]] auto selu(const X& x) {
  return activate(x, BuiltInActivation<ActivationKind::selu>{});
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
  detail::for_each_alpha(shape, alpha, [&](Index at, Index n, const auto& slope, Index) {
    const auto v = detail::load(input.data() + at, n);
    detail::store(detail::fresh_data(y) + at,
                  detail::positive_part(v) + detail::negative_part(v) * slope);
  });
  if (detail::must_record(input, alpha))
    detail::record("prelu", y, detail::inputs(input, alpha), detail::saved(input, alpha),
                   [](auto& gradients, const Tensor<Scalar>& from, const Tensor<Scalar>& slope) {
                     detail::prelu_backward(gradients, from, slope);
                   });
  if (detail::tracer != nullptr) detail::trace("prelu", {input, alpha}, {y});
  return y;
}

}  // namespace parton
