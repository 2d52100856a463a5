// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <parton/detail/error_text.hpp>

/// \file The random generator and its distributions.

namespace parton::errors {

[[gnu::cold]] inline ValueError bad_bounds(Text what, double low, double high) {
  return ValueError(string(what) + ": low must not be above high, but low is " + shown(low) +
                    " and high is " + shown(high));
}
[[gnu::cold]] inline ValueError bounds_out_of_range(Text what, double low, double high,
                                                    Text dtype) {
  return ValueError(string(what) + ": the bounds " + shown(low) + " and " + shown(high) +
                    " are not finite, or further apart than " + string(dtype) +
                    " reaches: use nearer ones, or a wider scalar");
}
[[gnu::cold]] inline ValueError bad_normal(Text what, double mean, double stddev) {
  return ValueError(string(what) +
                    ": the mean must be finite and the standard deviation finite and at least 0, "
                    "but the mean is " +
                    shown(mean) + " and the standard deviation " + shown(stddev));
}
[[gnu::cold]] inline ValueError normal_out_of_range(Text what, double mean, double stddev,
                                                    Text dtype) {
  return ValueError(string(what) + ": values with the mean " + shown(mean) +
                    " and the standard deviation " + shown(stddev) + " may be out of range for " +
                    string(dtype) + ": use smaller ones, or a wider scalar");
}
[[gnu::cold]] inline ValueError bad_probability(double p) {
  return ValueError("bernoulli: the probability p must lie between 0 and 1, not " + shown(p));
}
[[gnu::cold]] inline ValueError negative_permutation(std::ptrdiff_t n) {
  return ValueError("permutation: the number of elements must not be negative: " + to_string(n));
}
[[gnu::cold]] inline ValueError below_zero_numbers() {
  return ValueError(
      "below(0): there is no number below 0 to draw; pass the number of possibilities, 1 or more");
}
[[gnu::cold]] inline ValueError bad_thread_count(int count) {
  return ValueError("set_num_threads: the number of threads must be at least 1, not " +
                    to_string(count));
}

}  // namespace parton::errors
