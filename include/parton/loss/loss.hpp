// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <initializer_list>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>

#include <parton/autograd/trace.hpp>
#include <parton/detail/type_name.hpp>
#include <parton/loss/options.hpp>
#include <parton/ops/detail/in_wide.hpp>
#include <parton/ops/detail/operand.hpp>

namespace parton {

namespace detail {

/// Labels and weights: a Tensor of any scalar, an Eigen object, or a std::vector of numbers.
template <class T>
concept LossInput = Operand<T> || Values<T>;

template <LossInput X>
decltype(auto) as_loss_input(const X& x) {
  if constexpr (Operand<X>)
    return as_tensor(x);
  else
    return Tensor<std::ranges::range_value_t<const X>>(x);
}

/// x in the scalar that a loss computes in. Bind it to a const reference.
template <class To, class Scalar>
decltype(auto) loss_cast(const Tensor<Scalar>& x) {
  if constexpr (std::same_as<To, Scalar>)
    return (x);
  else
    return x.template cast<To>();
}

[[gnu::cold, gnu::noinline]] inline void trace_loss(const std::type_info& kind,
                                                    std::initializer_list<TraceOperand> inputs,
                                                    TraceOperand y) {
  const std::string name = class_name(kind);
  const TraceOperand results[] = {y};
  const TraceOption options[] = {{"kind", std::string_view(name)}};
  trace("loss", std::span(inputs.begin(), inputs.size()), results, options);
}

/// compute(), which a trace shows as one step.
template <class Compute>
auto traced_loss(const std::type_info& kind, std::initializer_list<TraceOperand> inputs,
                 const Compute& compute) {
  if (tracer == nullptr) return compute();
  auto silently = [&] {
    const TraceScope silent(nullptr);
    return compute();
  };
  auto y = silently();
  if (y.has_values()) trace_loss(kind, inputs, y);
  return y;
}

}  // namespace detail

namespace loss {

/// The base of the losses: `Tensor l = loss(pred, label)` or `loss(pred, label, sample_weight)`.
///
/// A loss is computed for each element, multiplied by `sample_weight` where there is one, averaged
/// over all axes but the batch axis and multiplied by the option `weight`: one value per sample, of
/// shape `(batch,)`, in the scalar of pred. `backward()` of it sums over the batch; a Trainer's
/// `step(batch_size)` divides by its size. Losses are of no scalar and hold no state, so that one
/// object serves any net and any number of threads.
///
/// - pred: a Tensor or an Eigen object of floats, `(batch, ...)`.
/// - label: a Tensor of any scalar, an Eigen object or a std::vector. It takes the shape of pred if
///   it has as many elements: labels `(batch,)` fit a pred `(batch, 1)`.
/// - sample_weight: one number for each sample, `(batch,)`, or as many axes as pred has, each equal
///   or 1. It is a constant: no gradient flows to it. (Gluon broadcasts as NumPy does, so there
///   the weights of samples must come as `(batch, 1)`.)
///
/// Half and bfloat16 are computed in float and rounded once.
/// \throws ShapeError if the shapes do not fit; IndexError if pred has no batch axis.
template <class Derived, bool ClassLabels = false>
class Loss {
 public:
  template <parton::detail::FloatingOperand Pred, parton::detail::LossInput Label>
  [[nodiscard]] auto operator()(const Pred& pred, const Label& label) const {
    using Scalar = parton::detail::scalar_of<Pred>;
    using Wide = parton::detail::Wide<Scalar>;
    return run<Scalar>(parton::detail::as_tensor(pred), parton::detail::as_loss_input(label),
                       static_cast<const Tensor<Wide>*>(nullptr));
  }

  template <parton::detail::FloatingOperand Pred, parton::detail::LossInput Label,
            parton::detail::LossInput Weight>
  [[nodiscard]] auto operator()(const Pred& pred, const Label& label,
                                const Weight& sample_weight) const {
    using Scalar = parton::detail::scalar_of<Pred>;
    const auto& given = parton::detail::as_loss_input(sample_weight);
    const auto& weight = parton::detail::loss_cast<parton::detail::Wide<Scalar>>(given);
    return run<Scalar>(parton::detail::as_tensor(pred), parton::detail::as_loss_input(label),
                       &weight);
  }

 private:
  template <class Scalar, class Label, class Wide>
  Tensor<Scalar> run(const Tensor<Scalar>& pred, const Tensor<Label>& label,
                     const Tensor<Wide>* weight) const {
    return parton::detail::traced_loss(typeid(Derived), {pred, label, weight}, [&] {
      const auto& self = static_cast<const Derived&>(*this);
      const Tensor<Wide>& wide = parton::detail::in_wide(pred);
      if constexpr (ClassLabels)
        return parton::detail::from_wide<Scalar>(self.compute(wide, label, weight));
      else
        return parton::detail::from_wide<Scalar>(
            self.compute(wide, parton::detail::loss_cast<Wide>(label), weight));
    });
  }
};

}  // namespace loss

}  // namespace parton
