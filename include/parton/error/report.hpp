// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <parton/detail/error_text.hpp>

/// \file Histograms and progress.

namespace parton::errors {

[[gnu::cold]] inline ValueError histogram_bins(std::ptrdiff_t bins) {
  return ValueError("histogram: bins must be at least 1, not " + to_string(bins));
}
[[gnu::cold]] inline ValueError histogram_range(double low, double high) {
  return ValueError("histogram: low and high must be finite and low not above high, but low is " +
                    shown(low) + " and high is " + shown(high));
}
[[gnu::cold]] inline ValueError negative_progress(std::ptrdiff_t total) {
  return ValueError("Progress: the number of steps must be at least 0, not " + to_string(total));
}

}  // namespace parton::errors
