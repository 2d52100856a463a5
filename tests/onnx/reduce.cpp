// SPDX-License-Identifier: MIT
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/cumsum.hpp>
#include <parton/ops/logsumexp.hpp>
#include <parton/ops/one_hot.hpp>
#include <parton/ops/reduce.hpp>
#include <parton/ops/shape_ops.hpp>
#include <parton/ops/slice.hpp>
#include <parton/ops/softmax.hpp>
#include <parton/ops/unary.hpp>

#include "call.hpp"

namespace onnx_tests {

namespace {

/// f(x, axes, keepdims); no axes are all of them.
template <class Function>
Results reduced(const Call& c, const Function& f) {
  const std::vector<Index> axes = c.list_or(1, "axes");
  if (axes.empty() && c.integer("noop_with_empty_axes", 0) != 0) return {c.in(0)};
  const bool keepdims = c.integer("keepdims", 1) != 0;
  return {over<float, double>(c, 0, [&](const auto& x) -> Value {
    return f(x, axes.empty() ? parton::Axes::all() : parton::Axes(axes), keepdims);
  })};
}

/// Before operator set 13 all axes from `axis` on, 1 if it is not given, are one.
template <class Function>
Results along(const Call& c, const Function& f) {
  const Tensor<>& x = c.in(0);
  if (c.opset >= 13) return {f(x, c.integer("axis", -1))};
  Index axis = c.integer("axis", 1);
  if (axis < 0) axis += static_cast<Index>(x.rank());
  const Tensor<> flat = x.reshape({x.shape().product(0, static_cast<std::size_t>(axis)), -1});
  return {f(flat, 1).reshape(x.shape())};
}

/// The position of the largest element of x; of the last one if `select_last_index`.
Results argmax(const Call& c, const Tensor<>& x) {
  const Index axis = c.integer("axis", 0);
  Tensor<std::int64_t> result = parton::argmax(x, axis);
  if (c.integer("select_last_index", 0) != 0)
    result = x.shape()[axis] - 1 - parton::argmax(parton::slice_axis(x, axis, {.step = -1}), axis);
  if (c.integer("keepdims", 1) == 0) return {result};
  return {parton::reshape(result, x.shape().with(axis, 1))};
}

/// `reverse` is the sum of the elements from the end; `exclusive` lacks the element itself.
Results cumsum(const Call& c) {
  const Index axis = c.list(1).at(0);
  return {over<float, double>(c, 0, [&](const auto& x) -> Value {
    const bool reverse = c.integer("reverse", 0) != 0;
    const auto turned = reverse ? parton::slice_axis(x, axis, {.step = -1}) : x;
    auto sums = parton::cumsum(turned, axis);
    if (c.integer("exclusive", 0) != 0) sums = sums - turned;
    return reverse ? parton::slice_axis(sums, axis, {.step = -1}) : sums;
  })};
}

/// 1 at the first largest element along the axis; before operator set 13 all from `axis` on are
/// one.
Results hardmax(const Call& c) {
  return along(c, [](const Tensor<>& x, Index axis) {
    return parton::one_hot(parton::argmax(x, axis), x.shape()[axis], {.axis = axis});
  });
}

}  // namespace

void add_reduce(Table& table) {
  table["ReduceSum"] = [](const Call& c) {
    return reduced(c, [](const auto&... all) { return parton::sum(all...); });
  };
  table["ReduceMean"] = [](const Call& c) {
    return reduced(c, [](const auto&... all) { return parton::mean(all...); });
  };
  table["ReduceMax"] = [](const Call& c) {
    return reduced(c, [](const auto&... all) { return parton::max(all...); });
  };
  table["ReduceMin"] = [](const Call& c) {
    return reduced(c, [](const auto&... all) { return parton::min(all...); });
  };
  table["ReduceL1"] = [](const Call& c) {
    return reduced(
        c, [](const auto& x, const auto&... rest) { return parton::sum(parton::abs(x), rest...); });
  };
  table["ReduceL2"] = [](const Call& c) {
    return reduced(c, [](const auto&... all) { return parton::norm(all...); });
  };
  table["ReduceSumSquare"] = [](const Call& c) {
    return reduced(c, [](const auto& x, const auto&... rest) {
      return parton::sum(parton::square(x), rest...);
    });
  };
  table["ReduceLogSum"] = [](const Call& c) {
    return reduced(c, [](const auto&... all) { return parton::log(parton::sum(all...)); });
  };
  table["ReduceLogSumExp"] = [](const Call& c) {
    return reduced(c, [](const auto&... all) { return parton::logsumexp(all...); });
  };
  table["CumSum"] = cumsum;
  table["ArgMax"] = [](const Call& c) { return argmax(c, c.in(0)); };
  table["ArgMin"] = [](const Call& c) { return argmax(c, -c.in(0)); };
  table["Hardmax"] = hardmax;
  table["Softmax"] = [](const Call& c) {
    return along(c, [](const auto& x, Index axis) { return parton::softmax(x, axis); });
  };
  table["LogSoftmax"] = [](const Call& c) {
    return along(c, [](const auto& x, Index axis) { return parton::log_softmax(x, axis); });
  };
}

}  // namespace onnx_tests
