// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include <parton/io/detail/onnx/layers.hpp>

/// \file Reductions and running sums.

namespace parton::io::detail::to_onnx {

namespace reduce {

/// One type of ONNX over the axes of the step.
inline std::string over(Emission& to, const char* type, const std::string& x, bool keepdims) {
  const Ints axes = to.list("axes");
  if (axes.empty()) {
    // Nothing to sum up, but the norm is |x|.
    return std::string_view(type) == "ReduceL2" ? to.node("Abs", {x}) : to.node("Identity", {x});
  }
  const Attribute keep{"keepdims", std::int64_t{keepdims}};
  if (std::string_view(type) == "ReduceSum") return to.node(type, {x, to.ints(axes)}, {keep});
  return to.node(type, {x}, {{"axes", axes}, keep});
}

template <const auto& Type>
void plain(Emission& to) {
  to.result(over(to, Type, to.in(0), to.flag("keepdims")));
}

inline constexpr char mean_type[] = "ReduceMean", norm_type[] = "ReduceL2",
                      max_type[] = "ReduceMax", min_type[] = "ReduceMin",
                      logsumexp_type[] = "ReduceLogSumExp";

/// Of integers and bools in int64.
inline void sum(Emission& to) {
  std::string x = to.in(0);
  if (to.dtype() != to.out_dtype()) x = to.cast(x, to.out_dtype());
  to.result(over(to, "ReduceSum", x, to.flag("keepdims")));
}

/// In two passes, as the op.
inline std::string variance_of(Emission& to) {
  const std::string mean = over(to, "ReduceMean", to.in(0), true);
  const std::string centered = to.node("Sub", {to.in(0), mean});
  const std::string squares = to.node("Mul", {centered, centered});
  const Index ddof = to.integer("ddof");
  if (ddof == 0) return over(to, "ReduceMean", squares, to.flag("keepdims"));
  const std::string sum = over(to, "ReduceSum", squares, to.flag("keepdims"));
  const std::string degrees = to.lengths("the number of elements", [&](const StepView& at) {
    Index count = 1;
    for (const Index axis : at.get<std::vector<Index>>("axes")) count *= at.shape(0)[axis];
    return Ints{std::max<Index>(count - ddof, 0)};
  });
  const std::string one = to.node("Squeeze", {degrees, to.ints({0})});
  return to.node("Div", {sum, to.cast(one, to.dtype())});
}
inline void variance(Emission& to) { to.result(variance_of(to)); }
inline void stddev(Emission& to) { to.result(to.node("Sqrt", {variance_of(to)})); }

template <const auto& Type>
void arg(Emission& to) {
  to.result(to.node(
      Type, {to.in(0)},
      {{"axis", static_cast<std::int64_t>(layers::axis_of(to))}, {"keepdims", std::int64_t{0}}}));
}
inline constexpr char argmax_type[] = "ArgMax", argmin_type[] = "ArgMin";

inline void cumsum(Emission& to) {
  std::string x = to.in(0);
  if (to.dtype() != to.out_dtype()) x = to.cast(x, to.out_dtype());
  to.result(to.node("CumSum", {x, to.ints({static_cast<std::int64_t>(layers::axis_of(to))})}));
}

}  // namespace reduce

inline constexpr auto reduce_rules = std::to_array<Rule>({
    {"sum", reduce::sum},
    {"mean", reduce::plain<reduce::mean_type>},
    {"norm", reduce::plain<reduce::norm_type>},
    {"max", reduce::plain<reduce::max_type>},
    {"min", reduce::plain<reduce::min_type>},
    {"logsumexp", reduce::plain<reduce::logsumexp_type>},
    {"variance", reduce::variance},
    {"stddev", reduce::stddev},
    {"argmax", reduce::arg<reduce::argmax_type>},
    {"argmin", reduce::arg<reduce::argmin_type>},
    {"cumsum", reduce::cumsum},
});

}  // namespace parton::io::detail::to_onnx
