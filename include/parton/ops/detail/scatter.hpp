// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>

#include <parton/autograd/record.hpp>
#include <parton/ops/detail/elementwise.hpp>

namespace parton::detail {

/// The gradient of input i, of `shape`, as a sum: f(to) adds to the elements of `to`, which are
/// Wide<Scalar>, so that many small terms of half or bfloat16 are rounded once.
template <FloatingScalar Scalar, class Function>
void add_scattered(Gradients<Scalar>& grads, std::size_t i, const Shape& shape, const Function& f) {
  if constexpr (std::same_as<Scalar, Wide<Scalar>>) {
    grads.write(i, shape, [&](Scalar* to, bool add) {
      if (!add) std::fill_n(to, shape.size(), Scalar(0));
      f(to);
    });
  } else {
    auto sums = Tensor<float>::zeros(shape);
    f(sums.mutable_data());
    grads.add(i, sums.template cast<Scalar>());
  }
}

}  // namespace parton::detail
