// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>

#include <parton/tensor/tensor.hpp>

/// \file For ops whose kernels work in float and double alone: half and bfloat16 go through float.

namespace parton::detail {

/// x in the scalar that kernels compute in. Bind it to a const reference.
template <class Scalar>
decltype(auto) in_wide(const Tensor<Scalar>& x) {
  if constexpr (std::same_as<Scalar, Wide<Scalar>>)
    return (x);
  else {
    const TraceScope silent(nullptr);
    return x.template cast<Wide<Scalar>>();
  }
}

/// The result of a kernel in the scalar of its op.
template <class Scalar>
Tensor<Scalar> from_wide(Tensor<Wide<Scalar>> y) {
  if constexpr (std::same_as<Scalar, Wide<Scalar>>)
    return y;
  else {
    const TraceScope silent(nullptr);
    return y.template cast<Scalar>();
  }
}

/// Lets `write(elements, add)`, which computes in the wide scalar, make the gradient of input i.
template <class Scalar, class Grads, class Write>
void write_in_wide(Grads& grads, std::size_t i, const Shape& shape, const Write& write) {
  if constexpr (std::same_as<Scalar, Wide<Scalar>>) {
    grads.write(i, shape, write);
  } else {
    auto wide = Tensor<Wide<Scalar>>::empty(shape);
    write(wide.mutable_data(), false);
    grads.add(i, from_wide<Scalar>(wide));
  }
}

}  // namespace parton::detail
