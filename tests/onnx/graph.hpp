// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <parton/tensor/tensor.hpp>

/// \file An ONNX model as plain data: what reader.cpp makes of the files, and the adapters work on.

namespace onnx_tests {

using parton::Index;
using parton::Shape;
using parton::Tensor;

/// A value of a graph; nothing for an optional input that is left out.
using Value =
    std::variant<std::monostate, Tensor<float>, Tensor<double>, Tensor<Eigen::half>,
                 Tensor<Eigen::bfloat16>, Tensor<bool>, Tensor<std::int8_t>, Tensor<std::uint8_t>,
                 Tensor<std::int16_t>, Tensor<std::uint16_t>, Tensor<std::int32_t>,
                 Tensor<std::uint32_t>, Tensor<std::int64_t>, Tensor<std::uint64_t>>;

/// Thrown where a case cannot be run by parton; the text is the reason that the summary counts.
struct LeftOut : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Attribute {
  double number = 0;
  std::int64_t integer = 0;
  std::string text;
  std::vector<double> numbers;
  std::vector<Index> integers;
  Value tensor;
};

struct Node {
  std::string op;
  std::vector<std::string> inputs, outputs;
  std::map<std::string, Attribute> attributes;
};

struct Graph {
  std::int64_t opset = 0;
  std::vector<Node> nodes;
  std::vector<std::string> inputs, outputs;
  std::map<std::string, Value> initializers;
};

/// One folder of ONNX's tests: a model and sets of inputs with the outputs they must give.
struct Case {
  struct Data {
    std::vector<Value> inputs, outputs;
  };
  Graph graph;
  std::vector<Data> sets;
};

/// The op or the ops of a model's graph, as the summary names it.
std::string ops_of(const Graph& graph);

/// \throws LeftOut for a type that parton has no tensor of.
Graph read_graph(const std::filesystem::path& folder);
std::vector<Case::Data> read_sets(const std::filesystem::path& folder);

/// float32, int64, ...
std::string dtype_of(const Value& value);

}  // namespace onnx_tests
