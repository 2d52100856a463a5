// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
#include <string_view>
#include <type_traits>

#include <Eigen/Core>

#include <parton/ops/broadcast.hpp>
#include <parton/ops/detail/binary_gradient.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/operand.hpp>

/// \file `x + y`, `x - y`, `x * y`, `x / y` and `-x`, element by element, with broadcasting as in
/// NumPy. One side is a Tensor; the other a Tensor, a number, or an Eigen matrix, array or tensor.
///
/// A number takes the tensor's scalar: `x * 0.5` of a float tensor is a float tensor. Two tensors
/// have one scalar; cast one of them otherwise. Integers wrap around, and of bools `+` is or and
/// `*` is and. \throws ShapeError if two shapes do not fit; ValueError for an integer divided by 0,
/// or a number that the integer scalar cannot hold.

namespace parton {

namespace detail {

/// to[i] = f(a[i], b[i]), where a or b may also be a number.
template <class Function, FloatingScalar Scalar, class A, class B>
void binary_run(const Function& f, Scalar* to, A a, B b, Index n) {
  const auto side = [n](auto from) {
    if constexpr (std::is_pointer_v<decltype(from)>)
      return load(from, n);
    else
      return from;
  };
  store(to, f(side(a), side(b)));
}
template <class Function, IntegerScalar Scalar, class A, class B>
void binary_run(const Function& f, Scalar* to, A a, B b, Index n) {
  const auto at = [](auto from, Index i) {
    if constexpr (std::is_pointer_v<decltype(from)>)
      return from[i];
    else
      return from;
  };
  for (Index i = 0; i < n; ++i) to[i] = combine_integers(f, at(a, i), at(b, i));
}

/// f(a, b), broadcast, without the tape.
template <class Function, class Scalar>
Tensor<Scalar> apply_binary(std::string_view operation, const Function& f, const Tensor<Scalar>& a,
                            const Tensor<Scalar>& b) {
  const Broadcasting<2> plan(operation, {&a.shape(), &b.shape()});
  if (any_shape_only(a, b)) return Tensor<Scalar>::shape_only(plan.shape());
  Tensor<Scalar> result = Tensor<Scalar>::empty(plan.shape());
  Scalar* to = fresh_data(result);
  const Scalar *left = a.data(), *right = b.data();
  check_divisors<Function>(right, b.size());
  const Index n = plan.run();
  const auto number = [](Scalar x) { return convert<InPlace<Scalar>>(x); };
  plan.for_each_run([&](Index i, const auto& from) {
    if (plan.repeats(0))
      binary_run(f, to + i, number(left[from[0]]), right + from[1], n);
    else if (plan.repeats(1))
      binary_run(f, to + i, left + from[0], number(right[from[1]]), n);
    else
      binary_run(f, to + i, left + from[0], right + from[1], n);
  });
  return result;
}

template <class Function, class Scalar>
Tensor<Scalar> binary(std::string_view operation, const Function& f, const Tensor<Scalar>& a,
                      const Tensor<Scalar>& b) {
  Tensor<Scalar> result = apply_binary(operation, f, a, b);
  if constexpr (FloatingScalar<Scalar>) {
    if (result.has_values())
      record_binary<Function>(result, a, b, [](const auto& g, const auto& x, const auto& y) {
        return apply_binary("gradient", g, x, y);
      });
  }
  if (tracer != nullptr && result.has_values())
    trace(arithmetic_name<Function>(), {a, b}, {result});
  return result;
}

/// f of each element and one number, in this order or swapped.
template <bool Swapped, class Function, class Scalar, class T>
Tensor<Scalar> binary_number(const Function& f, const Tensor<Scalar>& x, T b) {
  const auto number = narrow<InPlace<Scalar>>(b);
  if (any_shape_only(x)) return Tensor<Scalar>::shape_only(x.shape());
  Tensor<Scalar> result = Tensor<Scalar>::empty(x.shape());
  if constexpr (Swapped) {
    check_divisors<Function>(x.data(), x.size());
    binary_run(f, fresh_data(result), number, x.data(), x.size());
  } else {
    check_divisors<Function>(&number, 1);
    binary_run(f, fresh_data(result), x.data(), number, x.size());
  }
  if constexpr (FloatingScalar<Scalar>) record_number<Swapped, Function>(result, x, number);
  if (tracer != nullptr)
    trace(arithmetic_name<Function>(), {x}, {result},
          {{"number", static_cast<double>(number)}, {"swapped", Swapped}});
  return result;
}

/// The two sides of an operator between arrays: at least one is ours, so that what stands between
/// two Eigen arguments stays Eigen's.
template <class A, class B>
concept OperandPair = (AnyTensor<A> && Operand<B>) || (AnyTensor<B> && Operand<A>);

template <class Function, class A, class B>
auto binary_operands(std::string_view operation, const Function& f, const A& a, const B& b) {
  static_assert(std::same_as<scalar_of<A>, scalar_of<B>>,
                "the two sides of an operator must have one scalar: write a.cast<double>() + b");
  return binary(operation, f, as_tensor(a), as_tensor(b));
}

template <class T>
concept NoBool = !std::same_as<T, bool>;

}  // namespace detail

template <class A, class B>
requires detail::OperandPair<A, B>
[[nodiscard]] auto operator+(const A& a, const B& b) {
  return detail::binary_operands("+", std::plus<>{}, a, b);
}
template <class Scalar, NumberFor<Scalar> T>
[[nodiscard]] Tensor<Scalar> operator+(const Tensor<Scalar>& a, T b) {
  return detail::binary_number<false>(std::plus<>{}, a, b);
}
template <class Scalar, NumberFor<Scalar> T>
[[nodiscard]] Tensor<Scalar> operator+(T a, const Tensor<Scalar>& b) {
  return detail::binary_number<false>(std::plus<>{}, b, a);
}

template <class A, class B>
requires(detail::OperandPair<A, B>&& detail::NoBool<detail::scalar_of<A>>) [[nodiscard]] auto
operator-(const A& a, const B& b) {
  return detail::binary_operands("-", std::minus<>{}, a, b);
}
template <detail::NoBool Scalar, NumberFor<Scalar> T>
[[nodiscard]] Tensor<Scalar> operator-(const Tensor<Scalar>& a, T b) {
  return detail::binary_number<false>(std::minus<>{}, a, b);
}
template <detail::NoBool Scalar, NumberFor<Scalar> T>
[[nodiscard]] Tensor<Scalar> operator-(T a, const Tensor<Scalar>& b) {
  return detail::binary_number<true>(std::minus<>{}, b, a);
}

template <class A, class B>
requires detail::OperandPair<A, B>
[[nodiscard]] auto operator*(const A& a, const B& b) {
  return detail::binary_operands("*", std::multiplies<>{}, a, b);
}
template <class Scalar, NumberFor<Scalar> T>
[[nodiscard]] Tensor<Scalar> operator*(const Tensor<Scalar>& a, T b) {
  return detail::binary_number<false>(std::multiplies<>{}, a, b);
}
template <class Scalar, NumberFor<Scalar> T>
[[nodiscard]] Tensor<Scalar> operator*(T a, const Tensor<Scalar>& b) {
  return detail::binary_number<false>(std::multiplies<>{}, b, a);
}

template <class A, class B>
requires(detail::OperandPair<A, B>&& detail::NoBool<detail::scalar_of<A>>) [[nodiscard]] auto
operator/(const A& a, const B& b) {
  return detail::binary_operands("/", std::divides<>{}, a, b);
}
template <detail::NoBool Scalar, NumberFor<Scalar> T>
[[nodiscard]] Tensor<Scalar> operator/(const Tensor<Scalar>& a, T b) {
  return detail::binary_number<false>(std::divides<>{}, a, b);
}
template <detail::NoBool Scalar, NumberFor<Scalar> T>
[[nodiscard]] Tensor<Scalar> operator/(T a, const Tensor<Scalar>& b) {
  return detail::binary_number<true>(std::divides<>{}, b, a);
}

/// Each element with its sign changed.
template <detail::NoBool Scalar>
[[nodiscard]] Tensor<Scalar> operator-(const Tensor<Scalar>& x) {
  if constexpr (FloatingScalar<Scalar>)
    return x * -1;
  else
    return 0 - x;
}

}  // namespace parton
