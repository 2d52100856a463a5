// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <parton/ops/axes.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/shape_ops.hpp>

/// \file Transpositions told by what moves; in storage of their own.

namespace parton {

/// x with two axes exchanged: `(2, 3, 4)` by 0 and -1 gives `(4, 3, 2)`.
/// \throws IndexError for an axis that is not there.
template <detail::Operand X>
[[nodiscard]] auto swapaxes(const X& x, Index a, Index b) {
  const auto& input = detail::as_tensor(x);
  const std::size_t from = detail::AxisSplit(a, input.shape()).at;
  const std::size_t to = detail::AxisSplit(b, input.shape()).at;
  detail::AxisOrder order{};
  for (std::size_t i = 0; i < input.rank(); ++i) order[i] = i;
  std::swap(order[from], order[to]);
  return detail::permute(input, order);
}

/// x with one axis taken out and put in at another place of the result, the others in their order:
/// `(2, 3, 4)` from 0 to -1 gives `(3, 4, 2)`. \throws IndexError for an axis that is not there.
template <detail::Operand X>
[[nodiscard]] auto moveaxis(const X& x, Index source, Index destination) {
  const auto& input = detail::as_tensor(x);
  const std::size_t from = detail::AxisSplit(source, input.shape()).at;
  const std::size_t to = detail::AxisSplit(destination, input.shape()).at;
  detail::AxisOrder order{};
  for (std::size_t i = 0, next = 0; i < input.rank(); ++i) {
    if (i == to) {
      order[i] = from;
      continue;
    }
    if (next == from) ++next;
    order[i] = next++;
  }
  return detail::permute(input, order);
}

}  // namespace parton
