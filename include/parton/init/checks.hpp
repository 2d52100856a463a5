// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <string_view>

#include <Eigen/Core>

#include <parton/error.hpp>
#include <parton/init/text_form.hpp>
#include <parton/tensor/scalar.hpp>

/// \file What initializers ask of their options: when constructed, and when they meet a scalar.

namespace parton::init::detail {

/// A deviation, half-width or gain. \throws InitializerError unless it is finite and at least 0.
inline double not_negative(std::string_view rule, std::string_view option, double value) {
  if (!std::isfinite(value) || value < 0)
    throw errors::initializer_option(rule, option, "finite and at least 0", number_text(value));
  return value;
}

inline double finite(std::string_view rule, std::string_view option, double value) {
  if (!std::isfinite(value))
    throw errors::initializer_option(rule, option, "finite", number_text(value));
  return value;
}

/// An option that counts. \throws InitializerError unless it is a whole number of moderate size.
inline Index whole(std::string_view rule, std::string_view option, double value) {
  if (!(std::abs(value) <= 1e15) || value != std::floor(value))
    throw errors::initializer_option(rule, option, "a whole number", number_text(value));
  return static_cast<Index>(value);
}

/// \throws InitializerError that names the parameter if Scalar has no finite number for `value`.
template <class Scalar>
void check_in_range(std::string_view rule, std::string_view parameter, double value) {
  const auto highest = parton::detail::convert<double>(Eigen::NumTraits<Scalar>::highest());
  if (!(std::abs(value) <= highest))
    throw errors::initializer_value(rule, parameter, number_text(value), dtype_name<Scalar>());
}

/// The same for a standard deviation: the nine of them that a normal draw may reach must fit.
template <class Scalar>
void check_normal_in_range(std::string_view rule, std::string_view parameter, double deviation) {
  const auto highest = parton::detail::convert<double>(Eigen::NumTraits<Scalar>::highest());
  if (!(9 * deviation <= highest))
    throw errors::initializer_value(rule, parameter, number_text(deviation), dtype_name<Scalar>());
}

}  // namespace parton::init::detail
