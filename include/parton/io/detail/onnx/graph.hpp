// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

// The library of Debian is the one with ONNX_ML.
#ifndef ONNX_ML
#define ONNX_ML 1
#endif
#include <onnx/onnx_pb.h>

#include <parton/error.hpp>
#include <parton/io/dtype.hpp>
#include <parton/tensor/shape.hpp>

/// \file A graph of ONNX while it is put together: nodes, initializers, and names that are unique.

namespace parton::io::detail::to_onnx {

using Ints = std::vector<std::int64_t>;

/// An attribute of a node; a list of integers by default.
struct Attribute {
  const char* name;
  std::variant<std::int64_t, float, std::string, Ints> value;
};
using Attributes = std::vector<Attribute>;

/// What ONNX calls a dtype.
inline ::onnx::TensorProto::DataType type_of(Dtype dtype) {
  using Type = ::onnx::TensorProto;
  switch (dtype) {
    case Dtype::boolean:
      return Type::BOOL;
    case Dtype::uint8:
      return Type::UINT8;
    case Dtype::int8:
      return Type::INT8;
    case Dtype::int16:
      return Type::INT16;
    case Dtype::uint16:
      return Type::UINT16;
    case Dtype::float16:
      return Type::FLOAT16;
    case Dtype::bfloat16:
      return Type::BFLOAT16;
    case Dtype::int32:
      return Type::INT32;
    case Dtype::uint32:
      return Type::UINT32;
    case Dtype::float64:
      return Type::DOUBLE;
    case Dtype::int64:
      return Type::INT64;
    case Dtype::uint64:
      return Type::UINT64;
    default:
      return Type::FLOAT;
  }
}

inline std::int64_t type_number(Dtype dtype) { return static_cast<std::int64_t>(type_of(dtype)); }

class Graph {
 public:
  /// How many bytes of values a file may hold: a message of protobuf is below 2 GB.
  static constexpr std::size_t max_bytes = (std::size_t{1} << 31) - (std::size_t{1} << 20);

  Graph(::onnx::GraphProto& graph, std::string file) : graph_(graph), file_(std::move(file)) {}

  /// Nodes that are added from now on belong to the block of this path.
  void enter(std::string path) { path_ = std::move(path); }

  /// A name that nothing else has: this one, or with a number behind it.
  std::string unique(const std::string& wanted) {
    std::string name = wanted;
    while (!names_.insert(name).second) name = wanted + "_" + std::to_string(++repeats_[wanted]);
    return name;
  }

  /// Adds a node with one output and returns the name of that. An empty input is one left out.
  std::string node(const char* op, const std::vector<std::string>& inputs,
                   const Attributes& attributes = {}) {
    ::onnx::NodeProto& node = *graph_.add_node();
    const std::string name = unique(path_.empty() ? std::string(op) : path_ + "/" + op);
    node.set_name(name);
    node.set_op_type(op);
    for (const std::string& input : inputs) node.add_input(input);
    for (const Attribute& attribute : attributes) set(*node.add_attribute(), attribute);
    std::string output = unique(name + "_output");
    node.add_output(output);
    return output;
  }

  /// Adds values under a name that is taken for them. \throws FileError if they are too many.
  void initializer(const std::string& name, Dtype dtype, const Shape& shape, const void* data) {
    const std::size_t bytes = static_cast<std::size_t>(shape.size()) * size_of(dtype);
    bytes_ += bytes;
    if (bytes_ > max_bytes) throw errors::onnx_too_large(file_, max_bytes);
    ::onnx::TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type_of(dtype));
    for (const Index dim : shape) tensor.add_dims(dim);
    tensor.set_raw_data(data, bytes);
  }

  /// Values that have no name in the net; the same ones once.
  std::string constant(Dtype dtype, const Shape& shape, const void* data) {
    const std::size_t bytes = static_cast<std::size_t>(shape.size()) * size_of(dtype);
    std::string key = std::string(to_string(dtype)) + shape.to_string();
    if (bytes <= 1024) {
      key.append(static_cast<const char*>(data), bytes);
      if (const auto found = constants_.find(key); found != constants_.end()) return found->second;
    }
    std::string name = unique("const_" + std::to_string(constant_count_++));
    initializer(name, dtype, shape, data);
    if (bytes <= 1024) constants_.emplace(std::move(key), name);
    return name;
  }
  /// A list of integers, as ONNX takes shapes and axes.
  std::string ints(const Ints& values) {
    return constant(Dtype::int64, Shape{values.size()}, values.data());
  }
  std::string integer(std::int64_t value) { return constant(Dtype::int64, Shape(), &value); }

  /// Whether a node gives the value of this name.
  [[nodiscard]] bool is_computed(const std::string& name) const {
    for (const ::onnx::NodeProto& node : graph_.node())
      for (const std::string& output : node.output())
        if (output == name) return true;
    return false;
  }

  /// Gives the value of this name the name of an output of the graph.
  void rename(const std::string& from, const std::string& to) {
    for (::onnx::NodeProto& node : *graph_.mutable_node()) {
      for (std::string& name : *node.mutable_input())
        if (name == from) name = to;
      for (std::string& name : *node.mutable_output())
        if (name == from) name = to;
    }
  }

 private:
  static void set(::onnx::AttributeProto& to, const Attribute& from) {
    using Type = ::onnx::AttributeProto;
    to.set_name(from.name);
    if (const auto* integer = std::get_if<std::int64_t>(&from.value)) {
      to.set_type(Type::INT);
      to.set_i(*integer);
    } else if (const auto* number = std::get_if<float>(&from.value)) {
      to.set_type(Type::FLOAT);
      to.set_f(*number);
    } else if (const auto* text = std::get_if<std::string>(&from.value)) {
      to.set_type(Type::STRING);
      to.set_s(*text);
    } else {
      to.set_type(Type::INTS);
      for (const std::int64_t one : std::get<Ints>(from.value)) to.add_ints(one);
    }
  }

  ::onnx::GraphProto& graph_;
  std::string file_;
  std::string path_;
  std::size_t bytes_ = 0;
  std::size_t constant_count_ = 0;
  std::unordered_set<std::string> names_;
  std::unordered_map<std::string, std::size_t> repeats_;
  std::unordered_map<std::string, std::string> constants_;
};

}  // namespace parton::io::detail::to_onnx
