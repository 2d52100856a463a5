// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include <parton/io/detail/onnx/layers.hpp>

/// \file Elements by their index, and choices by a mask.

namespace parton::io::detail::to_onnx {

namespace lookup {

/// Indices may be of any scalar.
inline std::string indices(Emission& to, std::size_t i) {
  return to.dtype(i) == Dtype::int64 ? to.in(i) : to.cast(to.in(i), Dtype::int64);
}

inline void take(Emission& to) {
  to.result(to.node("Gather", {to.in(0), indices(to, 1)}, {{"axis", std::int64_t{0}}}));
}

inline void take_along_axis(Emission& to) {
  to.result(to.node("GatherElements", {to.in(0), indices(to, 1)},
                    {{"axis", static_cast<std::int64_t>(layers::axis_of(to))}}));
}

/// GatherElements with an axis of length 1.
inline void pick(Emission& to) {
  const auto axis = static_cast<std::int64_t>(layers::axis_of(to));
  std::string at = indices(to, 1);
  if (to.rank(1) < to.rank(0)) at = to.node("Unsqueeze", {at, to.ints({axis})});
  const std::string y = to.node("GatherElements", {to.in(0), at}, {{"axis", axis}});
  to.result(to.out_rank() < to.rank(0) ? to.node("Squeeze", {y, to.ints({axis})}) : y);
}

inline void one_hot(Emission& to) {
  const std::string values = to.constant(to.out_dtype(), Shape{2},
                                         numbers::bytes_of(to.number("off"), to.out_dtype(), 1) +
                                             numbers::bytes_of(to.number("on"), to.out_dtype(), 1));
  to.result(to.node("OneHot", {indices(to, 0), to.ints({to.integer("depth")}), values},
                    {{"axis", static_cast<std::int64_t>(to.integer("axis"))}}));
}

inline void where(Emission& to) { to.result(to.node("Where", {to.in(0), to.in(1), to.in(2)})); }

}  // namespace lookup

inline constexpr auto lookup_rules = std::to_array<Rule>({
    {"take", lookup::take},
    {"take_along_axis", lookup::take_along_axis},
    {"pick", lookup::pick},
    {"one_hot", lookup::one_hot},
    {"where", lookup::where},
});

}  // namespace parton::io::detail::to_onnx
