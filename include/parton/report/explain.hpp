// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <parton/detail/compiled.hpp>
#include <parton/nn/block.hpp>

namespace parton {

/// Where one parameter's values came from.
struct ExplanationRow {
  std::string name;
  Shape shape;
  std::string rule;   ///< the initializer's text form; empty for values that were given
  FillSource source;  ///< why it was this one
  bool waiting;       ///< decided, but not done before the shape is known
};

/// What explain() found, in the order of collect_params(); it prints as a table.
struct Explanation {
  std::vector<ExplanationRow> rows;

  [[nodiscard]] std::string text() const;
  friend std::ostream& operator<<(std::ostream& os, const Explanation& explanation) {
    return os << explanation.text();
  }
};

#if PARTON_DETAIL_BODIES
PARTON_DETAIL_INLINE std::string Explanation::text() const {
  std::size_t name_width = 0, rule_width = 0;
  const auto title = [](const ExplanationRow& row) {
    return row.name + " " + row.shape.to_string();
  };
  for (const ExplanationRow& row : rows) {
    name_width = std::max(name_width, title(row).size());
    rule_width = std::max(rule_width, row.rule.size());
  }
  std::string result;
  for (const ExplanationRow& row : rows) {
    const auto pad = [](std::string cell, std::size_t width) {
      return cell.append(width - cell.size() + 2, ' ');
    };
    result += pad(title(row), name_width) + pad(row.rule, rule_width);
    result.append(row.waiting ? "waits for its shape; " : "").append(to_string(row.source)) += '\n';
  }
  return result;
}
#endif

/// Tells for every parameter below `net` which rule filled it and why: so that a bias that stays 0
/// under `net.initialize(init::Constant(1))` is no mystery.
template <class Scalar>
[[nodiscard]] Explanation explain(const nn::Block<Scalar>& net) {
  Explanation result;
  for (const auto& [name, parameter] : net.collect_params()) {
    const bool waiting = parameter.is_deferred();
    result.rows.push_back({name, parameter.shape(), parameter.rule_text(),
                           waiting ? parameter.pending_source() : parameter.filled_by(), waiting});
  }
  return result;
}

}  // namespace parton
