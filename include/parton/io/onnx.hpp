// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton/io/array.hpp>
#include <parton/io/detail/onnx/forward.hpp>
#include <parton/io/detail/onnx/model.hpp>
#include <parton/nn/block.hpp>
#include <parton/warning.hpp>

/// \file Nets for other software: ONNX, opset 17. Needs the CMake target parton::onnx.

namespace parton::io {

/// For which sizes of the batch, the first axis of the input, a file is made.
enum class OnnxBatch {
  automatic,  ///< for any, if other sizes run the same ops; else for that of the example, with a
              ///< warning
  any,        ///< for any, or an error
  fixed       ///< for that of the example
};

/// What export_onnx() may be told.
struct OnnxOptions {
  /// How the file calls its input and its output.
  std::string input = "input";
  std::string output = "output";
  OnnxBatch batch = OnnxBatch::automatic;
  /// How it calls the size of the batch, where that is any.
  std::string batch_name = "N";
  /// What the file says about itself.
  std::string doc = {};
  std::string producer = "parton";
  Metadata metadata = {};
};

/// What export_onnx() made.
struct OnnxExport {
  /// Whether the file takes a batch of any size.
  bool any_batch = false;
  /// Whether forward ran the same ops for the other inputs that were tried.
  bool same_ops = true;
  std::size_t nodes = 0;
  std::size_t initializers = 0;
};

namespace detail::to_onnx {

inline void check_names(const OnnxOptions& options) {
  if (options.input.empty()) throw errors::onnx_bad_name("the input", options.input);
  if (options.output.empty() || options.output == options.input)
    throw errors::onnx_bad_name("the output", options.output);
  if (options.batch_name.empty()) throw errors::onnx_bad_name("the size of the batch", "");
}

inline OnnxExport make_model(::onnx::ModelProto& model, const std::string& file,
                             std::span<const Recording> recordings, const OnnxOptions& options) {
  model.Clear();
  model.set_ir_version(8);
  model.set_producer_name(options.producer);
  model.set_doc_string(options.doc);
  auto& opset = *model.add_opset_import();
  opset.set_domain("");
  opset.set_version(17);
  for (const auto& [key, value] : options.metadata) {
    auto& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  }
  ::onnx::GraphProto& graph = *model.mutable_graph();
  graph.set_name("net");
  ModelMaker(graph, file, recordings, {options.input, options.output, options.batch_name}).make();
  return {.any_batch = recordings.size() > 1,
          .nodes = static_cast<std::size_t>(graph.node_size()),
          .initializers = static_cast<std::size_t>(graph.initializer_size())};
}

/// More sizes of the batch, which tell a x + b from other ways to follow it: of min(x, 8) or
/// max(x, 2), say, and of what one row alone is taken for.
template <class Scalar>
std::optional<std::string> record_batches(const nn::Block<Scalar>& net, const Tensor<Scalar>& x,
                                          std::vector<Recording>& recordings) {
  if (x.rank() == 0) return "the input, of rank 0, has no axis of the batch";
  if (x.shape()[0] == 0) return "the input has no rows";
  const Index batch = x.shape()[0];
  for (const Index other : {batch + 1, 2 * batch + 3, batch + 61, Index{1}}) {
    if (other == batch) continue;
    try {
      recordings.push_back(record_forward(net, with_rows(x, other)));
    } catch (const std::exception& error) {
      if (other == 1) continue;  // some need two rows, and say so
      return "for " + std::to_string(other) + " in place of " + std::to_string(batch) +
             " rows forward threw: " + error.what();
    }
    if (auto why = differs_for_batch(recordings[0], recordings.back())) return why;
  }
  return std::nullopt;
}

}  // namespace detail::to_onnx

/// Writes a net as ONNX, opset 17: the ops that its forward runs, in prediction, for `example`.
///
/// Own blocks with loops are written as what ran. The parameters are initializers named by their
/// paths, a tied one once; nodes are named by the paths of their blocks. The file has the net's
/// scalar, which not every program computes in: ONNX Runtime has float32 everywhere, float64 in
/// part, float16 by way of float32, and no bfloat16.
///
/// The forward runs several times: for the example; for other numbers, so that what was computed
/// where no op saw it, by Eigen views, elements or item(), is found, and a warning tells of ops
/// that ran or did not run by what the values were; and for other sizes of the batch: one row, and
/// up to 61 more than the example has, or twice as many. Where these run the same ops, the file is
/// for any size (see OnnxBatch); a forward that does something else from a larger size on is not
/// found out.
/// Indices of an Embedding come as numbers of the net's scalar, as they do here. What was there
/// before stays whole until the new file is.
/// \throws ExportError naming op and block, FileError, ValueError, and what the forward throws.
template <class Scalar>
OnnxExport export_onnx(const nn::Block<Scalar>& net, const std::string& path,
                       const std::type_identity_t<Tensor<Scalar>>& example,
                       const OnnxOptions& options = {}) {
  namespace onnx = detail::to_onnx;
  onnx::check_names(options);
  std::vector<onnx::Recording> recordings;
  recordings.push_back(onnx::record_example(net, example));
  const onnx::Checked checked = onnx::check_other_inputs(net, example, recordings[0]);
  ::onnx::ModelProto model;
  OnnxExport result;
  std::optional<std::string> why;
  const bool fixed = options.batch == OnnxBatch::fixed ||
                     (options.batch == OnnxBatch::automatic && example.rank() == 0);
  if (!fixed) {
    why = onnx::record_batches(net, example, recordings);
    if (!why) {
      try {
        result = onnx::make_model(model, path, recordings, options);
      } catch (const onnx::DependsOnBatch& reason) {
        why = reason.why;
      }
    }
    if (why && options.batch == OnnxBatch::any) throw errors::onnx_fixed_batch(*why);
  }
  if (why || fixed) result = onnx::make_model(model, path, std::span(recordings).first(1), options);
  onnx::write_model(model, path);
  if (why)
    warn("the file '" + path + "' is for batches of " + std::to_string(recordings[0].batch) +
         " alone: " + *why + ". {.batch = io::OnnxBatch::fixed} says that this is meant");
  result.same_ops = checked != onnx::Checked::in_part;
  if (!result.same_ops)
    warn("the file '" + path +
         "' is what forward ran for the example, while it ran other ops for another input, which a "
         "file does not follow: what is to depend on values is chosen by where()");
  if (checked == onnx::Checked::no)
    warn("the file '" + path +
         "' has not been checked with another input than the example, since " +
         "the net takes none of those that were tried");
  return result;
}

}  // namespace parton::io
