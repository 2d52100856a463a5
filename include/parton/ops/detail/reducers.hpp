// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

#include <Eigen/Core>

#include <parton/ops/axes.hpp>
#include <parton/ops/broadcast.hpp>
#include <parton/ops/detail/elementwise.hpp>

/// \file The driver of the reductions, and what differs between them.

namespace parton::detail {

// A reducer joins an accumulator with elements: as arrays (`join`), folding an array into one
// (`fold`), or as two accumulators (`pick`).

struct SumOf {
  template <class Scalar>
  using Accumulator = std::conditional_t<FloatingScalar<Scalar>, Wide<Scalar>, std::uint64_t>;
  static constexpr bool of_nothing = true;
  template <class T>
  static constexpr T initial = T(0);
  static auto join(const auto& a, const auto& x) { return a + x; }
  static auto fold(const auto& x) { return x.sum(); }
  template <class T>
  static T pick(T a, T b) {
    return a + b;
  }
};

struct SquaresOf : SumOf {
  static auto join(const auto& a, const auto& x) { return a + x.square(); }
  static auto fold(const auto& x) { return x.square().sum(); }
};

struct MaxOf {
  template <class Scalar>
  using Accumulator = std::conditional_t<FloatingScalar<Scalar>, Wide<Scalar>, Scalar>;
  static constexpr bool of_nothing = false;
  template <class T>
  static constexpr T initial = std::floating_point<T> ? -std::numeric_limits<T>::infinity()
                                                      : std::numeric_limits<T>::lowest();
  static auto join(const auto& a, const auto& x) { return max_of(a, x); }
  static auto fold(const auto& x) { return x.template maxCoeff<Eigen::PropagateNaN>(); }
  template <class T>
  static T pick(T a, T b) {
    return a != a || a > b ? a : b;
  }
};

struct MinOf {
  template <class Scalar>
  using Accumulator = MaxOf::Accumulator<Scalar>;
  static constexpr bool of_nothing = false;
  template <class T>
  static constexpr T initial = std::floating_point<T> ? std::numeric_limits<T>::infinity()
                                                      : std::numeric_limits<T>::max();
  static auto join(const auto& a, const auto& x) { return min_of(a, x); }
  static auto fold(const auto& x) { return x.template minCoeff<Eigen::PropagateNaN>(); }
  template <class T>
  static T pick(T a, T b) {
    return a != a || a < b ? a : b;
  }
};

/// One value of a run of n > 0 elements: pairwise beyond 512 of them.
template <class Reducer, class Acc, class Scalar>
Acc fold_run(const Scalar* x, Index n) {
  constexpr Index block = 512;
  if (n > block) {
    const Index half = (n / 2 + block - 1) / block * block;
    return Reducer::pick(fold_run<Reducer, Acc>(x, half),
                         fold_run<Reducer, Acc>(x + half, n - half));
  }
  if constexpr (FloatingScalar<Scalar>) {
    return Reducer::fold(load(x, n));
  } else {
    Acc result = Reducer::template initial<Acc>;
    for (Index i = 0; i < n; ++i) result = Reducer::pick(result, static_cast<Acc>(x[i]));
    return result;
  }
}

/// to[i] joined with x[i].
template <class Reducer, class Acc, class Scalar>
void join_run(Acc* to, const Scalar* x, Index n) {
  if constexpr (FloatingScalar<Scalar>) {
    store(to, Reducer::join(load(to, n), load(x, n)));
  } else {
    for (Index i = 0; i < n; ++i) to[i] = Reducer::pick(to[i], static_cast<Acc>(x[i]));
  }
}

struct NoFinish {};

/// Reduces along `axes`; `finish(array of results, elements in each)` ends it. The result is read
/// as broadcast to the shape of x: where it repeats, elements fold into one, and where it advances,
/// whole rows are joined.
template <class Reducer, class Result, class Scalar, class Finish = NoFinish>
Tensor<Result> reduce(std::string_view operation, const Tensor<Scalar>& x, const Axes& axes,
                      bool keepdims, const Finish& finish = {}) {
  using Acc = typename Reducer::template Accumulator<Scalar>;
  const auto mask = axes.mask(x.shape());
  const Shape kept = with_ones(x.shape(), mask);
  const Shape shape = keepdims ? kept : without(x.shape(), mask);
  if (!Reducer::of_nothing && x.size() == 0 && shape.size() > 0)
    throw errors::reduction_of_nothing(operation, x.shape().to_string());
  if (any_shape_only(x)) return Tensor<Result>::shape_only(shape);

  // Sums of integers accumulate unsigned, so that they wrap around, and have the result's size.
  constexpr bool in_place =
      sizeof(Acc) == sizeof(Result) && std::integral<Acc> == std::integral<Result>;
  using Stored = std::conditional_t<in_place, Result, Acc>;
  Tensor<Stored> result = Tensor<Stored>::full(shape, Reducer::template initial<Stored>);
  Acc* to = reinterpret_cast<Acc*>(fresh_data(result));
  const Broadcasting<2> plan(operation, {&x.shape(), &kept});
  const Index n = plan.run();
  plan.for_each_run([&](Index, const auto& at) {
    const Scalar* from = x.data() + at[0];
    if (plan.repeats(1))
      to[at[1]] = Reducer::pick(to[at[1]], fold_run<Reducer, Acc>(from, n));
    else
      join_run<Reducer>(to + at[1], from, n);
  });
  if constexpr (!std::same_as<Finish, NoFinish>) {
    auto array = result.array();
    Index count = 1;
    for (std::size_t i = 0; i < x.rank(); ++i) count *= mask[i] ? x.shape().dims()[i] : 1;
    finish(array, count);
  }
  if constexpr (in_place) {
    return result;
  } else {
    const TraceScope silent(nullptr);
    return result.template cast<Result>();
  }
}

}  // namespace parton::detail
