// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include <parton/io/detail/onnx/layers.hpp>

/// \file The same elements in another shape, order or number; products of matrices.

namespace parton::io::detail::to_onnx {

namespace arrange {

inline void reshape(Emission& to) { to.result(to.reshape_to_result(to.in(0))); }

inline void identity(Emission& to) { to.result(to.in(0)); }

inline void flatten(Emission& to) {
  to.result(to.node("Flatten", {to.in(0)}, {{"axis", std::int64_t{1}}}));
}
inline void expand_dims(Emission& to) {
  to.result(to.node("Unsqueeze", {to.in(0), to.ints({to.integer("axis")})}));
}
inline void squeeze(Emission& to) {
  const Ints axes = to.list("axes");
  to.result(axes.empty() ? to.in(0) : to.node("Squeeze", {to.in(0), to.ints(axes)}));
}

inline void transpose(Emission& to) { to.result(to.transpose(to.in(0), to.list("axes"))); }

inline Ints all_axes(std::size_t rank) {
  Ints axes(rank);
  for (std::size_t i = 0; i < rank; ++i) axes[i] = static_cast<std::int64_t>(i);
  return axes;
}

inline void slice(Emission& to) {
  const auto list = [&](const char* key) {
    return to.lengths(key, [&](const StepView& at) { return at.get<std::vector<Index>>(key); });
  };
  to.result(to.node("Slice", {to.in(0), list("starts"), list("stops"),
                              to.ints(all_axes(to.rank(0))), to.ints(to.list("steps"))}));
}

inline void row(Emission& to) {
  const std::string index =
      to.lengths("the row", [](const StepView& at) { return Ints{at.get<Index>("index")}; });
  const std::string one = to.node("Gather", {to.in(0), index}, {{"axis", std::int64_t{0}}});
  to.result(to.node("Squeeze", {one, to.ints({0})}));
}

inline void concat(Emission& to) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < to.input_count(); ++i) parts.push_back(to.in(i));
  to.result(to.node("Concat", parts, {{"axis", static_cast<std::int64_t>(layers::axis_of(to))}}));
}
inline void stack(Emission& to) {
  const Index axis = to.integer("axis");
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < to.input_count(); ++i)
    parts.push_back(to.node("Unsqueeze", {to.in(i), to.ints({axis})}));
  to.result(to.node("Concat", parts, {{"axis", static_cast<std::int64_t>(axis)}}));
}

/// The parts one by one: those that nothing uses are left out.
inline void split(Emission& to) {
  const auto axis = layers::axis_of(to);
  for (std::size_t i = 0; i < to.step().outputs.size(); ++i) {
    const auto start_of = [&](const StepView& at, std::size_t count) {
      Index start = 0;
      for (std::size_t k = 0; k < count; ++k) start += at.out_shape(k).dims()[axis];
      return Ints{start};
    };
    const std::string start =
        to.lengths("the start", [&](const StepView& at) { return start_of(at, i); });
    const std::string end =
        to.lengths("the end", [&](const StepView& at) { return start_of(at, i + 1); });
    to.result(to.node("Slice", {to.in(0), start, end, to.ints({static_cast<std::int64_t>(axis)})}),
              i);
  }
}

inline void broadcast_to(Emission& to) {
  to.result(to.node("Expand", {to.in(0), to.lengths("the shape", [](const StepView& at) {
                                 return at.out_shape();
                               })}));
}

inline void tile(Emission& to) {
  const std::size_t missing = to.out_rank() - to.rank(0);
  std::string x = to.in(0);
  if (missing > 0) x = to.node("Unsqueeze", {x, to.ints(all_axes(missing))});
  Ints times(to.out_rank(), 1);
  const Ints given = to.list("repeats");
  std::copy(given.rbegin(), given.rend(), times.rbegin());
  to.result(to.node("Tile", {x, to.ints(times)}));
}

/// Each element beside itself: along an axis of its own behind its axis.
inline void repeat(Emission& to) {
  const std::size_t axis = layers::axis_of(to);
  Ints times(to.rank(0) + 1, 1);
  times[axis + 1] = to.integer("repeats");
  const std::string wide =
      to.node("Unsqueeze", {to.in(0), to.ints({static_cast<std::int64_t>(axis) + 1})});
  to.result(to.reshape_to_result(to.node("Tile", {wide, to.ints(times)})));
}

inline void pad(Emission& to) {
  const Ints pads = to.list("pads");
  const std::string mode = to.text("mode");
  const std::size_t rank = to.rank(0);
  for (std::size_t i = 0; mode == "reflect" && i < rank; ++i)
    if (const std::int64_t longest = std::max(pads[i], pads[rank + i]);
        longest > 0 && longest >= to.dim(0, i))
      throw errors::onnx_not_expressible(
          to.op(), to.step().path,
          "its mirror is repeated, since the padding is as long as the axis: pad in several steps");
  std::vector<std::string> inputs = {to.in(0), to.ints(pads)};
  if (mode == "constant") inputs.push_back(to.number(to.number("value"), to.dtype()));
  to.result(to.node("Pad", inputs, {{"mode", mode}}));
}

inline void dot(Emission& to) { to.result(to.node("MatMul", {to.in(0), to.in(1)})); }

inline void matmul(Emission& to) {
  const auto side = [&](std::size_t i, const char* key) {
    const std::size_t rank = to.rank(i);
    if (rank < 2 || !to.flag(key)) return to.in(i);
    return to.transpose(to.in(i), layers::swapped(rank, rank - 2, rank - 1));
  };
  to.result(to.node("MatMul", {side(0, "transpose_a"), side(1, "transpose_b")}));
}

}  // namespace arrange

inline constexpr auto arrange_rules = std::to_array<Rule>({
    {"reshape", arrange::reshape},
    {"identity", arrange::identity},
    {"flatten", arrange::flatten},
    {"expand_dims", arrange::expand_dims},
    {"squeeze", arrange::squeeze},
    {"transpose", arrange::transpose},
    {"slice", arrange::slice},
    {"row", arrange::row},
    {"concat", arrange::concat},
    {"stack", arrange::stack},
    {"split", arrange::split},
    {"broadcast_to", arrange::broadcast_to},
    {"tile", arrange::tile},
    {"repeat", arrange::repeat},
    {"pad", arrange::pad},
    {"dot", arrange::dot},
    {"matmul", arrange::matmul},
});

}  // namespace parton::io::detail::to_onnx
