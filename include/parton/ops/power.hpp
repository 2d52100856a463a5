// SPDX-License-Identifier: MIT
#pragma once

#include <parton/ops/compare.hpp>
#include <parton/ops/detail/binary_function.hpp>
#include <parton/ops/detail/fused.hpp>

namespace parton {

namespace detail {

/// The derivatives are b a^(b - 1), 0 where b is 0; and a^b log(a), 0 where a is 0.
struct PowerOf {
  auto operator()(const auto& a, const auto& b) const { return a.pow(b); }
  template <class A>
  auto first(const A& a, const auto& b) const {
    return fused(WhereNonzero{}, b * a.pow(b - typename A::Scalar(1)), b);
  }
  auto second(const auto& a, const auto& b) const {
    return a.pow(b) * fused(WhereNonzero{}, a.log(), a);
  }
};

}  // namespace detail

/// a to the power of b, element by element: NaN for a negative a unless b is whole. One side is a
/// Tensor; the other a Tensor, a number, or an Eigen object of the same scalar; shapes broadcast.
///
/// For a constant exponent pow(x, number) is faster. \throws ShapeError if the shapes do not fit.
template <class A, class B>
requires(detail::Sides<A, B>&& FloatingScalar<detail::scalar_of_sides<A, B>>)
    [[nodiscard]] auto power(const A& a, const B& b) {
  using Scalar = detail::scalar_of_sides<A, B>;
  return detail::binary_function("power", detail::PowerOf{}, detail::as_side<Scalar>(a),
                                 detail::as_side<Scalar>(b));
}

}  // namespace parton
