// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include <parton/detail/error_text.hpp>

/// \file Functions on tensors.

namespace parton::errors {

[[gnu::cold]] inline ValueError unknown_activation(Text name, const std::vector<std::string>& known,
                                                   Text what = "activation") {
  string text = "there is no " + string(what) + " " + in_quotes(name) + "; there are";
  for (const std::string& one : known) text += (&one == known.data() ? " " : ", ") + one;
  return ValueError(text + ", or pass any function of a Tensor");
}
[[gnu::cold]] inline ShapeError prelu_shapes(Text x, Text alpha) {
  return ShapeError("prelu: alpha of shape " + string(alpha) + " does not fit an input of shape " +
                    string(x) +
                    ": give one alpha, or one for each channel, which is axis 1 of the input");
}
[[gnu::cold]] inline ValueError axis_twice(std::ptrdiff_t axis, Text shape) {
  return ValueError("axis " + to_string(axis) + " of the shape " + string(shape) +
                    " is named twice among the axes: name it once");
}
[[gnu::cold]] inline ValueError reduction_of_nothing(Text operation, Text shape) {
  return ValueError(string(operation) + " over an empty axis of the shape " + string(shape) +
                    " has no value: check the size first");
}
[[gnu::cold]] inline ShapeError dot_shapes(Text a, Text b) {
  return ShapeError("dot: the shapes " + string(a) + " and " + string(b) +
                    " do not fit together: the last axis of the first must be as long as the first "
                    "of the second, whose rank is 1 or 2");
}
[[gnu::cold]] inline ShapeError dense_weight(Text weight) {
  return ShapeError("dense: the weight must have the shape (units, in_units), not " +
                    string(weight));
}
[[gnu::cold]] inline ShapeError dense_shapes(Text x, Text weight, bool flatten) {
  return ShapeError(
      "dense: an input of shape " + string(x) +
      " does not fit a weight (units, in_units) of shape " + string(weight) +
      (flatten ? ": all axes of the input but the first, flattened, must have in_units elements"
               : ": the last axis of the input must have in_units elements"));
}
[[gnu::cold]] inline ShapeError dense_bias(Text bias, Text weight) {
  return ShapeError("dense: a bias of shape " + string(bias) +
                    " does not fit a weight (units, in_units) of shape " + string(weight) +
                    ": it must have the shape (units,)");
}
[[gnu::cold]] inline ShapeError flatten_of_scalar() {
  return ShapeError("flatten: a tensor of rank 0 has no first axis to keep: reshape it to (1, 1)");
}
[[gnu::cold]] inline ValueError transpose_axes(std::size_t count, Text shape) {
  return ValueError("transpose: " + to_string(count) + " axes for the shape " + string(shape) +
                    ": name each of its axes once");
}
[[gnu::cold]] inline ShapeError take_of_scalar() {
  return ShapeError("take: a table of rank 0 has no rows");
}
[[gnu::cold]] inline IndexError bad_row_index(Text index, std::ptrdiff_t rows) {
  return IndexError("take: the index " + string(index) + " is not a whole number from 0 to " +
                    to_string(rows - 1) + ", the last of " + to_string(rows) + " rows");
}
[[gnu::cold]] inline ValueError clip_bounds(double low, double high) {
  return ValueError("clip: low must not be above high, but low is " + to_string(low) +
                    " and high is " + to_string(high));
}
[[gnu::cold]] inline ValueError celu_alpha(double alpha) {
  return ValueError("celu: alpha must be above 0, not " + to_string(alpha));
}
[[gnu::cold]] inline ValueError dropout_rate(double rate) {
  return ValueError("dropout: the rate is the probability of dropping, from 0 to 1, not " +
                    to_string(rate));
}
[[gnu::cold]] inline ShapeError channel_values(Text operation, Text what, Text values,
                                               std::ptrdiff_t channels, Text x) {
  return ShapeError(string(operation) + ": " + string(what) + " of shape " + string(values) +
                    " does not fit the input of shape " + string(x) + ": it must have the shape (" +
                    to_string(channels) + ",), one for each position on the normalized axis");
}

}  // namespace parton::errors
