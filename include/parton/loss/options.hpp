// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include <parton/error.hpp>
#include <parton/fwd.hpp>

namespace parton::loss {

/// What every loss takes: `loss::L2({.weight = 0.5})`. The options of a loss that has more end with
/// these.
struct Options {
  double weight = 1;     ///< The result is multiplied by it.
  Index batch_axis = 0;  ///< The axis of the samples, which the result keeps.
};

}  // namespace parton::loss

namespace parton::detail {

/// The number if it fits the rule. \throws ValueError otherwise.
inline double checked_option(const char* loss, const char* option, double value, bool fits,
                             const char* rule) {
  if (!fits) throw errors::loss_option(loss, option, value, rule);
  return value;
}
inline double finite_option(const char* loss, const char* option, double value) {
  return checked_option(loss, option, value, std::isfinite(value), "a finite number");
}

/// The options common to all losses. \throws ValueError for a weight that is not finite.
template <class Options>
loss::Options common_options(const char* loss, const Options& options) {
  return {finite_option(loss, "weight", options.weight), options.batch_axis};
}

}  // namespace parton::detail
