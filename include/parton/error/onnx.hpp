// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <parton/detail/error_text.hpp>

/// \file Nets that cannot be written as ONNX.

namespace parton::errors {

/// `the op 'sort' in the block '0.1'`
inline string op_in_block(Text op, Text path) {
  return "the op " + in_quotes(op) + " in " +
         (path.empty() ? string("the outermost block") : "the block " + in_quotes(path));
}

inline ExportError onnx_no_such_op(Text op, Text path) {
  return ExportError(op_in_block(op, path) +
                     " has no counterpart in ONNX's opset 17: write it with other ops, or export "
                     "the block that ends before it and do the rest where the file is run");
}
inline ExportError onnx_not_expressible(Text op, Text path, Text why) {
  return ExportError(op_in_block(op, path) + " cannot be written as ONNX: " + string(why));
}
inline ExportError onnx_own_function(Text name, Text path) {
  return ExportError("the autograd::Function " + in_quotes(name) + " in " + place_in_tree(path) +
                     " cannot be written as ONNX, which does not see into it: call its ops without "
                     "the Function for the export");
}
inline ExportError onnx_computed_outside(Text op, Text path, Text shape) {
  return ExportError(
      op_in_block(op, path) + " uses a tensor of shape " + string(shape) +
      " that no op gave and that has other values for another input: it was computed by an Eigen "
      "view, by elements or item(), or is random, and the file would have the values of this one "
      "input. Compute it with the library's ops; what never changes is registered with "
      "add_constant()");
}
inline ExportError onnx_number_outside(Text op, Text path, Text attribute) {
  return ExportError(
      op_in_block(op, path) + " has another " + string(attribute) +
      " for another input: it was computed by an Eigen view, by elements or item(), and the file "
      "would have the number of this one input. Compute with tensors of rank 0 in its place");
}
inline ExportError onnx_written_outside(Text op, Text path, Text shape) {
  return ExportError(
      op_in_block(op, path) + " uses a tensor of shape " + string(shape) +
      " that was written to since it was computed, by an Eigen view or by elements, which no file "
      "would repeat: write y = y * 2 in the place of y.matrix() *= 2");
}
inline ExportError onnx_write_to_part(Text op, Text path, Text shape) {
  return ExportError(
      op_in_block(op, path) + " uses a tensor of shape " + string(shape) +
      " that shares storage with one that was written to in part, which ONNX cannot say: make a "
      "new tensor, with where() or concat(), in place of the write");
}
inline ExportError onnx_parameter_written(Text path) {
  return ExportError("the parameter " + in_quotes(path) +
                     " is written to by the forward, while a file computes the same each time: "
                     "leave that to training, where autograd::is_training() is true");
}
inline ExportError onnx_output_outside(Text shape) {
  return ExportError("the output, of shape " + string(shape) +
                     ", was computed by no op: by an Eigen view or by elements, say. Compute it "
                     "with the library's ops");
}
inline ExportError onnx_output_written(Text shape) {
  return ExportError(
      "the output, of shape " + string(shape) +
      ", shares storage with a tensor that was written to in part, which ONNX cannot "
      "say: make a new tensor, with where() or concat(), in place of the write");
}
inline ExportError onnx_fixed_batch(Text why) {
  return ExportError("a file for any size of the batch cannot be made: " + string(why) +
                     ". Export for the size of the example with {.batch = io::OnnxBatch::fixed}");
}
inline ValueError onnx_bad_name(Text option, Text name) {
  return ValueError("export_onnx: " + string(option) + " cannot be named " + in_quotes(name) +
                    ": it must be neither empty nor the name of another one of the file, such as "
                    "a parameter. Choose others with {.input = ..., .output = ..., .batch_name = "
                    "...}");
}
inline ExportError onnx_too_large(Text file, std::size_t limit) {
  return ExportError("the file " + in_quotes(file) + " would have more than " + to_string(limit) +
                     " bytes of values, which is what a file of ONNX can hold: save the parameters "
                     "with io::save, or cast the net to Eigen::half");
}
inline ExportError onnx_internal(Text op, Text what) {
  return ExportError("export_onnx: the op " + in_quotes(op) + " " + string(what));
}

}  // namespace parton::errors
