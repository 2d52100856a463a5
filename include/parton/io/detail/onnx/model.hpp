// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <parton/io/detail/onnx/rules.hpp>
#include <parton/io/detail/output_file.hpp>

/// \file Recordings into a model, and a model into a file.

namespace parton::io::detail::to_onnx {

/// What the graph is told to call its ends.
struct Ends {
  std::string input, output, batch;
};

/// The graph of a recording; with several, of any size of the batch.
class ModelMaker {
 public:
  ModelMaker(::onnx::GraphProto& graph, const std::string& file,
             std::span<const Recording> recordings, const Ends& ends)
      : proto_(graph), graph_(graph, file), making_{graph_, recordings}, ends_(ends) {}

  /// \throws ExportError; DependsOnBatch if one graph does not do for all sizes of the batch.
  void make() {
    const Recording& first = making_.recordings[0];
    making_.names[first.input] = graph_.unique(ends_.input);
    static_cast<void>(graph_.unique(ends_.output));
    describe(*proto_.add_input(), first.input, ends_.input);
    name_parameters();
    for (std::size_t i = 0; i < first.steps.size(); ++i) {
      graph_.enter(first.steps[i].path);
      for (const std::size_t value : first.steps[i].inputs) need(value);
      Emission step(making_, i);
      emit(step);
    }
    graph_.enter("");
    need(first.output);
    finish();
    describe(*proto_.add_output(), first.output, ends_.output);
  }

 private:
  [[nodiscard]] const Value& value(std::size_t i) const { return making_.recordings[0].values[i]; }

  /// Parameters keep their paths, so they choose their names before all that is computed.
  void name_parameters() {
    for (std::size_t i = 0; i < making_.names.size(); ++i) {
      const Value& one = value(i);
      if (one.kind != Value::Kind::parameter) continue;
      making_.names[i] = graph_.unique(one.path);
      if (making_.names[i] != one.path)
        throw errors::onnx_bad_name("the input or output", one.path);
      graph_.initializer(one.path, one.dtype, one.shape, one.elements->data);
    }
  }

  /// Makes sure that a value has a name: a constant gets it when it is needed.
  void need(std::size_t i) {
    if (i == Step::none || !making_.names[i].empty()) return;
    const Value& one = value(i);
    if (one.kind != Value::Kind::constant)
      throw errors::onnx_internal("export", "met a value that no step gave");
    std::vector<Ints> shapes;
    bool varies = false;
    for (const Recording& recording : making_.recordings) {
      const Shape& shape = recording.values[i].shape;
      shapes.emplace_back(shape.begin(), shape.end());
      varies = varies || !(shape == one.shape);
    }
    if (!varies) {
      making_.names[i] = graph_.constant(one.dtype, one.shape, one.elements->data);
      return;
    }
    const std::string number = graph_.constant(one.dtype, Shape(), one.elements->data);
    making_.names[i] =
        graph_.node("Expand", {number, making_.lengths("the shape of a constant", shapes)});
  }

  /// Gives the result the name that was asked for.
  void finish() {
    const std::size_t output = making_.recordings[0].output;
    std::string& name = making_.names[output];
    const bool computed = value(output).kind == Value::Kind::result &&
                          name != making_.names[making_.recordings[0].input] &&
                          graph_.is_computed(name);
    if (!computed) name = graph_.node("Identity", {name});
    graph_.rename(name, ends_.output);
    name = ends_.output;
  }

  /// Type and shape of an end of the graph.
  void describe(::onnx::ValueInfoProto& info, std::size_t i, const std::string& name) const {
    info.set_name(name);
    auto& type = *info.mutable_type()->mutable_tensor_type();
    type.set_elem_type(type_of(value(i).dtype));
    auto& shape = *type.mutable_shape();
    for (std::size_t axis = 0; axis < value(i).shape.rank(); ++axis) {
      bool same = true, is_batch = making_.recordings.size() > 1;
      for (const Recording& recording : making_.recordings) {
        const Index dim = recording.values[i].shape.dims()[axis];
        same = same && dim == value(i).shape.dims()[axis];
        is_batch = is_batch && dim == recording.batch;
      }
      auto& dim = *shape.add_dim();
      if (same)
        dim.set_dim_value(value(i).shape.dims()[axis]);
      else if (is_batch)
        dim.set_dim_param(ends_.batch);
    }
  }

  ::onnx::GraphProto& proto_;
  Graph graph_;
  Making making_;
  const Ends& ends_;
};

/// Hands what protobuf writes to a file; what that throws goes around protobuf.
class FileStream final : public google::protobuf::io::CopyingOutputStream {
 public:
  explicit FileStream(OutputFile& file) : file_(file) {}
  bool Write(const void* data, int size) override {
    try {
      file_.write(data, static_cast<std::size_t>(size));
      return true;
    } catch (...) {
      thrown_ = std::current_exception();
      return false;
    }
  }
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  OutputFile& file_;
  std::exception_ptr thrown_;
};

/// \throws FileError
inline void write_model(const ::onnx::ModelProto& model, const std::string& path) {
  if (model.ByteSizeLong() > Graph::max_bytes + (std::size_t{1} << 20) - 1)
    throw errors::onnx_too_large(path, Graph::max_bytes);
  OutputFile file(path);
  FileStream stream(file);
  bool written = false;
  {
    google::protobuf::io::CopyingOutputStreamAdaptor adaptor(&stream);
    written = model.SerializeToZeroCopyStream(&adaptor) && adaptor.Flush();
  }
  stream.rethrow();
  if (!written) throw errors::cannot_write(path, "protobuf refused the model");
  file.commit();
}

}  // namespace parton::io::detail::to_onnx
