// SPDX-License-Identifier: MIT
// What moves, cuts, joins and picks elements, and what tells shapes and makes constants.
#include <algorithm>

#include <parton/ops/broadcast_to.hpp>
#include <parton/ops/join.hpp>
#include <parton/ops/move_axis.hpp>
#include <parton/ops/one_hot.hpp>
#include <parton/ops/pad.hpp>
#include <parton/ops/shape_ops.hpp>
#include <parton/ops/slice.hpp>
#include <parton/ops/split.hpp>
#include <parton/ops/squeeze.hpp>
#include <parton/ops/take.hpp>
#include <parton/ops/take_along_axis.hpp>
#include <parton/ops/tile.hpp>
#include <parton/tensor/creation.hpp>

#include "call.hpp"

namespace onnx_tests {

namespace {

/// f of input 0 as a tensor of one of the scalars that these adapters move.
template <class Function>
Value moved(const Call& c, const Function& f) {
  return over<float, bool, std::int32_t, std::int64_t>(
      c, 0, [&](const auto& x) -> Value { return f(x); });
}

Index axis_of(const Call& c, Index otherwise, std::size_t rank) {
  const Index axis = c.integer("axis", otherwise);
  return axis < 0 ? axis + static_cast<Index>(rank) : axis;
}

Results reshape(const Call& c) {
  std::vector<Index> wanted = c.list_or(1, "shape");
  return {moved(c, [&](const auto& x) {
    if (c.integer("allowzero", 0) == 0)
      for (std::size_t i = 0; i < wanted.size(); ++i)
        if (wanted[i] == 0) wanted[i] = x.shape().dims()[i];
    return parton::reshape(x, Shape(wanted));
  })};
}

Results flatten(const Call& c) {
  const Index axis = axis_of(c, 1, c.in(0).rank());
  const Shape& shape = c.in(0).shape();
  const auto at = static_cast<std::size_t>(axis);
  return {parton::reshape(c.in(0), {shape.product(0, at), shape.product(at)})};
}

Results concat(const Call& c) {
  return {moved(c, [&]<class Scalar>(const Tensor<Scalar>&) {
    std::vector<Tensor<Scalar>> parts;
    for (std::size_t i = 0; i < c.inputs.size(); ++i) parts.push_back(c.in<Scalar>(i));
    return parton::concat(parts, c.integer("axis", 1));
  })};
}

Results split(const Call& c) {
  const std::vector<Index> sizes = c.list_or(1, "split");
  const Index axis = c.integer("axis", 0), n = static_cast<Index>(c.node.outputs.size());
  Results results;
  for (const Tensor<>& part :
       sizes.empty() ? parton::split(c.in(0), n, axis) : parton::split_sizes(c.in(0), sizes, axis))
    results.emplace_back(part);
  return results;
}

/// ONNX writes "from or to beyond the end" as a large number, and for a negative step as a large
/// negative one, which parton takes as it is.
Results slice(const Call& c) {
  const std::vector<Index> starts = c.list_or(1, "starts"), ends = c.list_or(2, "ends"),
                           steps = c.has(4) ? c.list(4) : std::vector<Index>();
  std::vector<Index> axes = c.list_or(3, "axes");
  for (std::size_t i = axes.size(); i < starts.size(); ++i) axes.push_back(static_cast<Index>(i));
  return {moved(c, [&](const auto& x) {
    std::vector<parton::Slice> slices(x.rank());
    for (std::size_t i = 0; i < starts.size(); ++i) {
      const Index axis = axes[i] < 0 ? axes[i] + static_cast<Index>(x.rank()) : axes[i];
      slices.at(static_cast<std::size_t>(axis)) = {starts[i], ends[i],
                                                   steps.empty() ? 1 : steps[i]};
    }
    return parton::slice(x, slices);
  })};
}

Results pad(const Call& c) {
  const std::string mode = c.text("mode", "constant");
  std::vector<Index> pads = c.list_or(1, "pads");
  if (pads.empty()) pads = c.integers("paddings");
  const double value =
      mode == "constant" && c.has(2) ? static_cast<double>(c.in(2).item()) : c.number("value", 0);
  const std::size_t rank = pads.size() / 2;
  std::vector<parton::PadWidth> widths(rank);
  for (std::size_t i = 0; i < rank; ++i) widths[i] = {pads[i], pads[rank + i]};
  const auto by_name = mode == "edge"      ? parton::PadMode::edge
                       : mode == "reflect" ? parton::PadMode::reflect
                                           : parton::PadMode::constant;
  return {moved(
      c, [&](const auto& x) { return parton::pad(x, widths, {.mode = by_name, .value = value}); })};
}

Results transpose(const Call& c) {
  const std::vector<Index> perm = c.integers("perm");
  return {moved(c, [&](const auto& x) {
    return perm.empty() ? parton::transpose(x) : parton::transpose(x, perm);
  })};
}

/// Axis 0 is parton's take. Another one is moved to the front, and the axes of the indices, which
/// come first then, are moved back to its place.
Results gather(const Call& c) {
  const Tensor<Index> at = c.positions(1);
  for (const Index one : at.span()) need(one >= 0, "negative indices");
  return {moved(c, [&](const auto& x) {
    const Index axis = axis_of(c, 0, x.rank()), added = static_cast<Index>(at.rank());
    const auto taken = parton::take(parton::moveaxis(x, axis, 0), at);
    std::vector<Index> order;
    for (Index i = 0; i < static_cast<Index>(taken.rank()); ++i)
      order.push_back(i < axis ? added + i : i < axis + added ? i - axis : i);
    return parton::transpose(taken, order);
  })};
}

Results gather_elements(const Call& c) {
  const Index axis = c.integer("axis", 0);
  const Tensor<Index> at = c.positions(1);
  return {moved(c, [&](const auto& x) {
    need(at.rank() == x.rank() && at.shape().with(axis, 0) == x.shape().with(axis, 0),
         "axes shorter than the input's");
    return parton::take_along_axis(x, at, axis);
  })};
}

Results one_hot(const Call& c) {
  return {over<float, std::int32_t, std::int64_t>(c, 0, [&](const auto& indices) -> Value {
    for (const auto index : indices.span()) need(index >= 0, "negative indices");
    const Index depth = std::visit(
        [](const auto& x) -> Index {
          if constexpr (requires { x.item(); })
            return parton::detail::convert<Index>(x.item());
          else
            return 0;
        },
        c.inputs[1]);
    return over<float, std::int32_t>(
        c, 2, [&]<class Scalar>(const Tensor<Scalar>& values) -> Value {
          return parton::one_hot<Scalar>(indices, depth,
                                         {.axis = c.integer("axis", -1),
                                          .on_value = static_cast<double>(values(1)),
                                          .off_value = static_cast<double>(values(0))});
        });
  })};
}

Results squeeze(const Call& c) {
  const std::vector<Index> axes = c.list_or(1, "axes");
  return {moved(c, [&](const auto& x) {
    return axes.empty() ? parton::squeeze(x) : parton::squeeze(x, axes);
  })};
}

/// The axes are those of the result, in any order: put in from the first to the last.
Results unsqueeze(const Call& c) {
  std::vector<Index> axes = c.list_or(1, "axes");
  return {moved(c, [&](const auto& x) {
    const auto rank = static_cast<Index>(x.rank() + axes.size());
    for (Index& axis : axes) axis = axis < 0 ? axis + rank : axis;
    std::sort(axes.begin(), axes.end());
    auto result = x;
    for (const Index axis : axes) result = parton::expand_dims(result, axis);
    return result;
  })};
}

/// Expand broadcasts both ways, broadcast_to one way: the target takes the longer of each axis.
Results expand(const Call& c) {
  std::vector<Index> wanted = c.list(1);
  return {moved(c, [&](const auto& x) {
    while (wanted.size() < x.rank()) wanted.insert(wanted.begin(), 1);
    const std::size_t front = wanted.size() - x.rank();
    for (std::size_t i = front; i < wanted.size(); ++i)
      if (wanted[i] == 1) wanted[i] = x.shape().dims()[i - front];
    return parton::broadcast_to(x, Shape(wanted));
  })};
}

Results constant(const Call& c) {
  need(c.given("value"), "a value other than a tensor");
  return {c.node.attributes.at("value").tensor};
}

Results constant_of_shape(const Call& c) {
  const Shape shape(c.list(0));
  if (!c.given("value")) return {Tensor<>::zeros(shape)};
  const Call value{c.node, {c.node.attributes.at("value").tensor}, c.opset};
  return {over<float, std::int32_t, std::int64_t>(value, 0, [&](const auto& x) -> Value {
    return parton::broadcast_to(x.reshape({}), shape);
  })};
}

Results shape(const Call& c) {
  return {std::visit(
      [&](const auto& x) -> Value {
        if constexpr (requires { x.shape(); }) {
          const auto rank = static_cast<Index>(x.rank());
          const auto bound = [&](Index at) {
            return std::clamp(at < 0 ? at + rank : at, Index{0}, rank);
          };
          const Index start = bound(c.integer("start", 0)), end = bound(c.integer("end", rank));
          auto result = Tensor<std::int64_t>::empty({std::max(end - start, Index{0})});
          for (Index i = start; i < end; ++i) result(i - start) = x.shape()[i];
          return result;
        } else {
          return Value();
        }
      },
      c.inputs[0])};
}

Results size(const Call& c) {
  const Results dims = shape(c);
  std::int64_t n = 1;
  for (const auto dim : std::get<Tensor<std::int64_t>>(dims[0]).span()) n *= dim;
  return {Tensor<std::int64_t>::full({}, n)};
}

template <class To>
Value cast_to(const Call& c) {
  return over<float, double, Eigen::half, Eigen::bfloat16, std::int64_t, std::int32_t, bool>(
      c, 0, [](const auto& x) -> Value { return x.template cast<To>(); });
}

/// By the number of ONNX's TensorProto.DataType.
Value cast(const Call& c, Index to) {
  switch (to) {
    case 1:
      return cast_to<float>(c);
    case 6:
      return cast_to<std::int32_t>(c);
    case 7:
      return cast_to<std::int64_t>(c);
    case 9:
      return cast_to<bool>(c);
    case 10:
      return cast_to<Eigen::half>(c);
    case 11:
      return cast_to<double>(c);
    case 16:
      return cast_to<Eigen::bfloat16>(c);
    default:
      throw LeftOut("another type to cast to");
  }
}

Results cast_like(const Call& c) {
  const std::map<std::string, Index> types = {
      {"float32", 1}, {"float16", 10}, {"float64", 11}, {"bfloat16", 16}};
  const std::string to = dtype_of(c.inputs.at(1));
  need(types.count(to) > 0, "another type to cast to");
  return {cast(c, types.at(to))};
}

}  // namespace

void add_arrange(Table& table) {
  table["Identity"] = [](const Call& c) { return Results{c.inputs.at(0)}; };
  table["Reshape"] = reshape;
  table["Flatten"] = flatten;
  table["Concat"] = concat;
  table["Split"] = split;
  table["Slice"] = slice;
  table["Pad"] = pad;
  table["Transpose"] = transpose;
  table["Gather"] = gather;
  table["GatherElements"] = gather_elements;
  table["OneHot"] = one_hot;
  table["Squeeze"] = squeeze;
  table["Unsqueeze"] = unsqueeze;
  table["Expand"] = expand;
  table["Tile"] = [](const Call& c) {
    return Results{moved(c, [&](const auto& x) { return parton::tile(x, c.list(1)); })};
  };
  table["Constant"] = constant;
  table["ConstantOfShape"] = constant_of_shape;
  table["Shape"] = shape;
  table["Size"] = size;
  table["Cast"] = [](const Call& c) { return Results{cast(c, c.integer("to", 0))}; };
  table["CastLike"] = cast_like;
}

}  // namespace onnx_tests
