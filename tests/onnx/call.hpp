// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <parton/tensor/tensor.hpp>

#include "graph.hpp"

namespace onnx_tests {

/// One node with its inputs: what an adapter turns into a call of parton.
struct Call {
  const Node& node;
  std::vector<Value> inputs;
  std::int64_t opset = 0;

  [[nodiscard]] bool has(std::size_t i) const {
    return i < inputs.size() && !std::holds_alternative<std::monostate>(inputs[i]);
  }
  /// \throws LeftOut if there is no input i of this scalar.
  template <class Scalar = float>
  [[nodiscard]] const Tensor<Scalar>& in(std::size_t i) const {
    if (!has(i)) throw LeftOut("an input is left out");
    if (!std::holds_alternative<Tensor<Scalar>>(inputs[i]))
      throw LeftOut("dtype " + dtype_of(inputs[i]));
    return std::get<Tensor<Scalar>>(inputs[i]);
  }
  /// Input i, int32 or int64, as a list.
  [[nodiscard]] std::vector<Index> list(std::size_t i) const {
    std::vector<Index> result;
    if (std::holds_alternative<Tensor<std::int32_t>>(inputs.at(i)))
      for (const auto value : in<std::int32_t>(i).span()) result.push_back(value);
    else
      for (const auto value : in<std::int64_t>(i).span()) result.push_back(value);
    return result;
  }
  /// Input i, int32 or int64, in its shape.
  [[nodiscard]] Tensor<Index> positions(std::size_t i) const {
    const bool small = std::holds_alternative<Tensor<std::int32_t>>(inputs.at(i));
    const Shape shape = small ? in<std::int32_t>(i).shape() : in<std::int64_t>(i).shape();
    return Tensor<Index>(list(i)).reshape(shape);
  }
  [[nodiscard]] bool given(const std::string& name) const {
    return node.attributes.count(name) > 0;
  }
  [[nodiscard]] double number(const std::string& name, double otherwise) const {
    return given(name) ? node.attributes.at(name).number : otherwise;
  }
  [[nodiscard]] Index integer(const std::string& name, Index otherwise) const {
    return given(name) ? node.attributes.at(name).integer : otherwise;
  }
  [[nodiscard]] std::vector<Index> integers(const std::string& name) const {
    return given(name) ? node.attributes.at(name).integers : std::vector<Index>();
  }
  [[nodiscard]] std::string text(const std::string& name, const std::string& otherwise) const {
    return given(name) ? node.attributes.at(name).text : otherwise;
  }
  /// A list that newer operator sets give as input i, older ones as an attribute.
  [[nodiscard]] std::vector<Index> list_or(std::size_t i, const std::string& name) const {
    return has(i) ? list(i) : integers(name);
  }
};

/// \throws LeftOut with the reason unless it is so.
inline void need(bool so, const char* reason) {
  if (!so) throw LeftOut(reason);
}

/// f of input i, which has one of these scalars. \throws LeftOut if it has another one.
template <class... Scalars, class Function>
Value over(const Call& call, std::size_t i, const Function& f) {
  if (!call.has(i)) throw LeftOut("an input is left out");
  Value result;
  bool done = false;
  const auto attempt = [&]<class Scalar>(std::type_identity<Scalar>) {
    if (done || !std::holds_alternative<Tensor<Scalar>>(call.inputs[i])) return;
    result = f(std::get<Tensor<Scalar>>(call.inputs[i]));
    done = true;
  };
  (attempt(std::type_identity<Scalars>{}), ...);
  if (!done) throw LeftOut("dtype " + dtype_of(call.inputs[i]));
  return result;
}

using Results = std::vector<Value>;
using Adapter = Results (*)(const Call&);
using Table = std::map<std::string, Adapter>;

/// Each file of adapters adds its own.
void add_elementwise(Table& table);
void add_arrange(Table& table);
void add_losses(Table& table);
void add_reduce(Table& table);
void add_layers(Table& table);
void add_unary(Table& table);
void add_windows(Table& table);
void add_optimizers(Table& table);

}  // namespace onnx_tests
