// SPDX-License-Identifier: MIT
// The only file that knows protobuf.
#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <utility>

#include <onnx/onnx_pb.h>

#include "graph.hpp"

namespace onnx_tests {

namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

template <class Message>
Message parse(const std::filesystem::path& file) {
  Message message;
  std::ifstream stream(file, std::ios::binary);
  if (!stream || !message.ParseFromIstream(&stream))
    throw std::runtime_error("cannot read " + file.string());
  return message;
}

std::string type_name(int type) {
  std::string name = onnx::TensorProto_DataType_Name(type);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return name;
}

/// The values from raw_data, or from the field that holds small types: `Field` is a repeated one.
template <class Scalar, class Field>
Value tensor_of(const onnx::TensorProto& proto, const Shape& shape, const Field& field) {
  auto result = Tensor<Scalar>::empty(shape);
  Scalar* to = result.mutable_data();
  const auto size = static_cast<std::size_t>(shape.size());
  if (proto.has_raw_data()) {
    if (proto.raw_data().size() != size * sizeof(Scalar))
      throw std::runtime_error("raw_data of another size than the dims tell");
    if (size > 0)
      std::memcpy(static_cast<void*>(to), proto.raw_data().data(), size * sizeof(Scalar));
    return result;
  }
  if (static_cast<std::size_t>(field.size()) != size)
    throw std::runtime_error("another number of values than the dims tell");
  for (const auto value : field) {
    if constexpr (sizeof(Scalar) == 2 && parton::FloatingScalar<Scalar>)
      *to++ = Eigen::numext::bit_cast<Scalar>(static_cast<std::uint16_t>(value));
    else
      *to++ = static_cast<Scalar>(value);
  }
  return result;
}

Value read(const onnx::TensorProto& proto) {
  using onnx::TensorProto;
  if (proto.dims_size() > static_cast<int>(Shape::max_rank)) throw LeftOut("rank above 8");
  const Shape shape(std::vector<Index>(proto.dims().begin(), proto.dims().end()));
  switch (proto.data_type()) {
    case TensorProto::FLOAT:
      return tensor_of<float>(proto, shape, proto.float_data());
    case TensorProto::DOUBLE:
      return tensor_of<double>(proto, shape, proto.double_data());
    case TensorProto::FLOAT16:
      return tensor_of<Eigen::half>(proto, shape, proto.int32_data());
    case TensorProto::BFLOAT16:
      return tensor_of<Eigen::bfloat16>(proto, shape, proto.int32_data());
    case TensorProto::BOOL:
      return tensor_of<bool>(proto, shape, proto.int32_data());
    case TensorProto::INT8:
      return tensor_of<std::int8_t>(proto, shape, proto.int32_data());
    case TensorProto::UINT8:
      return tensor_of<std::uint8_t>(proto, shape, proto.int32_data());
    case TensorProto::INT16:
      return tensor_of<std::int16_t>(proto, shape, proto.int32_data());
    case TensorProto::UINT16:
      return tensor_of<std::uint16_t>(proto, shape, proto.int32_data());
    case TensorProto::INT32:
      return tensor_of<std::int32_t>(proto, shape, proto.int32_data());
    case TensorProto::UINT32:
      return tensor_of<std::uint32_t>(proto, shape, proto.uint64_data());
    case TensorProto::INT64:
      return tensor_of<std::int64_t>(proto, shape, proto.int64_data());
    case TensorProto::UINT64:
      return tensor_of<std::uint64_t>(proto, shape, proto.uint64_data());
    default:
      throw LeftOut("dtype " + type_name(proto.data_type()));
  }
}

/// input_0.pb, input_1.pb, ... of one set; all of them are tensors.
std::vector<Value> read_values(const std::filesystem::path& folder, const std::string& kind,
                               const onnx::GraphProto& graph) {
  const auto& types = kind == "input" ? graph.input() : graph.output();
  std::vector<Value> result;
  for (int i = 0;; ++i) {
    const auto file = folder / (kind + "_" + std::to_string(i) + ".pb");
    if (!exists(file)) return result;
    if (i < types.size() && types[i].type().has_sequence_type()) throw LeftOut("sequences");
    if (i < types.size() && types[i].type().has_optional_type()) throw LeftOut("optional values");
    auto proto = parse<onnx::TensorProto>(file);
    // NumPy, which wrote the files, has no bfloat16: they hold its bits, truncated.
    if (i < types.size() &&
        types[i].type().tensor_type().elem_type() == onnx::TensorProto::BFLOAT16)
      proto.set_data_type(onnx::TensorProto::BFLOAT16);
    result.push_back(read(proto));
  }
}

Node read(const onnx::NodeProto& proto) {
  Node node{proto.op_type(),
            {proto.input().begin(), proto.input().end()},
            {proto.output().begin(), proto.output().end()},
            {}};
  for (const auto& from : proto.attribute()) {
    Attribute to;
    to.number = static_cast<double>(from.f());
    to.integer = from.i();
    to.text = from.s();
    to.numbers.assign(from.floats().begin(), from.floats().end());
    to.integers.assign(from.ints().begin(), from.ints().end());
    if (from.has_t()) to.tensor = read(from.t());
    node.attributes[from.name()] = std::move(to);
  }
  return node;
}

}  // namespace

Graph read_graph(const std::filesystem::path& folder) {
  const auto model = parse<onnx::ModelProto>(folder / "model.onnx");
  Graph graph;
  for (const auto& opset : model.opset_import())
    if (opset.domain().empty() || opset.domain() == "ai.onnx") graph.opset = opset.version();
  for (const auto& node : model.graph().node()) {
    Node plain;
    try {
      plain = read(node);
    } catch (const LeftOut&) {
      plain.op = node.op_type() + " of strings";
    }
    graph.nodes.push_back(std::move(plain));
  }
  for (const auto& value : model.graph().initializer())
    graph.initializers[value.name()] = read(value);
  for (const auto& value : model.graph().input())
    if (graph.initializers.count(value.name()) == 0) graph.inputs.push_back(value.name());
  for (const auto& value : model.graph().output()) graph.outputs.push_back(value.name());
  return graph;
}

std::vector<Case::Data> read_sets(const std::filesystem::path& folder) {
  const auto model = parse<onnx::ModelProto>(folder / "model.onnx");
  std::vector<Case::Data> sets;
  for (int i = 0;; ++i) {
    const auto data = folder / ("test_data_set_" + std::to_string(i));
    if (!exists(data)) return sets;
    sets.push_back(
        {read_values(data, "input", model.graph()), read_values(data, "output", model.graph())});
  }
}

}  // namespace onnx_tests
