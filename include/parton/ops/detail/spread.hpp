// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include <parton/autograd/record.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/broadcast.hpp>
#include <parton/ops/detail/elementwise.hpp>

/// \file From what a reduction gave back to the elements that it came from.

namespace parton::detail {

/// The axes of a reduction of `whole`, apart from the call.
struct ReducedAxes {
  ReducedAxes(const Shape& shape, const Axes& axes) : whole(shape) {
    const auto mask = axes.mask(shape);
    kept = with_ones(shape, mask);
    for (std::size_t i = 0; i < shape.rank(); ++i) count *= mask[i] ? shape.dims()[i] : 1;
  }
  Shape whole;
  Shape kept;       // with each reduced axis of size 1
  Index count = 1;  // elements in each result
};

/// Tells the tracer of a reduction.
[[gnu::cold, gnu::noinline]] inline void trace_reduction(const char* op, TraceOperand x,
                                                         TraceOperand y, const Axes& axes,
                                                         bool keepdims) {
  const AxisList listed(axes.mask(x.record->shape));
  trace(op, {x}, {y}, {{"axes", listed.span()}, {"keepdims", keepdims}});
}

/// to[i] = f(x[i], results...), where each result is that of the elements with x[i]. f takes arrays
/// of the wide scalar, or numbers in place of the results.
template <class To, class Scalar, class Function, class... Results>
void spread(To* to, const Tensor<Scalar>& x, const Shape& kept, const Function& f,
            const Tensor<Results>&... results) {
  const Broadcasting<2> plan("gradient", {&x.shape(), &kept});
  const Index n = plan.run();
  plan.for_each_run([&](Index i, const auto& at) {
    const auto v = load(x.data() + i, n);
    if (plan.repeats(1))
      store(to + i, f(v, static_cast<Wide<Scalar>>(results.data()[at[1]])...));
    else
      store(to + i, f(v, load(results.data() + at[1], n)...));
  });
}

/// f(x, results...) as the gradient of input 0.
template <class Scalar, class Function, class... Results>
void add_spread(Gradients<Scalar>& gradients, const Tensor<Scalar>& x, const Shape& kept,
                const Function& f, const Tensor<Results>&... results) {
  Tensor<Scalar> to = Tensor<Scalar>::empty(x.shape());
  spread(fresh_data(to), x, kept, f, results...);
  gradients.add(0, std::move(to));
}

/// f(result, its gradient) of each result of a reduction, in the wide scalar.
template <class Scalar, class Function>
Tensor<Wide<Scalar>> each_result(const Tensor<Scalar>& results, const Tensor<Scalar>& g,
                                 const Function& f) {
  using T = Wide<Scalar>;
  Tensor<T> to = Tensor<T>::empty(g.shape());
  for (Index i = 0; i < g.size(); ++i)
    fresh_data(to)[i] = f(static_cast<T>(results.data()[i]), static_cast<T>(g.data()[i]));
  return to;
}

/// y, a sum divided by `divisor`, goes on the tape: each element gets the gradient over that.
template <class Scalar>
void record_sum(const char* name, Tensor<Scalar>& y, const Tensor<Scalar>& x, const Axes& axes,
                bool divides) {
  if (!y.has_values() || !must_record(x)) return;
  record(name, y, inputs(x), saved(),
         [axes = ReducedAxes(x.shape(), axes), divides](Gradients<Scalar>& gradients) {
           using T = Wide<Scalar>;
           const Tensor<Scalar>& g = gradients.result();
           const T divisor = divides ? static_cast<T>(axes.count) : T(1);
           Tensor<Scalar> result = Tensor<Scalar>::empty(axes.whole);
           Scalar* const to = fresh_data(result);
           const Broadcasting<2> plan("gradient", {&axes.whole, &axes.kept});
           const Index n = plan.run();
           plan.for_each_run([&](Index i, const auto& at) {
             const Scalar* const from = g.data() + at[1];
             if (plan.repeats(1))
               std::fill_n(to + i, n, static_cast<Scalar>(static_cast<T>(*from) / divisor));
             else
               store(to + i, load(from, n) / divisor);
           });
           gradients.add(0, std::move(result));
         });
}

/// y, a Euclidean norm, goes on the tape: the gradient is g x / y, and 0 where y is 0.
template <class Scalar>
void record_norm(Tensor<Scalar>& y, const Tensor<Scalar>& x, const Axes& axes) {
  if (!y.has_values() || !must_record(x)) return;
  record(
      "norm", y, inputs(x), saved(x, y),
      [kept = ReducedAxes(x.shape(), axes).kept](
          Gradients<Scalar>& gradients, const Tensor<Scalar>& from, const Tensor<Scalar>& length) {
        const auto factor = each_result(length, gradients.result(), [](auto r, auto g) {
          return r == 0 ? decltype(r)(0) : g / r;
        });
        add_spread(
            gradients, from, kept, [](const auto& v, const auto& by) { return v * by; }, factor);
      });
}

/// True if x is the extremum y: equal to it, or NaN, which only a result of NaN has among its
/// elements.
template <class Scalar>
bool is_extremum(Scalar x, Scalar y) noexcept {
  return x == y || x != x;
}

/// The gradient of extrema y of x: the elements equal to one share its g evenly.
template <class Scalar>
Tensor<Scalar> extremum_gradient(const Tensor<Scalar>& x, const Tensor<Scalar>& y,
                                 const Tensor<Scalar>& g, const Shape& kept) {
  using T = Wide<Scalar>;
  Tensor<T> counts = Tensor<T>::zeros(y.shape());
  T* const count = fresh_data(counts);
  const Broadcasting<2> plan("gradient", {&x.shape(), &kept});
  const Index n = plan.run();
  plan.for_each_run([&](Index i, const auto& at) {
    const Scalar *const from = x.data() + i, *const result = y.data() + at[1];
    if (plan.repeats(1)) {
      Index equal = 0;
      for (Index k = 0; k < n; ++k) equal += is_extremum(from[k], *result) ? 1 : 0;
      count[at[1]] += static_cast<T>(equal);
    } else {
      for (Index k = 0; k < n; ++k)
        count[at[1] + k] += is_extremum(from[k], result[k]) ? T(1) : T(0);
    }
  });
  Tensor<Scalar> shares = Tensor<Scalar>::empty(y.shape());
  store(fresh_data(shares), load(g.data(), g.size()) / load(count, g.size()));
  Tensor<Scalar> gradient = Tensor<Scalar>::empty(x.shape());
  plan.for_each_run([&](Index i, const auto& at) {
    const Scalar *const from = x.data() + i, *const result = y.data() + at[1];
    const Scalar* const share = shares.data() + at[1];
    Scalar* const to = fresh_data(gradient) + i;
    if (plan.repeats(1)) {
      const Scalar extremum = *result, part = *share;
      for (Index k = 0; k < n; ++k) to[k] = is_extremum(from[k], extremum) ? part : Scalar(0);
    } else {
      for (Index k = 0; k < n; ++k) to[k] = is_extremum(from[k], result[k]) ? share[k] : Scalar(0);
    }
  });
  return gradient;
}

/// y, a maximum or minimum, goes on the tape: the elements equal to it share the gradient evenly.
template <class Scalar>
void record_extremum(const char* name, Tensor<Scalar>& y, const Tensor<Scalar>& x,
                     const Axes& axes) {
  if (!y.has_values() || !must_record(x)) return;
  record(name, y, inputs(x), saved(x, y),
         [kept = ReducedAxes(x.shape(), axes).kept](Gradients<Scalar>& gradients,
                                                    const Tensor<Scalar>& from,
                                                    const Tensor<Scalar>& extremum) {
           gradients.add(0, extremum_gradient(from, extremum, gradients.result(), kept));
         });
}

}  // namespace parton::detail
