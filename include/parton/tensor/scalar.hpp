// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <Eigen/Core>

#include <parton/error.hpp>
#include <parton/tensor/shape.hpp>

namespace parton {

/// The scalars of parameters: float, double, Eigen::half and Eigen::bfloat16.
template <class T>
concept FloatingScalar = std::same_as<T, float> || std::same_as<T, double> ||
    std::same_as<T, Eigen::half> || std::same_as<T, Eigen::bfloat16>;

/// Integers (labels, indices) and bool (masks); a character is no number, so that no text becomes a
/// tensor.
template <class T>
concept IntegerScalar = std::same_as<T, bool> ||
    (WholeNumber<T>&& std::same_as<T, std::remove_cv_t<T>>);

/// What a Tensor may hold.
template <class T>
concept TensorScalar = FloatingScalar<T> || IntegerScalar<T>;

/// Any number that may stand beside a Tensor in an expression: `x + 1.f`, `x * 2`.
template <class T>
concept Number = TensorScalar<T> || std::same_as<T, long double>;

/// A number that can be written into a tensor of Scalar: integers take no fraction, as in NumPy.
template <class T, class Scalar>
concept NumberFor = Number<T> &&(FloatingScalar<Scalar> || IntegerScalar<T>);

namespace detail {

/// Truncates towards zero; beyond the range of the integer, its nearest end; NaN becomes 0.
template <std::integral To, std::floating_point From>
constexpr To saturate(From value) {
  constexpr To lowest = std::numeric_limits<To>::min(), highest = std::numeric_limits<To>::max();
  constexpr From end = From(2) * static_cast<From>(highest / 2 + 1);  // highest + 1, exactly
  if (value != value) return To(0);  // NOLINT: std::isnan is not constexpr
  if (value >= end) return highest;
  if (value <= static_cast<From>(lowest)) return lowest;
  return static_cast<To>(value);
}

/// A float that is rounded on to half or bfloat16 as the double itself would be: cut off, and odd
/// in its last bit if that lost anything. Rounding to the nearest twice may miss the nearest.
constexpr float cut_to_odd(double value) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto nearest = static_cast<float>(value);
  // NaN and the infinities stay.
  if (value != value || value == infinity || value == -infinity || nearest == value)  // NOLINT
    return nearest;
  auto bits = std::bit_cast<std::uint32_t>(nearest);
  const double magnitude = value < 0 ? -value : value;
  if ((nearest < 0 ? -nearest : nearest) > magnitude) --bits;
  return std::bit_cast<float>(bits | 1U);
}

/// Converts between any two numbers, always with a defined result: half and bfloat16 go through
/// float, a float saturates to an integer, an integer wraps to a narrower one.
template <class To, class From>
constexpr To convert(From value) {
  if constexpr (std::same_as<To, From>) {
    return value;
  } else if constexpr (std::floating_point<From> && std::integral<To> && !std::same_as<To, bool>) {
    return saturate<To>(value);
  } else if constexpr (std::is_arithmetic_v<To> && std::is_arithmetic_v<From>) {
    return static_cast<To>(value);
  } else if constexpr (std::is_arithmetic_v<To>) {
    return convert<To>(static_cast<float>(value));
  } else {
    return static_cast<To>(convert<float>(value));
  }
}

/// The same, but of a double to the nearest half or bfloat16. convert() rounds to a float on the
/// way: the draws of the random generator depend on it.
template <class To, class From>
constexpr To convert_once(From value) {
  if constexpr (std::same_as<From, double> && !std::is_arithmetic_v<To>)
    return static_cast<To>(cut_to_odd(value));
  else
    return convert<To>(value);
}

/// The type in which sums and transcendental functions of a scalar are computed.
template <class Scalar>
using Wide = std::conditional_t<std::same_as<Scalar, double>, double, float>;

}  // namespace detail

/// The name of a scalar as Gluon prints it; a float always prints `float32`.
template <TensorScalar Scalar>
[[nodiscard]] constexpr std::string_view dtype_name() {
  if constexpr (std::same_as<Scalar, float>) return "float32";
  if constexpr (std::same_as<Scalar, double>) return "float64";
  if constexpr (std::same_as<Scalar, Eigen::half>) return "float16";
  if constexpr (std::same_as<Scalar, Eigen::bfloat16>) return "bfloat16";
  if constexpr (std::same_as<Scalar, bool>) return "bool";
  if constexpr (std::is_integral_v<Scalar>) {
    constexpr std::string_view names[2][4] = {{"int8", "int16", "int32", "int64"},
                                              {"uint8", "uint16", "uint32", "uint64"}};
    constexpr int width = sizeof(Scalar) == 1   ? 0
                          : sizeof(Scalar) == 2 ? 1
                          : sizeof(Scalar) == 4 ? 2
                                                : 3;
    return names[std::is_unsigned_v<Scalar>][width];
  }
  return "";
}

namespace detail {

/// As convert, but an integer that the other one cannot hold is an error: `bytes.fill(300)`.
template <class To, class From>
constexpr To narrow(From value) {
  if constexpr (std::integral<To> && std::integral<From> && !std::same_as<To, bool> &&
                !std::same_as<From, bool>) {
    if (!std::in_range<To>(value))
      throw errors::number_out_of_range(std::to_string(value), dtype_name<To>());
  }
  return convert<To>(value);
}

}  // namespace detail

}  // namespace parton
