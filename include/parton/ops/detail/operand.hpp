// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include <Eigen/Core>

#include <parton/tensor/tensor.hpp>

/// \file What every op shares: its arguments may be Eigen's, and may be shapes without values.

namespace parton::detail {

template <class T>
inline constexpr bool is_tensor = false;
template <class Scalar>
inline constexpr bool is_tensor<Tensor<Scalar>> = true;

template <class T>
concept AnyTensor = is_tensor<T>;

/// What may stand where a Tensor is expected: a Tensor, or an Eigen matrix, array or tensor.
template <class T>
concept Operand = AnyTensor<T> || EigenDense<T> || EigenTensor<T>;

template <class Derived>
void accept_array(const Eigen::ArrayBase<Derived>&);

/// As Operand, for the functions that Eigen has for its arrays under the same name: an array stays
/// Eigen's, so that `exp(array)` means what it meant before.
template <class T>
concept OperandUnlessArray = Operand<T> && !requires(const T& x) {
  accept_array(x);
};

template <class T>
struct ScalarOf {
  using type = std::remove_const_t<typename T::Scalar>;
};
template <class Scalar>
struct ScalarOf<Tensor<Scalar>> {
  using type = Scalar;
};
template <Operand T>
using scalar_of = typename ScalarOf<T>::type;

template <class T>
concept FloatingOperand = Operand<T> && FloatingScalar<scalar_of<T>>;

/// The Tensor itself, or an Eigen argument copied into one. Bind it to a const reference.
template <Operand X>
decltype(auto) as_tensor(const X& x) {
  if constexpr (AnyTensor<X>)
    return (x);
  else
    return Tensor<scalar_of<X>>(x);
}

template <class Scalar>
bool lacks_values(const Tensor<Scalar>& x) noexcept {
  return !x.has_values();
}
template <class Scalar>
bool lacks_values(const Tensor<Scalar>* x) noexcept {
  return x != nullptr && !x->has_values();
}

/// True while shapes are inferred without arithmetic: an op has checked its shapes by then, and
/// returns the shape of its result without values. Optional inputs are pointers.
template <class... Inputs>
bool any_shape_only(const Inputs&... inputs) noexcept {
  return (lacks_values(inputs) || ...);
}

}  // namespace parton::detail
