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

/// Lowest and highest number of a dtype of at most 32 bits that a float is cut off to.
struct Range {
  Dtype dtype;
  double low, high;
};
inline constexpr auto ranges = std::to_array<Range>({
    {Dtype::int8, -128, 127},
    {Dtype::uint8, 0, 255},
    {Dtype::int16, -32768, 32767},
    {Dtype::uint16, 0, 65535},
    {Dtype::int32, -2147483648., 2147483647},
    {Dtype::uint32, 0, 4294967295.},
});

/// A float beyond the range of an integer becomes its end, which ONNX leaves open: cut off in a
/// float that has both ends. Not so for 64 bits, of which none has them, nor for NaN.
inline void cast(Emission& to) {
  const Dtype from = to.dtype(), target = to.out_dtype();
  std::string x = to.in(0);
  const bool floating = from == Dtype::float32 || from == Dtype::float64 ||
                        from == Dtype::float16 || from == Dtype::bfloat16;
  for (const Range& range : ranges) {
    if (!floating || range.dtype != target) continue;
    const bool wide = from == Dtype::float64 || size_of(target) == 4;
    const Dtype between = wide ? Dtype::float64 : Dtype::float32;
    if (from != between) x = to.cast(x, between);
    x = to.node("Clip", {x, to.number(range.low, between), to.number(range.high, between)});
  }
  to.result(to.cast(x, target));
}

}  // namespace binary

inline constexpr auto binary_rules = std::to_array<Rule>({
    {"not_equal", binary::not_equal},
    {"assign", binary::assign},
    {"fill", binary::fill},
    {"cast", binary::cast},
});

}  // namespace parton::io::detail::to_onnx
