// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <initializer_list>
#include <ranges>
#include <type_traits>

#include <parton/fwd.hpp>
#include <parton/tensor/detail/from_eigen.hpp>
#include <parton/tensor/scalar.hpp>

/// \file Which Tensor `Tensor t = ...` is: that of the numbers in nested braces (to a depth of 6;
/// write `Tensor<>` beyond that), of an Eigen expression, or of a run of values.

namespace parton {

namespace detail {

/// Whole numbers make floats, as `np.array([1, 2])` does in MXNet; `Tensor<int>{1, 2}` asks for
/// int.
template <class T>
using BraceScalar = std::conditional_t<std::integral<T> && !std::same_as<T, bool>, float, T>;

}  // namespace detail

// Written out, since clang deduces from braces only through the name std::initializer_list itself.

template <Number T>
Tensor(std::initializer_list<T>) -> Tensor<detail::BraceScalar<T>>;
template <Number T>
Tensor(std::initializer_list<std::initializer_list<T>>) -> Tensor<detail::BraceScalar<T>>;
template <Number T>
Tensor(std::initializer_list<std::initializer_list<std::initializer_list<T>>>)
    -> Tensor<detail::BraceScalar<T>>;
template <Number T>
Tensor(
    std::initializer_list<std::initializer_list<std::initializer_list<std::initializer_list<T>>>>)
    -> Tensor<detail::BraceScalar<T>>;
template <Number T>
Tensor(std::initializer_list<std::initializer_list<
           std::initializer_list<std::initializer_list<std::initializer_list<T>>>>>)
    -> Tensor<detail::BraceScalar<T>>;
template <Number T>
Tensor(std::initializer_list<std::initializer_list<std::initializer_list<
           std::initializer_list<std::initializer_list<std::initializer_list<T>>>>>>)
    -> Tensor<detail::BraceScalar<T>>;

template <detail::EigenDense Expression>
Tensor(const Expression&) -> Tensor<typename Expression::Scalar>;
template <detail::EigenTensor Expression>
Tensor(const Expression&) -> Tensor<std::remove_const_t<typename Expression::Scalar>>;
template <detail::Values Range>
Tensor(const Range&) -> Tensor<std::ranges::range_value_t<const Range>>;

}  // namespace parton
