// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/detail/compiled.hpp>
#include <parton/nn/block.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/report/detail/short_number.hpp>

/// \file What stands in tensors and parameters, in numbers: to watch a net while it trains.

namespace parton {

/// The values of one tensor. NaN and infinities are counted, and left out of everything else.
struct Statistics {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  Index size = 0;   ///< all elements
  Index zeros = 0;  ///< those that are 0 or -0
  Index nan = 0;
  Index inf = 0;            ///< of either sign
  double mean = none;       ///< NaN, as what follows, without a finite element
  double deviation = none;  ///< sqrt(mean((x - mean)^2)): that of the values, not an estimate
  double min = none;
  double max = none;
  double norm = 0;  ///< the L2 norm sqrt(sum(x^2))

  [[nodiscard]] Index finite() const noexcept { return size - nan - inf; }
  /// The share of zeros among all elements, from 0 to 1; 0 for an empty tensor.
  [[nodiscard]] double zero_share() const noexcept {
    return size == 0 ? 0 : static_cast<double>(zeros) / static_cast<double>(size);
  }

  /// `mean 0.0003, deviation 0.04, from -0.07 to 0.07, norm 2.9, zero 0.0%`, and what is not
  /// finite.
  friend std::ostream& operator<<(std::ostream& os, const Statistics& s) {
    using detail::short_number;
    std::string text = "no finite values";
    if (s.finite() > 0)
      text = "mean " + short_number(s.mean) + ", deviation " + short_number(s.deviation) +
             ", from " + short_number(s.min) + " to " + short_number(s.max) + ", norm " +
             short_number(s.norm) + ", zero " + detail::fixed_number(100 * s.zero_share(), 1) + "%";
    if (s.nan > 0) text += ", " + std::to_string(s.nan) + " NaN";
    if (s.inf > 0) text += ", " + std::to_string(s.inf) + " Inf";
    return os << text;
  }
};

/// Counts and moments of a tensor (or an Eigen matrix), accumulated in double in two passes.
/// \throws ValueError if it has a shape but no values.
template <detail::Operand X>
[[nodiscard]] Statistics statistics(const X& x) {
  const auto& values = detail::as_tensor(x);
  using Scalar = detail::scalar_of<X>;
  Statistics result;
  result.size = values.size();
  const auto each_finite = [all = std::as_const(values).span()](auto f) {
    for (const Scalar value : all)
      if (const auto wide = detail::convert<double>(value); std::isfinite(wide)) f(wide);
  };
  for (const Scalar value : std::as_const(values).span()) {
    const auto wide = detail::convert<double>(value);
    if (std::isnan(wide)) ++result.nan;
    if (std::isinf(wide)) ++result.inf;
  }
  if (result.finite() == 0) return result;
  result.min = std::numeric_limits<double>::infinity();
  result.max = -result.min;
  each_finite([&](double value) {
    result.min = std::min(result.min, value);
    result.max = std::max(result.max, value);
    if (value == 0) ++result.zeros;
  });
  // By a power of two, so that neither squares nor sums leave the range of double.
  const double largest = std::max(std::abs(result.min), std::abs(result.max));
  const bool extreme = largest > 1e140 || (largest < 1e-140 && largest > 0);
  const double unit = extreme ? std::exp2(std::ilogb(largest)) : 1;
  const auto count = static_cast<double>(result.finite());
  double sum = 0, squares = 0;
  each_finite([&](double value) {
    sum += value / unit;
    squares += value / unit * (value / unit);
  });
  // A mean lies between the extremes, also when its sum was rounded: that of equal values is exact.
  const double mean = std::clamp(sum / count, result.min / unit, result.max / unit);
  double spread = 0;
  each_finite([&](double value) { spread += (value / unit - mean) * (value / unit - mean); });
  result.mean = mean * unit;
  result.deviation = std::sqrt(spread / count) * unit;
  result.norm = std::sqrt(squares) * unit;
  return result;
}

/// The values and the gradient of one parameter.
struct ParameterStatistics {
  std::string name;   ///< `dense0_weight`
  std::string layer;  ///< the name without the parameter's key: `dense0`; empty for a lone one
  std::string key;    ///< `weight`
  Shape shape;
  ParameterState state = ParameterState::declared;
  bool waiting = false;            ///< initialized, but its shape is not known yet
  std::optional<Statistics> data;  ///< none before it is initialized
  std::optional<Statistics> grad;  ///< none before a gradient has been made
};

/// What statistics() found, in the order of collect_params(); it prints as a table by layer.
struct StatisticsTable {
  std::vector<ParameterStatistics> rows;

  friend std::ostream& operator<<(std::ostream& os, const StatisticsTable& table) {
    return os << table.text();
  }

  [[nodiscard]] std::string text() const;

 private:
  using Cells = std::vector<std::string>;
  struct Line {
    std::string title;
    std::string remark;  // in place of cells
    Cells cells;
  };

  static Cells cells(const Statistics& s);

  static std::string aligned(const std::vector<Line>& lines);
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE std::string StatisticsTable::text() const {
  std::vector<Line> lines = {
      {"", "", {"mean", "deviation", "min", "max", "norm", "zero", "NaN", "Inf"}}};
  std::string_view layer;
  for (const ParameterStatistics& row : rows) {
    if (row.layer != layer) lines.push_back({row.layer, "", {}});
    layer = row.layer;
    const std::string title =
        (row.layer.empty() ? row.name : "  " + row.key) + " " + row.shape.to_string();
    if (!row.data) {
      lines.push_back({title, row.waiting ? "waits for its shape" : "is not initialized", {}});
      continue;
    }
    lines.push_back({title, "", cells(*row.data)});
    if (row.grad)
      lines.push_back({row.layer.empty() ? "  grad" : "    grad", "", cells(*row.grad)});
  }
  return aligned(lines);
}

PARTON_DETAIL_INLINE StatisticsTable::Cells StatisticsTable::cells(const Statistics& s) {
  Cells result;
  for (const double x : {s.mean, s.deviation, s.min, s.max, s.norm})
    result.push_back(s.finite() > 0 ? detail::short_number(x) : "-");
  result.push_back(detail::fixed_number(100 * s.zero_share(), 1) + "%");
  result.push_back(std::to_string(s.nan));
  result.push_back(std::to_string(s.inf));
  return result;
}

PARTON_DETAIL_INLINE std::string StatisticsTable::aligned(const std::vector<Line>& lines) {
  std::size_t title_width = 0;
  std::array<std::size_t, 8> widths{};
  for (const Line& line : lines) {
    title_width = std::max(title_width, line.title.size());
    for (std::size_t i = 0; i < line.cells.size(); ++i)
      widths[i] = std::max(widths[i], line.cells[i].size());
  }
  std::string text;
  for (const Line& line : lines) {
    const bool bare = line.cells.empty() && line.remark.empty();
    text += bare ? line.title : detail::padded_right(line.title, title_width);
    if (!line.remark.empty()) text += "  " + line.remark;
    for (std::size_t i = 0; i < line.cells.size(); ++i)
      text += "  " + detail::padded_left(line.cells[i], widths[i]);
    text += '\n';
  }
  return text;
}

#endif

/// One parameter, under the name that it has in its tree.
template <class Scalar>
[[nodiscard]] ParameterStatistics statistics(const Parameter<Scalar>& parameter) {
  ParameterStatistics row;
  row.name = parameter.name();
  row.key = parameter.key();
  if (const std::size_t tail = row.key.size() + 1; row.name.size() > tail)
    row.layer = row.name.substr(0, row.name.size() - tail);
  row.shape = parameter.shape();
  row.state = parameter.state();
  row.waiting = parameter.is_deferred();
  if (parameter.is_initialized()) row.data = statistics(parameter.data());
  // Asking for a gradient that was never made would make one.
  if (parameter.has_grad() && parameter.grad_req() != GradReq::null)
    row.grad = statistics(parameter.grad());
  return row;
}

/// All parameters of a dictionary: mean, deviation, extremes, norm, share of zeros, NaN and Inf of
/// the data, and of the gradient where there is one.
template <class Scalar>
[[nodiscard]] StatisticsTable statistics(const ParameterDict<Scalar>& parameters) {
  StatisticsTable table;
  for (const auto& [name, parameter] : parameters) table.rows.push_back(statistics(parameter));
  return table;
}

/// All parameters of a net.
template <class Scalar>
[[nodiscard]] StatisticsTable statistics(const nn::Block<Scalar>& net) {
  return statistics(net.collect_params());
}

}  // namespace parton
