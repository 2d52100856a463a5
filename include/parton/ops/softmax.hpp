// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <type_traits>
#include <utility>

#include <Eigen/Core>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/elementwise.hpp>

/// \file softmax and its logarithm along one axis.

namespace parton {

namespace detail {

/// Along a contiguous axis: y from x, both of n > 0 elements. The largest element is subtracted
/// first, so nothing overflows.
template <bool Log, class Scalar>
void softmax_row(const Scalar* x, Scalar* y, Index n) {
  const auto row = load(x, n);
  const Scalar largest = row.template maxCoeff<Eigen::PropagateNaN>();
  store(y, Exp{}(row - largest));
  const Scalar total = load<Scalar>(y, n).sum();
  if constexpr (Log)
    store(y, (row - largest) - std::log(total));  // a large largest would round the log away
  else
    store(y, load<Scalar>(y, n) * (Scalar(1) / total));
}

/// Along the first axis of a block of n rows of m > 0 elements, n > 0.
template <bool Log, class Scalar>
void softmax_block(const Scalar* x, Scalar* y, Index n, Index m) {
  Tensor<Scalar> tops = Tensor<Scalar>::empty({m}), totals = Tensor<Scalar>::zeros({m});
  Scalar *const top = fresh_data(tops), *const total = fresh_data(totals);
  store(top, load(x, m));
  for (Index i = 1; i < n; ++i) store(top, max_of(load<Scalar>(top, m), load(x + i * m, m)));
  for (Index i = 0; i < n; ++i) {
    store(y + i * m, Exp{}(load(x + i * m, m) - load<Scalar>(top, m)));
    store(total, load<Scalar>(total, m) + load<Scalar>(y + i * m, m));
  }
  if constexpr (Log)
    store(total, load<Scalar>(total, m).log());
  else
    store(total, load<Scalar>(total, m).inverse());
  for (Index i = 0; i < n; ++i) {
    if constexpr (Log)
      store(y + i * m, (load(x + i * m, m) - load<Scalar>(top, m)) - load<Scalar>(total, m));
    else
      store(y + i * m, load<Scalar>(y + i * m, m) * load<Scalar>(total, m));
  }
}

/// The gradient of a block of n rows of m elements: y (g - sum(g y)), and g - exp(y) sum(g) of the
/// logarithm.
template <bool Log, class Scalar>
void softmax_backward(const Scalar* g, const Scalar* y, Scalar* to, Index n, Index m) {
  using T = Wide<Scalar>;
  if (m == 1) {
    const auto from = load(g, n), value = load(y, n);
    if constexpr (Log)
      store(to, from - Exp{}(value)*from.sum());
    else
      store(to, value * (from - (from * value).sum()));
    return;
  }
  Tensor<T> sums = Tensor<T>::zeros({m});
  T* const sum = fresh_data(sums);
  for (Index at = 0; at < n * m; at += m) {
    if constexpr (Log)
      store(sum, load(sum, m) + load(g + at, m));
    else
      store(sum, load(sum, m) + load(g + at, m) * load(y + at, m));
  }
  for (Index at = 0; at < n * m; at += m) {
    if constexpr (Log)
      store(to + at, load(g + at, m) - Exp{}(load(y + at, m)) * load(sum, m));
    else
      store(to + at, load(y + at, m) * (load(g + at, m) - load(sum, m)));
  }
}

template <bool Log, class Scalar>
Tensor<Scalar> softmax(const Tensor<Scalar>& x, Index axis) {
  const AxisSplit split(axis, x.shape());
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(x.shape());
  const auto compute = [&](const auto& input) {
    auto y = std::remove_cvref_t<decltype(input)>::empty(input.shape());
    const Index block = split.n * split.inner;
    for (Index at = 0; at < input.size(); at += block) {
      const auto* from = input.data() + at;
      auto* to = fresh_data(y) + at;
      if (split.inner == 1)
        softmax_row<Log>(from, to, split.n);
      else
        softmax_block<Log>(from, to, split.n, split.inner);
    }
    return y;
  };
  Tensor<Scalar> result = through_wide(compute, x);
  if (must_record(x))
    record(Log ? "log_softmax" : "softmax", result, inputs(x), saved(result),
           [split](Gradients<Scalar>& gradients, const Tensor<Scalar>& y) {
             const Tensor<Scalar>& g = gradients.result();
             Tensor<Scalar> to = Tensor<Scalar>::empty(g.shape());
             const Index block = split.n * split.inner;
             for (Index at = 0; at < g.size(); at += block)
               softmax_backward<Log>(g.data() + at, y.data() + at, fresh_data(to) + at, split.n,
                                     split.inner);
             gradients.add(0, std::move(to));
           });
  if (tracer != nullptr)
    trace(Log ? "log_softmax" : "softmax", {x}, {result}, {{"axis", static_cast<Index>(split.at)}});
  return result;
}

}  // namespace detail

/// exp(x) / sum(exp(x)) along an axis; the shape stays. An element of -inf, as a mask has it, gives
/// exactly 0. \throws IndexError for an axis that is not there.
template <detail::FloatingOperand X>
[[nodiscard]] auto softmax(const X& x, Index axis = -1) {
  return detail::softmax<false>(detail::as_tensor(x), axis);
}

/// x - log(sum(exp(x))) along an axis: the logarithm of softmax without its loss of precision.
/// \throws IndexError for an axis that is not there.
template <detail::FloatingOperand X>
[[nodiscard]] auto log_softmax(const X& x, Index axis = -1) {
  return detail::softmax<true>(detail::as_tensor(x), axis);
}

}  // namespace parton
