// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
#include <type_traits>

#include <parton/autograd/record.hpp>
#include <parton/ops/detail/unbroadcast.hpp>

/// \file The tape's side of `+`, `-`, `*` and `/`.

namespace parton::detail {

/// f(a, b) element by element, where both have the shape of the result of f.
template <class Function, class Scalar>
Tensor<Scalar> combine_alike(const Function& f, const Tensor<Scalar>& a, const Tensor<Scalar>& b) {
  Tensor<Scalar> result = Tensor<Scalar>::empty(a.shape());
  store(fresh_data(result), f(load(a.data(), a.size()), load(b.data(), b.size())));
  return result;
}

/// f(x) element by element, where x is an array of the wide scalar.
template <class Function, class Scalar>
Tensor<Scalar> map_alike(const Function& f, const Tensor<Scalar>& x) {
  Tensor<Scalar> result = Tensor<Scalar>::empty(x.shape());
  store(fresh_data(result), f(load(x.data(), x.size())));
  return result;
}

/// result = f(a, b), broadcast; `multiply` and `divide` are the ops without a tape.
template <class Function, class Scalar, class Binary>
void record_binary(Tensor<Scalar>& result, const Tensor<Scalar>& a, const Tensor<Scalar>& b,
                   const Binary& binary) {
  if (!must_record(a, b)) return;
  constexpr const char* name = arithmetic_name<Function>();
  if constexpr (std::same_as<Function, std::plus<>> || std::same_as<Function, std::minus<>>) {
    record(name, result, inputs(a, b), saved(),
           [left = a.shape(), right = b.shape()](Gradients<Scalar>& gradients) {
             const Tensor<Scalar>& g = gradients.result();
             if (gradients.needs(0)) gradients.add(0, sum_to(g, left));
             if (!gradients.needs(1)) return;
             if constexpr (std::same_as<Function, std::plus<>>)
               gradients.add(1, sum_to(g, right));
             else
               gradients.add(1, sum_to(map_alike([](const auto& x) { return -x; }, g), right));
           });
  } else if constexpr (std::same_as<Function, std::multiplies<>>) {
    record(name, result, inputs(a, b),
           saved(save_if(needs_gradient(b), a), save_if(needs_gradient(a), b)),
           [left = a.shape(), right = b.shape(), binary](
               Gradients<Scalar>& gradients, const Tensor<Scalar>& x, const Tensor<Scalar>& y) {
             const Tensor<Scalar>& g = gradients.result();
             if (gradients.needs(0))
               gradients.add(0, sum_to(binary(std::multiplies<>{}, g, y), left));
             if (gradients.needs(1))
               gradients.add(1, sum_to(binary(std::multiplies<>{}, g, x), right));
           });
  } else {
    // (a / b)' = a' / b - (a / b) b' / b
    record(name, result, inputs(a, b), saved(b, save_if(needs_gradient(b), result)),
           [left = a.shape(), right = b.shape(), binary](
               Gradients<Scalar>& gradients, const Tensor<Scalar>& y, const Tensor<Scalar>& q) {
             const Tensor<Scalar> share = binary(std::divides<>{}, gradients.result(), y);
             if (gradients.needs(1))
               gradients.add(
                   1, sum_to(combine_alike([](const auto& s, const auto& r) { return -s * r; },
                                           share, q),
                             right));
             if (gradients.needs(0)) gradients.add(0, sum_to(share, left));
           });
  }
}

/// result = f(x, number), or f(number, x) if swapped.
template <bool Swapped, class Function, class Scalar, class Number>
void record_number(Tensor<Scalar>& result, const Tensor<Scalar>& x, Number number) {
  if (!must_record(x)) return;
  constexpr const char* name = arithmetic_name<Function>();
  constexpr bool divides = std::same_as<Function, std::divides<>>;
  if constexpr (divides && Swapped) {
    // (c / x)' = -(c / x) / x x'
    record(name, result, inputs(x), saved(x, result),
           [](Gradients<Scalar>& gradients, const Tensor<Scalar>& of, const Tensor<Scalar>& y) {
             const Tensor<Scalar>& g = gradients.result();
             Tensor<Scalar> to = Tensor<Scalar>::empty(g.shape());
             const Index n = g.size();
             store(fresh_data(to), -load(g.data(), n) * load(y.data(), n) / load(of.data(), n));
             gradients.add(0, std::move(to));
           });
  } else {
    record(name, result, inputs(x), saved(), [number](Gradients<Scalar>& gradients) {
      const Tensor<Scalar>& g = gradients.result();
      static_cast<void>(number);
      if constexpr (std::same_as<Function, std::multiplies<>>)
        gradients.add(0, map_alike([number](const auto& v) { return v * number; }, g));
      else if constexpr (divides)
        gradients.add(0, map_alike([number](const auto& v) { return v / number; }, g));
      else if constexpr (std::same_as<Function, std::minus<>> && Swapped)
        gradients.add(0, map_alike([](const auto& v) { return -v; }, g));
      else
        gradients.add(0, g);
    });
  }
}

}  // namespace parton::detail
