// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/in_wide.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/detail/reducers.hpp>
#include <parton/ops/detail/spread.hpp>

namespace parton {

namespace detail {

/// The largest element, -inf of nothing.
struct MaxOrNothing : MaxOf {
  static constexpr bool of_nothing = true;
};

template <class Scalar>
Tensor<Scalar> logsumexp(const Tensor<Scalar>& x, const Axes& axes, bool keepdims) {
  using T = Wide<Scalar>;
  const ReducedAxes reduced(x.shape(), axes);
  const Shape shape = keepdims ? reduced.kept : without(x.shape(), axes.mask(x.shape()));
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(shape);
  // An infinity is not subtracted, since that would give NaN.
  Tensor<T> top = reduce<MaxOrNothing, T>("logsumexp", x, axes, true);
  for (Index i = 0; i < top.size(); ++i)
    if (std::isinf(top.data()[i])) fresh_data(top)[i] = 0;
  Tensor<T> powers = Tensor<T>::empty(x.shape());
  spread(
      fresh_data(powers), x, reduced.kept,
      [](const auto& v, const auto& largest) { return Exp{}(v - largest); }, top);
  Tensor<T> result = reduce<SumOf, T>("logsumexp", powers, axes, keepdims);
  const Index n = result.size();
  store(fresh_data(result), load(result.data(), n).log() + load(top.data(), n));
  Tensor<Scalar> y = from_wide<Scalar>(result);
  if (must_record(x))
    record("logsumexp", y, inputs(x), saved(x, y),
           [kept = reduced.kept](Gradients<Scalar>& gradients, const Tensor<Scalar>& from,
                                 const Tensor<Scalar>& total) {
             const Tensor<Scalar>& g = gradients.result();
             // Where all are -inf the gradient is 0.
             const auto finite =
                 each_result(total, g, [](T v, T) { return v < 0 && std::isinf(v) ? T(0) : v; });
             add_spread(
                 gradients, from, kept,
                 [](const auto& v, const auto& sum, const auto& gradient) {
                   return Exp{}(v - sum) * gradient;
                 },
                 finite, g);
           });
  if (tracer != nullptr) trace_reduction("logsumexp", x, y, axes, keepdims);
  return y;
}

}  // namespace detail

/// log(sum(exp(x))) over the axes, without overflow; -inf of nothing, and where all are -inf. Its
/// gradient is softmax times that of the result.
/// \throws IndexError for an axis that is not there; ValueError for one named twice.
template <detail::FloatingOperand X>
[[nodiscard]] auto logsumexp(const X& x, const Axes& axes = Axes::all(), bool keepdims = false) {
  return detail::logsumexp(detail::as_tensor(x), axes, keepdims);
}

}  // namespace parton
