// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <parton/detail/error_text.hpp>

/// \file Ops that multiply, join, cut, repeat and pick.

namespace parton::errors {

[[gnu::cold]] inline ShapeError matmul_of_scalar(Text a, Text b) {
  return ShapeError("matmul: the shapes " + string(a) + " and " + string(b) +
                    ": a tensor of rank 0 is no matrix; write a * b");
}
[[gnu::cold]] inline ShapeError matmul_shapes(Text a, bool transpose_a, Text b, bool transpose_b) {
  const auto side = [](Text shape, bool transposed) {
    return string(shape) + (transposed ? " transposed" : "");
  };
  return ShapeError("matmul: the shapes " + side(a, transpose_a) + " and " + side(b, transpose_b) +
                    " do not fit together: (..., n, k) and (..., k, m) do, whose other axes are "
                    "equal or 1; transpose_a and transpose_b swap the last two axes");
}
[[gnu::cold]] inline ValueError nothing_to_join(Text operation) {
  return ValueError(string(operation) + " of no tensors: give at least one");
}
[[gnu::cold]] inline ShapeError cannot_join(Text operation, std::size_t part, Text shape,
                                            Text first, Text rule) {
  return ShapeError(string(operation) + ": tensor " + to_string(part) + " has the shape " +
                    string(shape) + ", the first one " + string(first) + ": " + string(rule));
}
[[gnu::cold]] inline ValueError cannot_split(std::ptrdiff_t parts, std::ptrdiff_t axis,
                                             Text shape) {
  return ValueError("split: " + to_string(parts) + " equal parts of axis " + to_string(axis) +
                    " of the shape " + string(shape) +
                    ": give a number of parts that divides it, or each size to split_sizes");
}
[[gnu::cold]] inline ValueError split_sizes(Text sizes, std::ptrdiff_t axis, Text shape) {
  return ValueError("split_sizes: the sizes " + string(sizes) +
                    " must be 0 or more and add up to "
                    "axis " +
                    to_string(axis) + " of the shape " + string(shape));
}
[[gnu::cold]] inline ValueError slice_step(std::size_t axis) {
  return ValueError("slice: the step of axis " + to_string(axis) +
                    " is 0: use 1 or more, or -1 or less to go backwards");
}
[[gnu::cold]] inline IndexError too_many_axes(Text operation, Text what, std::size_t given,
                                              Text shape) {
  return IndexError(string(operation) + ": " + to_string(given) + " " + string(what) +
                    " for the shape " + string(shape) + ": give at most one for each axis");
}
[[gnu::cold]] inline IndexError bad_position(Text operation, Text index, std::ptrdiff_t first,
                                             std::ptrdiff_t n, std::ptrdiff_t axis, Text shape) {
  const string where =
      n == 0 ? string(" is out of range: there is nothing")
             : " is not a whole number from " + to_string(first) + " to " + to_string(n - 1);
  return IndexError(string(operation) + ": the index " + string(index) + where + " on axis " +
                    to_string(axis) + " of the shape " + string(shape));
}
[[gnu::cold]] inline IndexError no_such_class(Text index, std::ptrdiff_t depth) {
  return IndexError("one_hot: the index " + string(index) + " is not a whole number from 0 to " +
                    to_string(depth - 1) + ": give a depth above the largest index");
}
[[gnu::cold]] inline ValueError one_hot_depth(std::ptrdiff_t depth) {
  return ValueError("one_hot: the depth is the number of classes, 0 or more, not " +
                    to_string(depth));
}
[[gnu::cold]] inline ShapeError pick_shapes(Text indices, Text x, Text expected) {
  return ShapeError("pick: indices of shape " + string(indices) + " do not fit an input of shape " +
                    string(x) + ": they must have the shape " + string(expected) +
                    ", which lacks the axis, or has 1 there");
}
[[gnu::cold]] inline ShapeError take_along_shapes(Text indices, Text x, std::ptrdiff_t axis) {
  return ShapeError("take_along_axis: indices of shape " + string(indices) +
                    " do not fit an input of shape " + string(x) +
                    ": both must have one rank, and the same length on all axes but " +
                    to_string(axis));
}
[[gnu::cold]] inline ValueError negative_pad(std::ptrdiff_t before, std::ptrdiff_t after,
                                             std::size_t axis) {
  return ValueError("pad: " + to_string(before) + " before and " + to_string(after) +
                    " after axis " + to_string(axis) +
                    ": a negative number pads nothing; cut with slice");
}
[[gnu::cold]] inline ValueError pad_of_nothing(Text mode, std::size_t axis, Text shape) {
  return ValueError("pad: axis " + to_string(axis) + " of the shape " + string(shape) +
                    " has no element for the mode " + string(mode) + " to repeat: use constant");
}
[[gnu::cold]] inline ShapeError cannot_broadcast(Text from, Text to) {
  return ShapeError("broadcast_to: the shape " + string(from) + " does not broadcast to " +
                    string(to) + ": counted from the last axis, each must be equal or 1");
}
[[gnu::cold]] inline ShapeError cannot_squeeze(std::ptrdiff_t dim, Text shape) {
  return ShapeError("squeeze: an axis of length " + to_string(dim) + " of the shape " +
                    string(shape) + " cannot be removed: name axes of length 1 alone");
}
[[gnu::cold]] inline ValueError negative_repeats(Text operation, std::ptrdiff_t repeats) {
  return ValueError(string(operation) + ": " + to_string(repeats) + " repetitions: give 0 or more");
}

}  // namespace parton::errors
