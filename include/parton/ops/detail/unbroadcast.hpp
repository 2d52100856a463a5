// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include <parton/ops/broadcast.hpp>
#include <parton/ops/detail/elementwise.hpp>

/// \file The backward of broadcasting: what was repeated gets the sum.

namespace parton::detail {

/// Adds the elements of g, of shape `from`, to those of the `to` that they were broadcast from.
template <class Scalar>
void add_broadcast(const Scalar* g, const Shape& from, Scalar* to, const Shape& shape) {
  const Broadcasting<2> plan("sum_to", {&from, &shape});
  const Index n = plan.run();
  plan.for_each_run([&](Index i, const auto& at) {
    Scalar* const sum = to + at[1];
    if (plan.repeats(1))
      *sum = static_cast<Scalar>(static_cast<Wide<Scalar>>(*sum) + load(g + i, n).sum());
    else
      store(sum, load(sum, n) + load(g + i, n));
  });
}

/// The gradient of a tensor of `shape` that was broadcast to the shape of `gradient`: the sum over
/// everything that its elements were repeated over.
template <FloatingScalar Scalar>
Tensor<Scalar> sum_to(const Tensor<Scalar>& gradient, const Shape& shape) {
  if (gradient.shape() == shape) return gradient;
  if constexpr (std::same_as<Scalar, Wide<Scalar>>) {
    Tensor<Scalar> result = Tensor<Scalar>::zeros(shape);
    add_broadcast(gradient.data(), gradient.shape(), fresh_data(result), shape);
    return result;
  } else {
    // Summed in float and rounded once.
    return sum_to(gradient.template cast<Wide<Scalar>>(), shape).template cast<Scalar>();
  }
}

}  // namespace parton::detail
