// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <string_view>

#include <parton/error.hpp>

/// \file What optimizers, schedules and groups ask of their numbers.

namespace parton::optim::detail {

/// \throws ValueError naming the option, unless it is finite and at least 0.
inline double not_negative(std::string_view where, std::string_view option, double value) {
  if (!(value >= 0) || std::isinf(value))
    throw errors::optimizer_option(where, option, "finite and at least 0", value);
  return value;
}

/// \throws ValueError naming the option, unless it is finite and above 0.
inline double positive(std::string_view where, std::string_view option, double value) {
  if (!(value > 0) || std::isinf(value))
    throw errors::optimizer_option(where, option, "finite and above 0", value);
  return value;
}

/// The share that a running mean keeps. \throws ValueError unless 0 <= value < 1.
inline double below_one(std::string_view where, std::string_view option, double value) {
  if (!(value >= 0 && value < 1))
    throw errors::optimizer_option(where, option, "at least 0 and below 1", value);
  return value;
}

}  // namespace parton::optim::detail
