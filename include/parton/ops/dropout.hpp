// SPDX-License-Identifier: MIT
#pragma once

#include <parton/autograd/trace.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/random/generator.hpp>

namespace parton {

/// Each element times 0 with probability `rate`, else times 1 / (1 - rate), so that the expectation
/// stays (Srivastava et al. 2014). It drops in any mode: the layer looks at the mode.
///
/// Along `axes` one draw is shared: `dropout(x, 0.5, rng, {2, 3})` drops whole channels of an
/// image. \throws ValueError unless 0 <= rate <= 1, or for an axis named twice; IndexError for an
/// axis that is not there.
template <detail::FloatingOperand X>
[[nodiscard]] auto dropout(const X& x, double rate, random::Generator& rng,
                           const Axes& axes = Axes{}) {
  using Scalar = detail::scalar_of<X>;
  if (!(rate >= 0 && rate <= 1)) throw errors::dropout_rate(rate);
  const Tensor<Scalar>& input = detail::as_tensor(x);
  const Shape shared = detail::with_ones(input.shape(), axes.mask(input.shape()));
  if (detail::any_shape_only(input)) return Tensor<Scalar>::shape_only(input.shape());
  Tensor<Scalar> mask = Tensor<Scalar>::empty(shared);
  rng.bernoulli(mask, 1 - rate);
  const auto dropped = [&] {
    const detail::TraceScope silent(nullptr);
    if (rate < 1) mask *= 1 / (1 - rate);
    return input * mask;
  };
  Tensor<Scalar> y = dropped();
  if (detail::tracer != nullptr) detail::trace("dropout", {input, mask}, {y}, {{"rate", rate}});
  return y;
}

}  // namespace parton
