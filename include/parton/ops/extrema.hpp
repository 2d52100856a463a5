// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include <parton/ops/compare.hpp>
#include <parton/ops/detail/binary_function.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/fused.hpp>

/// \file The larger or smaller of each two elements. One side is a Tensor; the other a Tensor, a
/// number, or an Eigen matrix, array or tensor of the same scalar; shapes broadcast. NaN where
/// either is. Where the two are equal, each gets half of the gradient.

namespace parton {

namespace detail {

struct Maximum {
  auto operator()(const auto& a, const auto& b) const { return max_of(a, b); }
  auto first(const auto& a, const auto& b) const { return fused(ShareOfLarger{}, a, b); }
  auto second(const auto& a, const auto& b) const { return fused(ShareOfLarger{}, b, a); }
};

struct Minimum {
  auto operator()(const auto& a, const auto& b) const { return min_of(a, b); }
  auto first(const auto& a, const auto& b) const { return fused(ShareOfLarger{}, b, a); }
  auto second(const auto& a, const auto& b) const { return fused(ShareOfLarger{}, a, b); }
};

/// Of integers and bools: a where `better(a, b)`, else b.
template <class Better, class Scalar>
Tensor<Scalar> choose_by(const char* name, const Better& better, const Tensor<Scalar>& a,
                         const Tensor<Scalar>& b) {
  Tensor<Scalar> y = choose(compare_tensors(name, better, a, b), a, b);
  if (tracer != nullptr && y.has_values()) trace(name, {a, b}, {y});
  return y;
}

}  // namespace detail

/// The larger of a and b. \throws ShapeError if the shapes do not fit.
template <class A, class B>
requires detail::Sides<A, B>
[[nodiscard]] auto maximum(const A& a, const B& b) {
  using Scalar = detail::scalar_of_sides<A, B>;
  const Tensor<Scalar>&left = detail::as_side<Scalar>(a), &right = detail::as_side<Scalar>(b);
  if constexpr (FloatingScalar<Scalar>)
    return detail::binary_function("maximum", detail::Maximum{}, left, right);
  else
    return detail::choose_by("maximum", std::greater<>{}, left, right);
}

/// The smaller of a and b. \throws ShapeError if the shapes do not fit.
template <class A, class B>
requires detail::Sides<A, B>
[[nodiscard]] auto minimum(const A& a, const B& b) {
  using Scalar = detail::scalar_of_sides<A, B>;
  const Tensor<Scalar>&left = detail::as_side<Scalar>(a), &right = detail::as_side<Scalar>(b);
  if constexpr (FloatingScalar<Scalar>)
    return detail::binary_function("minimum", detail::Minimum{}, left, right);
  else
    return detail::choose_by("minimum", std::less<>{}, left, right);
}

}  // namespace parton
