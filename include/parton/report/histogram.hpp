// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <parton/ops/detail/operand.hpp>
#include <parton/report/detail/short_number.hpp>

namespace parton {

/// How values are sorted into bins.
struct HistogramOptions {
  Index bins = 10;
  /// Where the first bin begins; by default at the smallest finite value.
  std::optional<double> low = std::nullopt;
  /// Where the last bin ends; by default at the largest finite value.
  std::optional<double> high = std::nullopt;
};

/// How many values fall between edges; it prints as bars, one line a bin.
struct Histogram {
  std::vector<Index> counts;
  std::vector<double> edges;  ///< one more than counts
  Index below = 0;            ///< values under the first edge, -Inf among them
  Index above = 0;            ///< values over the last edge, Inf among them
  Index nan = 0;

  friend std::ostream& operator<<(std::ostream& os, const Histogram& histogram) {
    return os << histogram.text();
  }

  /// \param width how many characters the longest bar has.
  [[nodiscard]] std::string text(std::size_t width = 40) const {
    const std::vector<std::string> numbers = edge_texts();
    std::size_t number_width = 0, count_width = 0;
    for (const std::string& number : numbers) number_width = std::max(number_width, number.size());
    Index highest = 1;
    for (const Index count : counts) {
      highest = std::max(highest, count);
      count_width = std::max(count_width, std::to_string(count).size());
    }
    std::string result;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const double share = static_cast<double>(counts[i]) / static_cast<double>(highest);
      std::string bar(static_cast<std::size_t>(share * static_cast<double>(width) + 0.5), '#');
      if (bar.empty() && counts[i] > 0) bar = ".";  // few are not none
      result += "[" + detail::padded_left(numbers[i], number_width) + ", " +
                detail::padded_left(numbers[i + 1], number_width) +
                (i + 1 == counts.size() ? "]  " : ")  ") +
                detail::padded_left(std::to_string(counts[i]), count_width) +
                (bar.empty() ? "" : "  " + bar) + '\n';
    }
    std::string outside;
    const auto tell = [&](Index count, const char* where) {
      if (count > 0) outside += (outside.empty() ? "" : ", ") + std::to_string(count) + " " + where;
    };
    tell(below, "below");
    tell(above, "above");
    tell(nan, "NaN");
    return outside.empty() ? result : result + "and " + outside + '\n';
  }

 private:
  /// The edges, with as many digits as tell neighbours apart.
  [[nodiscard]] std::vector<std::string> edge_texts() const {
    std::vector<std::string> texts(edges.size());
    const double tiny = 1e-12 * (edges.empty() ? 0 : edges.back() - edges.front());
    for (int digits = 4; digits <= 17; ++digits) {
      std::transform(edges.begin(), edges.end(), texts.begin(), [&](double edge) {
        return detail::short_number(std::abs(edge) < tiny ? 0 : edge, digits);
      });
      if (std::adjacent_find(texts.begin(), texts.end()) == texts.end()) break;
    }
    return texts;
  }
};

namespace detail {

/// Where a histogram begins and ends; both ends are half a unit away if there is but one value, and
/// at 0 and 1 if there is none. Source: numpy.histogram_bin_edges.
template <class Values>
std::pair<double, double> histogram_range(const Values& values, const HistogramOptions& options) {
  bool found = false;
  double low = 0, high = 1;
  for (const auto value : values) {
    const auto x = convert<double>(value);
    if (!std::isfinite(x)) continue;
    low = found ? std::min(low, x) : x;
    high = found ? std::max(high, x) : x;
    found = true;
  }
  if (options.low) low = *options.low;
  if (options.high) high = *options.high;
  // One end that leaves all values outside decides alone.
  if (options.low && !options.high && high <= low) high = low + 1;
  if (options.high && !options.low && high <= low) low = high - 1;
  if (!(low <= high) || !std::isfinite(low) || !std::isfinite(high))
    throw errors::histogram_range(low, high);
  if (low == high) return {low - 0.5, high + 0.5};
  return {low, high};
}

}  // namespace detail

/// Counts the values of a tensor (or an Eigen matrix) in bins of equal width from low to high.
///
/// A bin holds its left edge and not its right one, but for the last, which holds both: NumPy's
/// rule, and so are the edges, computed in double. What lies outside is counted aside, and so are
/// NaN and infinities. \throws ValueError unless bins >= 1 and low <= high, both finite.
template <detail::Operand X>
[[nodiscard]] Histogram histogram(const X& x, const HistogramOptions& options = {}) {
  if (options.bins < 1) throw errors::histogram_bins(options.bins);
  const auto& tensor = detail::as_tensor(x);
  const auto values = std::as_const(tensor).span();
  const auto [low, high] = detail::histogram_range(values, options);

  Histogram result;
  const auto bins = static_cast<std::size_t>(options.bins);
  const auto n = static_cast<double>(bins);
  const double step = std::isfinite(high - low) ? (high - low) / n : high / n - low / n;
  result.counts.assign(bins, 0);
  for (std::size_t i = 0; i < bins; ++i)
    result.edges.push_back(static_cast<double>(i) * step + low);
  result.edges.push_back(high);

  const auto inner_begin = result.edges.begin() + 1, inner_end = result.edges.end() - 1;
  for (const auto value : values) {
    const auto wide = detail::convert<double>(value);
    if (std::isnan(wide))
      ++result.nan;
    else if (wide < low)
      ++result.below;
    else if (wide > high)
      ++result.above;
    else
      ++result.counts[static_cast<std::size_t>(std::upper_bound(inner_begin, inner_end, wide) -
                                               inner_begin)];
  }
  return result;
}

}  // namespace parton
