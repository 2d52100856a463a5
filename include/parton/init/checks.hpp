// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <string_view>

#include <parton/detail/compiled.hpp>
#include <parton/error.hpp>
#include <parton/init/rule.hpp>
#include <parton/init/text_form.hpp>

/// \file What initializers ask of their options: when constructed, and when they meet a scalar.

namespace parton::init::detail {

/// A deviation, half-width or gain. \throws InitializerError unless it is finite and at least 0.
double not_negative(std::string_view rule, std::string_view option, double value);

double finite(std::string_view rule, std::string_view option, double value);

/// An option that counts. \throws InitializerError unless it is a whole number of moderate size.
Index whole(std::string_view rule, std::string_view option, double value);

/// \throws InitializerError that names the parameter if its scalar has no finite number for
/// `value`, or for `times` as much, which a draw may reach.
void check_in_range(std::string_view rule, std::string_view parameter, const Target& target,
                    double value, double times = 1);

/// A normal draw reaches up to nine deviations.
inline constexpr double reach_of_normal = 9;

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE double not_negative(std::string_view rule, std::string_view option,
                                         double value) {
  if (!std::isfinite(value) || value < 0)
    throw errors::initializer_option(rule, option, "finite and at least 0", number_text(value));
  return value;
}

PARTON_DETAIL_INLINE double finite(std::string_view rule, std::string_view option, double value) {
  if (!std::isfinite(value))
    throw errors::initializer_option(rule, option, "finite", number_text(value));
  return value;
}

PARTON_DETAIL_INLINE Index whole(std::string_view rule, std::string_view option, double value) {
  if (!(std::abs(value) <= 1e15) || value != std::floor(value))
    throw errors::initializer_option(rule, option, "a whole number", number_text(value));
  return static_cast<Index>(value);
}

PARTON_DETAIL_INLINE void check_in_range(std::string_view rule, std::string_view parameter,
                                         const Target& target, double value, double times) {
  if (!(std::abs(value) * times <= target.highest()))
    throw errors::initializer_value(rule, parameter, number_text(value), target.dtype());
}

#endif

}  // namespace parton::init::detail
