// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <Eigen/Core>

#include <parton/autograd/record.hpp>

/// \file Rows, slices, reshapes, copies and casts of a tensor, and writes in place, on the tape and
/// in a trace.

namespace parton::detail {

/// `result` holds the elements of `source` from `first` on: what it gets goes back there.
template <class Scalar>
void record_part(Tensor<Scalar>& result, const Tensor<Scalar>& source, Index first) {
  const bool shares = result.shares_storage_with(source);
  record(
      "view", result, inputs(source), saved(),
      [first, shape = source.shape()](Gradients<Scalar>& gradients) {
        const Tensor<Scalar>& g = gradients.result();
        if (g.size() == shape.size()) {
          gradients.add(0, Access::tensor<Scalar>(TensorRecord::make(
                               shape, Access::record(g)->buffer, Access::record(g)->data)));
          return;
        }
        gradients.write(0, shape, [&](Scalar* to, bool add) {
          using Array = Eigen::Array<Scalar, Eigen::Dynamic, 1>;
          Eigen::Map<Array> part(to + first, g.size());
          const Eigen::Map<const Array> from(g.data(), g.size());
          if (!add) {
            std::fill_n(to, first, Scalar(0));
            std::fill(to + first + g.size(), to + shape.size(), Scalar(0));
            part = from;
          } else {
            part += from;
          }
        });
      },
      shares && Access::record(source)->node->writable);
}

/// What a view is of its source: "identity", "reshape", or the "row" or "slice" of axis 0 at
/// `first`.
[[gnu::cold, gnu::noinline]] inline void trace_view(std::string_view kind, TraceOperand result,
                                                    TraceOperand source, Index first) {
  if (kind == "identity") return trace("identity", {source}, {result});
  const Shape &to = result.record->shape, &from = source.record->shape;
  if (kind == "reshape") return trace("reshape", {source}, {result}, {{"shape", to.dims()}});
  const Index size = from.product(1), at = size == 0 ? 0 : first / size;
  if (kind == "row") return trace("row", {source}, {result}, {{"index", at}});
  std::array<Index, Shape::max_rank> starts{}, stops{}, steps{};
  steps.fill(1);
  std::copy(to.begin(), to.end(), stops.begin());
  starts[0] = at;
  stops[0] += at;
  const auto list = [&](const auto& all) { return std::span(all.data(), to.rank()); };
  trace("slice", {source}, {result},
        {{"starts", list(starts)}, {"stops", list(stops)}, {"steps", list(steps)}});
}

template <class Scalar>
void record_view(std::string_view kind, Tensor<Scalar>& result, const Tensor<Scalar>& source,
                 Index first) {
  if constexpr (FloatingScalar<Scalar>) {
    if (must_record(source)) record_part(result, source, first);
  }
  if (tracer != nullptr) trace_view(kind, result, source, first);
}

/// `result` holds the elements of `source` in another scalar.
template <class To, class Scalar>
void record_cast(Tensor<To>& result, const Tensor<Scalar>& source) {
  if constexpr (FloatingScalar<Scalar> && FloatingScalar<To>) {
    if (must_record(source))
      record("cast", result, inputs(source), saved(), [](Gradients<To>& gradients) {
        gradients.add(0, gradients.result().template cast<Scalar>());
      });
  }
  if (tracer != nullptr) trace("cast", {source}, {result});
}

/// `result` was detached from `source`; somebody listens.
template <class Scalar>
void trace_detached(const Tensor<Scalar>& result, const Tensor<Scalar>& source) {
  if (source.has_values()) trace("identity", {source}, {result});
}

/// `to` is about to be written to; somebody listens.
template <class Scalar>
void trace_writing(const Tensor<Scalar>& to) {
  trace_writing(TraceOperand(to));
}

/// `to` was written to, from an array or a number; somebody listens.
template <class Scalar>
void trace_in_place(const char* op, const Tensor<Scalar>& to, const Tensor<Scalar>& from) {
  trace(op, {to, from}, {to});
}
template <class Scalar, class T>
void trace_in_place(const char* op, const Tensor<Scalar>& to, T number) {
  const auto value = static_cast<double>(number);
  if (std::string_view(op) == "fill") return trace(op, {to}, {to}, {{"number", value}});
  trace(op, {to}, {to}, {{"number", value}, {"swapped", false}});
}

}  // namespace parton::detail
