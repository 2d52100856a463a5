// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <Eigen/Core>

namespace parton {

/// The scalars of parameters: float, double, Eigen::half and Eigen::bfloat16.
template <class T>
concept FloatingScalar = std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, Eigen::half> ||
                         std::same_as<T, Eigen::bfloat16>;

/// What a Tensor may hold: a floating scalar, an integer (labels, indices) or a bool (masks).
template <class T>
concept TensorScalar = FloatingScalar<T> || std::integral<T>;

/// Any number that may stand beside a Tensor in an expression: `x + 1.f`, `x * 2`.
template <class T>
concept Number = FloatingScalar<T> || std::is_arithmetic_v<T>;

namespace detail {

/// Converts between any two numbers; half and bfloat16 go through float.
template <class To, class From>
constexpr To convert(From value) {
  if constexpr (std::same_as<To, From>) {
    return value;
  } else if constexpr (std::is_arithmetic_v<To> && std::is_arithmetic_v<From>) {
    return static_cast<To>(value);
  } else if constexpr (std::is_arithmetic_v<To>) {
    return static_cast<To>(static_cast<float>(value));
  } else {
    return static_cast<To>(convert<float>(value));
  }
}

/// The type in which sums and transcendental functions of a scalar are computed.
template <class Scalar>
using Wide = std::conditional_t<std::same_as<Scalar, double>, double, float>;

}  // namespace detail

/// The name of a scalar as Gluon prints it; a float always prints `float32`.
template <class Scalar>
constexpr std::string_view dtype_name() {
  if constexpr (std::same_as<Scalar, float>) return "float32";
  if constexpr (std::same_as<Scalar, double>) return "float64";
  if constexpr (std::same_as<Scalar, Eigen::half>) return "float16";
  if constexpr (std::same_as<Scalar, Eigen::bfloat16>) return "bfloat16";
  if constexpr (std::same_as<Scalar, bool>) return "bool";
  if constexpr (std::is_integral_v<Scalar>) {
    constexpr std::string_view names[2][4] = {{"int8", "int16", "int32", "int64"},
                                              {"uint8", "uint16", "uint32", "uint64"}};
    constexpr int width = sizeof(Scalar) == 1 ? 0 : sizeof(Scalar) == 2 ? 1 : sizeof(Scalar) == 4 ? 2 : 3;
    return names[std::is_unsigned_v<Scalar>][width];
  }
  return "";
}

}  // namespace parton
