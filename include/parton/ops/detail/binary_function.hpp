// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>

#include <Eigen/Core>

#include <parton/autograd/record.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/unbroadcast.hpp>

/// \file The driver of functions of two tensors, element by element, with broadcasting.

namespace parton::detail {

/// f on two arrays where one may come as a number.
template <class F>
struct OnArrays {
  F f;
  template <class A, class B>
  auto operator()(const A& a, const B& b) const {
    if constexpr (std::is_arithmetic_v<A>)
      return f(constant_like(b, a), b);
    else if constexpr (std::is_arithmetic_v<B>)
      return f(a, constant_like(a, b));
    else
      return f(a, b);
  }
};

/// f(a, b), broadcast. F is a struct with the value and the two derivatives: `f(a, b)`,
/// `f.first(a, b)` and `f.second(a, b)`, on array expressions.
template <class F, FloatingScalar Scalar>
Tensor<Scalar> binary_function(const char* name, const F& f, const Tensor<Scalar>& a,
                               const Tensor<Scalar>& b) {
  Tensor<Scalar> y = apply_binary(name, OnArrays<F>{f}, a, b);
  if (y.has_values() && must_record(a, b))
    record(name, y, inputs(a, b), saved(a, b),
           [f](Gradients<Scalar>& gradients, const Tensor<Scalar>& x, const Tensor<Scalar>& z) {
             const auto times = [](const auto& g, const auto& slope) { return g * slope; };
             const auto add = [&](std::size_t i, const Shape& shape, const auto& derivative) {
               if (!gradients.needs(i)) return;
               const Tensor<Scalar> slopes = apply_binary(
                   "gradient", OnArrays<std::remove_cvref_t<decltype(derivative)>>{derivative}, x,
                   z);
               gradients.add(i, sum_to(combine_alike(times, gradients.result(), slopes), shape));
             };
             add(0, x.shape(), [f](const auto& u, const auto& v) { return f.first(u, v); });
             add(1, z.shape(), [f](const auto& u, const auto& v) { return f.second(u, v); });
           });
  if (tracer != nullptr && y.has_values()) trace(name, {a, b}, {y});
  return y;
}

}  // namespace parton::detail
