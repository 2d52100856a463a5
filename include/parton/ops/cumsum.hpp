// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/operand.hpp>

namespace parton {

namespace detail {

/// Sums of the first 1, 2, ... rows of each block; of the last ones if `reverse`.
template <class From, class To>
void running_sums(const From* x, To* to, const AxisSplit& split, bool reverse) {
  using Sum = std::conditional_t<FloatingScalar<From>, double, std::uint64_t>;
  Tensor<Sum> sums = Tensor<Sum>::empty({split.inner});
  Sum* const sum = fresh_data(sums);
  for (Index o = 0; o < split.outer; ++o) {
    std::fill_n(sum, split.inner, Sum(0));
    for (Index i = 0; i < split.n; ++i) {
      const Index at = (o * split.n + (reverse ? split.n - 1 - i : i)) * split.inner;
      for (Index k = 0; k < split.inner; ++k) {
        sum[k] += static_cast<Sum>(x[at + k]);
        to[at + k] = static_cast<To>(sum[k]);
      }
    }
  }
}

}  // namespace detail

/// The sums of the first 1, 2, ... elements along an axis; the shape stays. Floating scalars
/// accumulate in double; of integers and bools it is int64, as in NumPy, and wraps around.
/// \throws IndexError for an axis that is not there.
template <detail::Operand X>
[[nodiscard]] auto cumsum(const X& x, Index axis = -1) {
  using Scalar = detail::scalar_of<X>;
  using Result = std::conditional_t<FloatingScalar<Scalar>, Scalar, std::int64_t>;
  const auto& input = detail::as_tensor(x);
  const detail::AxisSplit split(axis, input.shape());
  if (detail::any_shape_only(input)) return Tensor<Result>::shape_only(input.shape());
  Tensor<Result> y = Tensor<Result>::empty(input.shape());
  detail::running_sums(input.data(), detail::fresh_data(y), split, false);
  if constexpr (FloatingScalar<Scalar>) {
    if (detail::must_record(input))
      detail::record("cumsum", y, detail::inputs(input), detail::saved(),
                     [split](detail::Gradients<Scalar>& gradients) {
                       const Tensor<Scalar>& g = gradients.result();
                       Tensor<Scalar> to = Tensor<Scalar>::empty(g.shape());
                       detail::running_sums(g.data(), detail::fresh_data(to), split, true);
                       gradients.add(0, std::move(to));
                     });
  }
  if (detail::tracer != nullptr)
    detail::trace("cumsum", {input}, {y}, {{"axis", static_cast<Index>(split.at)}});
  return y;
}

}  // namespace parton
