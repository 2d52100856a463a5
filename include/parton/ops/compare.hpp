// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <functional>
#include <string_view>

#include <parton/autograd/record.hpp>
#include <parton/ops/broadcast.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/detail/unbroadcast.hpp>

/// \file Comparisons, element by element, as a Tensor<bool>; the choice by such a mask; `allclose`.
///
/// One side is a Tensor; the other a Tensor, a number, or an Eigen matrix, array or tensor of the
/// same scalar. Shapes broadcast as in NumPy; two that do not fit are a ShapeError. (`a == b` of
/// two tensors is one bool.)

namespace parton {

namespace detail {

/// Two sides of which one is an array, and the other an array or a number that fits it.
template <class A, class B>
concept Beside = Operand<A> &&(Operand<B> || NumberFor<B, scalar_of<A>>);
template <class A, class B>
concept Sides = (AnyTensor<A> && Beside<A, B>) || (AnyTensor<B> && Beside<B, A>);

template <class A, class B>
struct ScalarOfSides : ScalarOf<B> {};
template <Operand A, class B>
struct ScalarOfSides<A, B> : ScalarOf<A> {};
template <class A, class B>
using scalar_of_sides = typename ScalarOfSides<A, B>::type;

/// An array argument as a Tensor, a number as one of rank 0.
template <class Scalar, class Side>
decltype(auto) as_side(const Side& x) {
  if constexpr (Operand<Side>) {
    static_assert(std::same_as<scalar_of<Side>, Scalar>,
                  "the arguments must have one scalar: write a.cast<double>()");
    return as_tensor(x);
  } else {
    return Tensor<Scalar>::full({}, x);
  }
}

/// f of every element of a and the one of b that it meets.
template <class Function, class Scalar>
Tensor<bool> compare_tensors(std::string_view name, const Function& f, const Tensor<Scalar>& a,
                             const Tensor<Scalar>& b) {
  const Broadcasting<2> plan(name, {&a.shape(), &b.shape()});
  if (any_shape_only(a, b)) return Tensor<bool>::shape_only(plan.shape());
  Tensor<bool> result = Tensor<bool>::empty(plan.shape());
  bool* to = result.mutable_data();
  const Index n = plan.run(), left = plan.repeats(0) ? 0 : 1, right = plan.repeats(1) ? 0 : 1;
  plan.for_each_run([&](Index at, const auto& from) {
    const Scalar *x = a.data() + from[0], *y = b.data() + from[1];
    for (Index i = 0; i < n; ++i) to[at + i] = f(x[i * left], y[i * right]);
  });
  return result;
}

template <class Function, class A, class B>
Tensor<bool> compare(const char* name, const Function& f, const A& a, const B& b) {
  using Scalar = scalar_of_sides<A, B>;
  const Tensor<Scalar>&left = as_side<Scalar>(a), &right = as_side<Scalar>(b);
  Tensor<bool> y = compare_tensors(name, f, left, right);
  if (tracer != nullptr && y.has_values()) trace(name, {left, right}, {y});
  return y;
}

/// The choice without the tape.
template <class Scalar>
Tensor<Scalar> choose(const Tensor<bool>& mask, const Tensor<Scalar>& a, const Tensor<Scalar>& b) {
  const Broadcasting<3> plan("where", {&mask.shape(), &a.shape(), &b.shape()});
  if (any_shape_only(mask, a, b)) return Tensor<Scalar>::shape_only(plan.shape());
  Tensor<Scalar> result = Tensor<Scalar>::empty(plan.shape());
  Scalar* to = fresh_data(result);
  const Index n = plan.run();
  const std::array<Index, 3> step{plan.repeats(0) ? 0 : 1, plan.repeats(1) ? 0 : 1,
                                  plan.repeats(2) ? 0 : 1};
  plan.for_each_run([&](Index at, const auto& from) {
    const bool* choice = mask.data() + from[0];
    const Scalar *x = a.data() + from[1], *y = b.data() + from[2];
    for (Index i = 0; i < n; ++i)
      to[at + i] = choice[i * step[0]] ? x[i * step[1]] : y[i * step[2]];
  });
  return result;
}

/// What was chosen gets the gradient, the other 0.
template <class Scalar>
Tensor<Scalar> where(const Tensor<bool>& mask, const Tensor<Scalar>& a, const Tensor<Scalar>& b) {
  Tensor<Scalar> result = choose(mask, a, b);
  if constexpr (FloatingScalar<Scalar>) {
    if (must_record(a, b))
      record("where", result, inputs(a, b), saved(mask),
             [left = a.shape(), right = b.shape()](Gradients<Scalar>& gradients,
                                                   const Tensor<bool>& choice) {
               const Tensor<Scalar>& g = gradients.result();
               const Tensor<Scalar> none = Tensor<Scalar>::zeros({});
               if (gradients.needs(0)) gradients.add(0, sum_to(choose(choice, g, none), left));
               if (gradients.needs(1)) gradients.add(1, sum_to(choose(choice, none, g), right));
             });
  }
  if (tracer != nullptr && result.has_values()) trace("where", {mask, a, b}, {result});
  return result;
}

}  // namespace detail

template <class A, class B>
requires detail::Sides<A, B>
[[nodiscard]] Tensor<bool> equal(const A& a, const B& b) {
  return detail::compare("equal", std::equal_to<>{}, a, b);
}
template <class A, class B>
requires detail::Sides<A, B>
[[nodiscard]] Tensor<bool> not_equal(const A& a, const B& b) {
  return detail::compare("not_equal", std::not_equal_to<>{}, a, b);
}
template <class A, class B>
requires detail::Sides<A, B>
[[nodiscard]] Tensor<bool> less(const A& a, const B& b) {
  return detail::compare("less", std::less<>{}, a, b);
}
template <class A, class B>
requires detail::Sides<A, B>
[[nodiscard]] Tensor<bool> less_equal(const A& a, const B& b) {
  return detail::compare("less_equal", std::less_equal<>{}, a, b);
}
template <class A, class B>
requires detail::Sides<A, B>
[[nodiscard]] Tensor<bool> greater(const A& a, const B& b) {
  return detail::compare("greater", std::greater<>{}, a, b);
}
template <class A, class B>
requires detail::Sides<A, B>
[[nodiscard]] Tensor<bool> greater_equal(const A& a, const B& b) {
  return detail::compare("greater_equal", std::greater_equal<>{}, a, b);
}

/// a where the mask is true, else b; all three broadcast.
template <class A, class B>
requires detail::Sides<A, B>
[[nodiscard]] auto where(const Tensor<bool>& mask, const A& a, const B& b) {
  using Scalar = detail::scalar_of_sides<A, B>;
  return detail::where<Scalar>(mask, detail::as_side<Scalar>(a), detail::as_side<Scalar>(b));
}

/// True if |a - b| <= atol + rtol |b| for all elements, as in NumPy: an infinity is close to itself
/// alone, a NaN to nothing. \throws ValueError if there are no values.
template <class A, class B>
requires detail::Sides<A, B>
[[nodiscard]] bool allclose(const A& a, const B& b, double rtol = 1e-5, double atol = 1e-8) {
  const auto close = [=](auto left, auto right) {
    const auto x = static_cast<double>(left), y = static_cast<double>(right);
    return x == y || (std::isfinite(y) && std::abs(x - y) <= atol + rtol * std::abs(y));
  };
  const detail::TraceScope silent(nullptr);  // no tensor comes of it
  const Tensor<bool> all = detail::compare("allclose", close, a, b);
  for (const bool one : all.span())
    if (!one) return false;
  return true;
}

}  // namespace parton
