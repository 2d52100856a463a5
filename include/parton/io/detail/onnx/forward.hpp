// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include <parton/autograd/mode.hpp>
#include <parton/io/detail/net_view.hpp>
#include <parton/io/detail/onnx/compare.hpp>
#include <parton/io/detail/onnx/recorder.hpp>
#include <parton/nn/block.hpp>

/// \file A forward of a net, recorded: of the example, of the same numbers elsewhere, of more rows.

namespace parton::io::detail::to_onnx {

/// Records a forward in prediction. \throws what the forward throws, and ExportError.
template <class Scalar>
Recording record_forward(const nn::Block<Scalar>& net, const Tensor<Scalar>& given) {
  using parton::detail::Access;
  const autograd::Pause pause;
  const Tensor<Scalar> x = given.copy();  // a record that nothing else has
  Recorder recorder(net.path());
  for (const NetEntry& entry : list_net(net.node()))
    if (const auto& one = static_cast<const Parameter<Scalar>&>(*entry.parameter);
        one.is_initialized())
      recorder.add_parameter(Access::counted(one.data()), entry.dtype(), entry.path);
  recorder.set_input(Access::counted(x), dtype_of<Scalar>());
  Tensor<Scalar> y;
  {
    const parton::detail::TraceScope scope(&recorder);
    y = net(x);
  }
  if (Access::record(y) == nullptr) y = Tensor<Scalar>::empty({0});
  return recorder.finish(Access::counted(y), dtype_of<Scalar>());
}

/// The recording that the file is made from: shapes that are still unknown are told first.
template <class Scalar>
Recording record_example(const nn::Block<Scalar>& net, const Tensor<Scalar>& x) {
  static_cast<void>(x.data());  // throws for a tensor without values
  for (const NetEntry& entry : list_net(net.node()))
    if (!static_cast<const Parameter<Scalar>&>(*entry.parameter).is_initialized()) {
      const autograd::Pause pause;
      static_cast<void>(net(x));
      break;
    }
  return record_forward(net, x);
}

/// The rows of x over and over.
template <class Scalar>
Tensor<Scalar> with_rows(const Tensor<Scalar>& x, Index rows) {
  Tensor<Scalar> result = Tensor<Scalar>::empty(x.shape().with(0, rows));
  const Index row = x.shape().product(1);
  for (Index i = 0; i < rows; ++i)
    std::copy_n(x.data() + i % x.shape()[0] * row, row, result.mutable_data() + i * row);
  return result;
}

/// Other inputs of the shape of x: its numbers at other places, so that indices stay indices; its
/// numbers changed by some parts of themselves and of 1, or half of them 0; 3 times its numbers, of
/// another norm; and its numbers changed by so little that a forward whose steps depend on them may
/// well run the same ones.
template <class Scalar>
std::vector<Tensor<Scalar>> other_inputs(const Tensor<Scalar>& x) {
  std::vector<Tensor<Scalar>> results;
  const auto add = [&](const auto& number_at) {
    Tensor<Scalar> other = Tensor<Scalar>::empty(x.shape());
    for (Index i = 0; i < x.size(); ++i)
      other.mutable_data()[i] = parton::detail::convert<Scalar>(number_at(i));
    if (x.size() > 0 && !(other == x)) results.push_back(std::move(other));
  };
  const auto at = [&](Index i) { return static_cast<double>(x.data()[i % x.size()]); };
  add([&](Index i) { return at(i + x.size() / 2 + 1); });
  add([&](Index i) {
    const double part = static_cast<double>(i * 7 % 16 + 1) / 64;
    return at(i) * (1 + part) + (i % 2 == 0 ? part : -part);
  });
  if (results.size() < 2) add([&](Index i) { return i % 2 == 0 ? at(i) : 0.0; });
  add([&](Index i) { return at(i) * 3; });
  add([&](Index i) { return at(i) * (1 + static_cast<double>(i * 7 % 16 + 1) / 65536); });
  return results;
}

/// What came of running a net for other inputs.
enum class Checked {
  no,       ///< it takes none of them
  in_part,  ///< for one of them it ran other ops
  in_whole
};

/// Runs the net for other inputs of the same shape, and compares.
/// \throws ExportError for what was computed where no op saw it.
template <class Scalar>
Checked check_other_inputs(const nn::Block<Scalar>& net, const Tensor<Scalar>& x,
                           const Recording& example) {
  Checked result = x.size() == 0 ? Checked::in_whole : Checked::no;
  for (const Tensor<Scalar>& other : other_inputs(x)) {
    Recording recording;
    try {
      recording = record_forward(net, other);
    } catch (const std::exception&) {  // an own forward may throw anything
      continue;
    }
    if (!check_values(example, recording))
      result = Checked::in_part;
    else if (result == Checked::no)
      result = Checked::in_whole;
  }
  return result;
}

}  // namespace parton::io::detail::to_onnx
