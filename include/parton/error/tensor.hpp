// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <parton/detail/error_text.hpp>

/// \file Shapes and tensors.

namespace parton::errors {

[[gnu::cold]] inline ShapeError dimension_too_large() {
  return ShapeError(
      "a dimension is larger than the largest Index: was a negative number converted to unsigned?");
}
[[gnu::cold]] inline ShapeError rank_too_large(std::size_t rank, std::size_t limit) {
  return ShapeError("a shape of " + to_string(rank) + " dimensions: a Tensor has at most " +
                    to_string(limit));
}
[[gnu::cold]] inline ShapeError negative_dimension(Text shape) {
  return ShapeError(
      "the shape " + string(shape) +
      " has a negative dimension: use 0 or more, or -1 for one that is not known yet");
}
[[gnu::cold]] inline ShapeError shape_overflows(Text shape) {
  return ShapeError("the shape " + string(shape) + " has more elements than memory can address");
}
[[gnu::cold]] inline ShapeError unknown_dimension(Text shape) {
  return ShapeError("a Tensor of shape " + string(shape) +
                    ": every dimension of a Tensor must be known");
}
[[gnu::cold]] inline IndexError axis_out_of_range(std::ptrdiff_t axis, Text shape) {
  return IndexError("axis " + to_string(axis) + " is out of range for the shape " + string(shape));
}
[[gnu::cold]] inline IndexError index_out_of_range(std::ptrdiff_t index, std::size_t axis,
                                                   Text shape) {
  return IndexError("index " + to_string(index) + " is out of range for axis " + to_string(axis) +
                    " of a tensor of shape " + string(shape));
}
[[gnu::cold]] inline IndexError wrong_index_count(std::size_t given, Text shape) {
  return IndexError(to_string(given) + " indices for a tensor of shape " + string(shape) +
                    ": element access takes one for each axis");
}
[[gnu::cold]] inline IndexError row_of_scalar() {
  return IndexError("a tensor of rank 0 has no rows: use item()");
}
[[gnu::cold]] inline IndexError bad_slice(std::ptrdiff_t begin, std::ptrdiff_t end, Text shape) {
  return IndexError("the slice [" + to_string(begin) + ", " + to_string(end) +
                    ") does not lie within axis 0 of the shape " + string(shape));
}
[[gnu::cold]] inline ShapeError wrong_rank(Text view, std::size_t expected, Text shape) {
  return ShapeError(string(view) + " needs a tensor of rank " + to_string(expected) +
                    ", but the shape is " + string(shape) + ": reshape it first, or use flat()");
}
[[gnu::cold]] inline ShapeError shapes_differ(Text operation, Text a, Text b) {
  return ShapeError(string(operation) + ": the shapes " + string(a) + " and " + string(b) +
                    " do not fit together");
}
[[gnu::cold]] inline ShapeError not_one_element(Text shape) {
  return ShapeError("item() needs exactly one element, but the shape is " + string(shape));
}
[[gnu::cold]] inline ShapeError cannot_reshape(Text from, Text to) {
  return ShapeError("cannot reshape " + string(from) + " into " + string(to) +
                    ": the number of elements differs");
}
[[gnu::cold]] inline ShapeError ragged_braces(Text expected, Text found) {
  return ShapeError("nested braces of different lengths: the first item on a level has the shape " +
                    string(expected) + ", another one " + string(found));
}
[[gnu::cold]] inline ValueError number_out_of_range(Text number, Text dtype) {
  return ValueError("the number " + string(number) + " is out of range for a tensor of " +
                    string(dtype) + ": cast the tensor to a wider scalar first");
}
[[gnu::cold]] inline ValueError integer_division_by_zero(Text dtype) {
  return ValueError("/=: division by zero in a tensor of " + string(dtype) +
                    ": cast it to a floating scalar for an infinite result");
}
[[gnu::cold]] inline MemoryError out_of_memory(Text shape, std::size_t bytes) {
  return MemoryError("no memory for a tensor of shape " + string(shape) + ", which takes " +
                     to_string(bytes) + " bytes: use smaller dimensions or a smaller scalar");
}
[[gnu::cold]] inline ValueError cannot_adopt(Text shape, std::size_t alignment) {
  return ValueError("adopt(): the data for a tensor of shape " + string(shape) +
                    " must be a non-null pointer aligned to " + to_string(alignment) + " bytes");
}
[[gnu::cold]] inline ValueError bad_arange(std::ptrdiff_t n, Text dtype, std::ptrdiff_t limit) {
  return ValueError("arange(" + to_string(n) + "): n must lie between 0 and " + to_string(limit) +
                    ", up to where " + string(dtype) +
                    " counts exactly: ask for a wider scalar, as in arange<double>(n)");
}
[[gnu::cold]] inline ValueError no_values() {
  return ValueError(
      "this tensor has a shape but no values, because shapes are being inferred without "
      "arithmetic: a forward "
      "that branches on values needs a real input, so run net(x) once instead of infer_shapes");
}

}  // namespace parton::errors
