// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string>

#include <parton/io/detail/onnx/emission.hpp>

/// \file Two tensors, or a tensor and a number, element by element; comparisons, choices, casts.

namespace parton::io::detail::to_onnx {

/// A binary op, with what it is of bools where that has a type of its own.
struct PlainBinary {
  std::string_view op;
  const char* type;
  const char* of_bools;
};

inline constexpr auto plain_binary = std::to_array<PlainBinary>({
    {"+", "Add", "Or"},
    {"-", "Sub", nullptr},
    {"*", "Mul", "And"},
    {"/", "Div", nullptr},
    {"power", "Pow", nullptr},
    {"maximum", "Max", "Or"},
    {"minimum", "Min", "And"},
    {"equal", "Equal", "Equal"},
    {"less", "Less", nullptr},
    {"less_equal", "LessOrEqual", nullptr},
    {"greater", "Greater", nullptr},
    {"greater_equal", "GreaterOrEqual", nullptr},
});

namespace binary {

/// The two sides; one may be a number.
inline std::array<std::string, 2> sides(Emission& to) {
  if (to.input_count() == 2) return {to.in(0), to.in(1)};
  const std::string number = to.number(to.number("number"), to.dtype());
  if (to.flag("swapped")) return {number, to.in(0)};
  return {to.in(0), number};
}

inline void plain(Emission& to, const PlainBinary& rule) {
  const auto [a, b] = sides(to);
  const char* type = rule.type;
  if (to.dtype() == Dtype::boolean) {
    if (rule.of_bools == nullptr)
      throw errors::onnx_not_expressible(to.op(), to.step().path,
                                         "ONNX has it of numbers alone: cast the bools first");
    type = rule.of_bools;
  }
  to.result(to.node(type, {a, b}));
}

inline void not_equal(Emission& to) {
  const auto [a, b] = sides(to);
  to.result(to.node("Not", {to.node("Equal", {a, b})}));
}

/// y = b, in the shape of y.
inline void assign(Emission& to) {
  to.result(to.node("Expand", {to.in(1), to.lengths("the shape", [](const StepView& at) {
                                 return at.out_shape();
                               })}));
}
inline void fill(Emission& to) {
  to.result(to.node("Expand",
                    {to.number(to.number("number"), to.out_dtype()),
                     to.lengths("the shape", [](const StepView& at) { return at.out_shape(); })}));
}

inline void cast(Emission& to) { to.result(to.cast(to.in(0), to.out_dtype())); }

}  // namespace binary

inline constexpr auto binary_rules = std::to_array<Rule>({
    {"not_equal", binary::not_equal},
    {"assign", binary::assign},
    {"fill", binary::fill},
    {"cast", binary::cast},
});

}  // namespace parton::io::detail::to_onnx
