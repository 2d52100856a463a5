// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/detail/error_types.hpp>

/// \file Every text that the library throws: one named factory for each message, so
/// that all of them can be read here. A text says what was wrong, with the expected and the found
/// value and the parameter's path, and then how to mend it.

namespace parton {

namespace detail {

inline std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

/// "'a', 'b'"; from eight names on the first three, an ellipsis and the last four.
inline std::string brief_list(const std::vector<std::string>& names) {
  std::string text;
  const std::size_t n = names.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (n > 7 && i == 3) {
      text += ", ...";
      i = n - 5;
      continue;
    }
    text += (i > 0 ? ", " : "") + in_quotes(names[i]);
  }
  return text;
}

inline std::string did_you_mean(const std::vector<std::string>& nearest) {
  return nearest.empty() ? std::string() : " Did you mean " + brief_list(nearest) + "?";
}

}  // namespace detail

namespace errors {

using Text = std::string_view;
using detail::in_quotes;
using std::string;
using std::to_string;

inline string shown(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

// shapes and tensors

inline ShapeError dimension_too_large() {
  return ShapeError(
      "a dimension is larger than the largest Index: was a negative number converted to unsigned?");
}
inline ShapeError rank_too_large(std::size_t rank, std::size_t limit) {
  return ShapeError("a shape of " + to_string(rank) + " dimensions: a Tensor has at most " +
                    to_string(limit));
}
inline ShapeError negative_dimension(Text shape) {
  return ShapeError(
      "the shape " + string(shape) +
      " has a negative dimension: use 0 or more, or -1 for one that is not known yet");
}
inline ShapeError shape_overflows(Text shape) {
  return ShapeError("the shape " + string(shape) + " has more elements than memory can address");
}
inline ShapeError unknown_dimension(Text shape) {
  return ShapeError("a Tensor of shape " + string(shape) +
                    ": every dimension of a Tensor must be known");
}
inline IndexError axis_out_of_range(std::ptrdiff_t axis, Text shape) {
  return IndexError("axis " + to_string(axis) + " is out of range for the shape " + string(shape));
}
inline IndexError index_out_of_range(std::ptrdiff_t index, std::size_t axis, Text shape) {
  return IndexError("index " + to_string(index) + " is out of range for axis " + to_string(axis) +
                    " of a tensor of shape " + string(shape));
}
inline IndexError wrong_index_count(std::size_t given, Text shape) {
  return IndexError(to_string(given) + " indices for a tensor of shape " + string(shape) +
                    ": element access takes one for each axis");
}
inline IndexError row_of_scalar() {
  return IndexError("a tensor of rank 0 has no rows: use item()");
}
inline IndexError bad_slice(std::ptrdiff_t begin, std::ptrdiff_t end, Text shape) {
  return IndexError("the slice [" + to_string(begin) + ", " + to_string(end) +
                    ") does not lie within axis 0 of the shape " + string(shape));
}
inline ShapeError wrong_rank(Text view, std::size_t expected, Text shape) {
  return ShapeError(string(view) + " needs a tensor of rank " + to_string(expected) +
                    ", but the shape is " + string(shape) + ": reshape it first, or use flat()");
}
inline ShapeError shapes_differ(Text operation, Text a, Text b) {
  return ShapeError(string(operation) + ": the shapes " + string(a) + " and " + string(b) +
                    " do not fit together");
}
inline ShapeError not_one_element(Text shape) {
  return ShapeError("item() needs exactly one element, but the shape is " + string(shape));
}
inline ShapeError cannot_reshape(Text from, Text to) {
  return ShapeError("cannot reshape " + string(from) + " into " + string(to) +
                    ": the number of elements differs");
}
inline ShapeError ragged_braces(Text expected, Text found) {
  return ShapeError("nested braces of different lengths: the first item on a level has the shape " +
                    string(expected) + ", another one " + string(found));
}
inline ValueError number_out_of_range(Text number, Text dtype) {
  return ValueError("the number " + string(number) + " is out of range for a tensor of " +
                    string(dtype) + ": cast the tensor to a wider scalar first");
}
inline ValueError integer_division_by_zero(Text dtype) {
  return ValueError("/=: division by zero in a tensor of " + string(dtype) +
                    ": cast it to a floating scalar for an infinite result");
}
inline MemoryError out_of_memory(Text shape, std::size_t bytes) {
  return MemoryError("no memory for a tensor of shape " + string(shape) + ", which takes " +
                     to_string(bytes) + " bytes: use smaller dimensions or a smaller scalar");
}
inline ValueError cannot_adopt(Text shape, std::size_t alignment) {
  return ValueError("adopt(): the data for a tensor of shape " + string(shape) +
                    " must be a non-null pointer aligned to " + to_string(alignment) + " bytes");
}
inline ValueError bad_arange(std::ptrdiff_t n, Text dtype, std::ptrdiff_t limit) {
  return ValueError("arange(" + to_string(n) + "): n must lie between 0 and " + to_string(limit) +
                    ", up to where " + string(dtype) +
                    " counts exactly: ask for a wider scalar, as in arange<double>(n)");
}
inline ValueError no_values() {
  return ValueError(
      "this tensor has a shape but no values, because shapes are being inferred without "
      "arithmetic: a forward "
      "that branches on values needs a real input, so run net(x) once instead of infer_shapes");
}

// names, patterns and dictionaries

inline NameError empty_name() {
  return NameError("an empty name: a block, child or parameter needs at least one character");
}
inline NameError name_too_long(Text begin, std::size_t length, std::size_t limit) {
  return NameError("the name beginning with " + in_quotes(begin) + " has " + to_string(length) +
                   " characters: the limit is " + to_string(limit));
}
inline NameError bad_name_character(Text name) {
  return NameError(
      "the name " + in_quotes(name) +
      ": a name consists of letters, digits, '_' and '-'; a dot separates the names of a path");
}
inline NameError key_taken(Text key, Text block) {
  return NameError("the key " + in_quotes(key) + " is registered twice in a " + string(block) +
                   ": give one of the two another key");
}
inline NameError name_clash(Text name, Text first, Text second) {
  return NameError(
      "the name " + in_quotes(name) + " would stand for both " + in_quotes(first) + " and " +
      in_quotes(second) +
      ": give one of the two another name, as in nn::Dense(10, nn::linear, {.name = \"decoder\"})");
}
inline NameError parameter_name_taken(Text name) {
  return NameError("the dictionary has another parameter named " + in_quotes(name) +
                   ": collect both nets under one Sequential, so that their names differ");
}
inline PatternError pattern_too_long(std::size_t length, std::size_t limit) {
  return PatternError("a pattern of " + to_string(length) + " characters: the limit is " +
                      to_string(limit) + "; pass a predicate on the parameter instead");
}
inline PatternError bad_pattern(Text pattern, std::size_t position, Text reason) {
  return PatternError("the pattern " + in_quotes(pattern) +
                      " is not a regular expression: it goes wrong at position " +
                      to_string(position) + ", at " + in_quotes(pattern.substr(position)) + " (" +
                      string(reason) + ")");
}
inline KeyError no_such_parameter(Text name, const std::vector<string>& nearest,
                                  std::size_t count) {
  return KeyError("there is no parameter " + in_quotes(name) + " among these " + to_string(count) +
                  "." + detail::did_you_mean(nearest));
}

// parameters

inline ValueError bad_multiplier(Text what, double value, Text key) {
  return ValueError(string(what) + " of the parameter " + in_quotes(key) +
                    " must be finite and at least 0, not " + to_string(value));
}
inline ShapeError parameter_shape(Text parameter, Text expected, Text found) {
  return ShapeError(
      "the parameter " + string(parameter) + " has the shape " + string(expected) + ", which " +
      string(found) +
      " does not fit (-1 fits anything): reshape the values, or build the layer for this size");
}
inline DeferredInitializationError deferred_initialization(Text parameter, Text shape) {
  return DeferredInitializationError("the parameter " + string(parameter) + " has the shape " +
                                     string(shape) +
                                     ", which is not fully known, so its initialization is "
                                     "deferred until it is. Run one forward first, "
                                     "net(x) or infer_shapes(net, shape); or give the size, as in "
                                     "nn::Dense(10, nn::linear, {.in_units = 20})");
}
inline UninitializedError uninitialized(Text parameter) {
  return UninitializedError("the parameter " + string(parameter) +
                            " is not initialized. Call initialize() on the outermost block "
                            "(net.initialize()), or give the values, with "
                            "set_data() or by loading a file");
}
inline GradientError no_gradient(Text parameter) {
  return GradientError(
      "the parameter " + string(parameter) +
      " has no gradient, because its grad_req is null: set_grad_req(GradReq::write) gives it one");
}
inline TieError tie_conflict(Text parameter, Text what, Text wanted, Text stored) {
  return TieError("a layer cannot share the parameter " + string(parameter) + ": its " +
                  string(what) + " is " + string(stored) + ", the layer wants " + string(wanted));
}
inline TieError ambiguous_tie(Text key, Text first, Text second) {
  return TieError("params holds two parameters with the key " + in_quotes(key) + ", " +
                  in_quotes(first) + " and " + in_quotes(second) +
                  ": pass the params() of one layer");
}
inline TieError nothing_to_tie(Text block, const std::vector<string>& names) {
  return TieError(
      "params was given to a " + string(block) + ", but none of its parameters " +
      (names.empty() ? string("(it is empty)") : "(" + detail::brief_list(names) + ")") +
      " has a key that the layer declares: pass the params() of the layer to share with");
}

// blocks

inline Error moved_from_block() {
  return Error(
      "this block was moved from, so it has neither parameters nor children: use the one that it "
      "was moved to");
}
inline NameError null_block(Text key) {
  return NameError("the child " + in_quotes(key) +
                   " is a null pointer: pass std::make_shared of a layer");
}
inline NameError block_inside_itself(Text key, Text block) {
  return NameError("the " + string(block) + " added as " + in_quotes(key) +
                   " contains the block that it is added to: a tree has no cycles");
}
inline NameError tree_too_deep(std::size_t levels, std::size_t limit) {
  return NameError("a tree of " + to_string(levels) + " levels of blocks: the limit is " +
                   to_string(limit) + "; add the layers side by side");
}
inline KeyError no_such_child(Text key, Text block, const std::vector<string>& nearest = {}) {
  return KeyError("a " + string(block) + " has no child " + in_quotes(key) + "." +
                  detail::did_you_mean(nearest));
}
inline KeyError block_has_no_parameter(Text key, Text name, Text block,
                                       const std::vector<string>& keys) {
  return KeyError("the block " + in_quotes(name) + " (" + string(block) + ") has no parameter " +
                  in_quotes(key) + " of its own; it has " +
                  (keys.empty() ? string("none") : detail::brief_list(keys)));
}
inline IndexError child_out_of_range(std::ptrdiff_t index, std::size_t size, Text name) {
  return IndexError("the block " + in_quotes(name) + " has " + to_string(size) +
                    " children: there is none at index " + to_string(index));
}
inline IndexError layer_slice_out_of_range(std::ptrdiff_t begin, std::ptrdiff_t end,
                                           std::size_t size) {
  return IndexError("the slice [" + to_string(begin) + ", " + to_string(end) +
                    ") does not lie within a Sequential of " + to_string(size) + " layers");
}
inline TypeError wrong_layer_type(Text path, Text is, Text asked) {
  return TypeError("the block at " + in_quotes(path) + " is a " + string(is) + ", not a " +
                   string(asked));
}
inline CloneError cannot_clone(Text block, Text path) {
  return CloneError(
      "the " + string(block) + " at " + in_quotes(path) +
      " cannot be cloned: give the class a default constructor, or one that takes a const "
      "reference to the original and "
      "registers the same children and parameters, and add it to the net under its own type");
}
inline CloneError cannot_cast(Text block, Text path, Text dtype) {
  return CloneError("the " + string(block) + " at " + in_quotes(path) + " cannot be cast to " +
                    string(dtype) +
                    ": it is written for one scalar; make it a class template on its Scalar and "
                    "call nn::register_cast for it");
}
inline CloneError clone_of_other_class(Text is, Text wanted) {
  return CloneError("a " + string(is) + " cannot be cloned or cast into a " + string(wanted) +
                    ": declare the copy with the block's own class");
}
inline CloneError clone_registers_more(Text key, Text block) {
  return CloneError("the clone of a " + string(block) + " registers " + in_quotes(key) +
                    ", which the original does not have: the constructor that makes clones must "
                    "register what the original has");
}
inline CloneError clone_registers_less(Text block) {
  return CloneError("the clone of a " + string(block) +
                    " lacks children or parameters of the original: the constructor that makes "
                    "clones must register what the original has");
}
inline ValueError not_positive(Text what, std::ptrdiff_t value, Text layer) {
  return ValueError(string(what) + " of a " + string(layer) + " must be positive, not " +
                    to_string(value));
}
inline ValueError negative_count(Text what, std::ptrdiff_t value, Text layer) {
  return ValueError(string(what) + " of a " + string(layer) + " must not be negative: " +
                    to_string(value) + "; 0 leaves it to the first forward");
}
inline ShapeError scalar_input(Text layer, Text parameter) {
  return ShapeError("a " + string(layer) + " (" + in_quotes(parameter) +
                    ") needs an input of rank 1 or more, not a scalar");
}
inline ShapeError input_width(Text name, Text path, std::ptrdiff_t expected, std::ptrdiff_t found,
                              Text input, bool flattened) {
  return ShapeError("the parameter " + in_quotes(name) + " (path " + string(path) +
                    ") is for inputs of width " + to_string(expected) +
                    ", but the input of shape " + string(input) + " has width " + to_string(found) +
                    (flattened ? " after flattening" : " on its last axis") +
                    ": change the input, or build the layer with in_units = " + to_string(found));
}

inline ValueError empty_function(Text name) {
  return ValueError("the function " + in_quotes(name) +
                    " given to a layer is empty: pass one that can be called");
}
inline ValueError layer_option(Text layer, Text option, Text must, double found) {
  return ValueError(string(option) + " of a " + string(layer) + " must be " + string(must) +
                    ", not " + shown(found));
}
inline ShapeError no_channel_axis(Text name, Text path, std::ptrdiff_t axis, Text input) {
  return ShapeError("the parameter " + in_quotes(name) + " (path " + string(path) +
                    ") has one value for each position on axis " + to_string(axis) +
                    ", which the input of shape " + string(input) +
                    " does not have: give it that axis, or build the layer for another one");
}
inline ShapeError input_channels(Text name, Text path, std::ptrdiff_t expected,
                                 std::ptrdiff_t found, std::ptrdiff_t axis, Text input) {
  return ShapeError(
      "the parameter " + in_quotes(name) + " (path " + string(path) + ") is for " +
      to_string(expected) + " channels on axis " + to_string(axis) + ", but the input of shape " +
      string(input) + " has " + to_string(found) +
      " there: change the input, or build the layer with in_channels = " + to_string(found));
}
inline IndexError bad_embedding_index(Text reason, Text name, Text path) {
  return IndexError(string(reason) + " of the parameter " + in_quotes(name) + " (path " +
                    string(path) +
                    "): check the indices, or build the Embedding with a larger input_dim");
}

// ops

inline ValueError unknown_activation(Text name, const std::vector<string>& known,
                                     Text what = "activation") {
  string text = "there is no " + string(what) + " " + in_quotes(name) + "; there are";
  for (const string& one : known) text += (&one == known.data() ? " " : ", ") + one;
  return ValueError(text + ", or pass any function of a Tensor");
}
inline ShapeError prelu_shapes(Text x, Text alpha) {
  return ShapeError("prelu: alpha of shape " + string(alpha) + " does not fit an input of shape " +
                    string(x) +
                    ": give one alpha, or one for each channel, which is axis 1 of the input");
}
inline ValueError axis_twice(std::ptrdiff_t axis, Text shape) {
  return ValueError("axis " + to_string(axis) + " of the shape " + string(shape) +
                    " is named twice among the axes: name it once");
}
inline ValueError reduction_of_nothing(Text operation, Text shape) {
  return ValueError(string(operation) + " over an empty axis of the shape " + string(shape) +
                    " has no value: check the size first");
}
inline ShapeError dot_shapes(Text a, Text b) {
  return ShapeError("dot: the shapes " + string(a) + " and " + string(b) +
                    " do not fit together: the last axis of the first must be as long as the first "
                    "of the second, whose rank is 1 or 2");
}
inline ShapeError dense_weight(Text weight) {
  return ShapeError("dense: the weight must have the shape (units, in_units), not " +
                    string(weight));
}
inline ShapeError dense_shapes(Text x, Text weight, bool flatten) {
  return ShapeError(
      "dense: an input of shape " + string(x) +
      " does not fit a weight (units, in_units) of shape " + string(weight) +
      (flatten ? ": all axes of the input but the first, flattened, must have in_units elements"
               : ": the last axis of the input must have in_units elements"));
}
inline ShapeError dense_bias(Text bias, Text weight) {
  return ShapeError("dense: a bias of shape " + string(bias) +
                    " does not fit a weight (units, in_units) of shape " + string(weight) +
                    ": it must have the shape (units,)");
}
inline ShapeError flatten_of_scalar() {
  return ShapeError("flatten: a tensor of rank 0 has no first axis to keep: reshape it to (1, 1)");
}
inline ValueError transpose_axes(std::size_t count, Text shape) {
  return ValueError("transpose: " + to_string(count) + " axes for the shape " + string(shape) +
                    ": name each of its axes once");
}
inline ShapeError take_of_scalar() { return ShapeError("take: a table of rank 0 has no rows"); }
inline IndexError bad_row_index(Text index, std::ptrdiff_t rows) {
  return IndexError("take: the index " + string(index) + " is not a whole number from 0 to " +
                    to_string(rows - 1) + ", the last of " + to_string(rows) + " rows");
}
inline ValueError clip_bounds(double low, double high) {
  return ValueError("clip: low must not be above high, but low is " + to_string(low) +
                    " and high is " + to_string(high));
}
inline ValueError dropout_rate(double rate) {
  return ValueError("dropout: the rate is the probability of dropping, from 0 to 1, not " +
                    to_string(rate));
}
inline ShapeError channel_values(Text operation, Text what, Text values, std::ptrdiff_t channels,
                                 Text x) {
  return ShapeError(string(operation) + ": " + string(what) + " of shape " + string(values) +
                    " does not fit the input of shape " + string(x) + ": it must have the shape (" +
                    to_string(channels) + ",), one for each position on the normalized axis");
}

// random

inline ValueError bad_bounds(Text what, double low, double high) {
  return ValueError(string(what) + ": low must not be above high, but low is " + shown(low) +
                    " and high is " + shown(high));
}
inline ValueError bounds_out_of_range(Text what, double low, double high, Text dtype) {
  return ValueError(string(what) + ": the bounds " + shown(low) + " and " + shown(high) +
                    " are not finite, or further apart than " + string(dtype) +
                    " reaches: use nearer ones, or a wider scalar");
}
inline ValueError bad_normal(Text what, double mean, double stddev) {
  return ValueError(string(what) +
                    ": the mean must be finite and the standard deviation finite and at least 0, "
                    "but the mean is " +
                    shown(mean) + " and the standard deviation " + shown(stddev));
}
inline ValueError normal_out_of_range(Text what, double mean, double stddev, Text dtype) {
  return ValueError(string(what) + ": values with the mean " + shown(mean) +
                    " and the standard deviation " + shown(stddev) + " may be out of range for " +
                    string(dtype) + ": use smaller ones, or a wider scalar");
}
inline ValueError bad_probability(double p) {
  return ValueError("bernoulli: the probability p must lie between 0 and 1, not " + shown(p));
}
inline ValueError negative_permutation(std::ptrdiff_t n) {
  return ValueError("permutation: the number of elements must not be negative: " + to_string(n));
}
inline ValueError below_zero_numbers() {
  return ValueError(
      "below(0): there is no number below 0 to draw; pass the number of possibilities, 1 or more");
}
inline ValueError bad_thread_count(int count) {
  return ValueError("set_num_threads: the number of threads must be at least 1, not " +
                    to_string(count));
}

// initializers

inline InitializerError initializer_of_other_scalar(Text rule, Text dtype) {
  return InitializerError(
      "the initializer " + string(rule) +
      " is written for another scalar: derive it from init::Initializer<Scalar> for " +
      string(dtype));
}
inline InitializerError initializer_changed_shape(Text parameter, Text expected, Text found) {
  return InitializerError("the initializer of the parameter " + string(parameter) + " of shape " +
                          string(expected) + " assigned a tensor of shape " + string(found) +
                          ": write into the tensor that it is given");
}
inline InitializerError initializer_option(Text rule, Text option, Text must, Text found) {
  return InitializerError("init::" + string(rule) + ": " + string(option) + " must be " +
                          string(must) + ", not " + string(found));
}
inline InitializerError initializer_shape(Text rule, Text parameter, Text shape, Text needs) {
  return InitializerError("init::" + string(rule) + " cannot fill the parameter " +
                          in_quotes(parameter) + " of shape " + string(shape) + ": it needs " +
                          string(needs) + "; give the parameter another initializer");
}
inline InitializerError initializer_value(Text rule, Text parameter, Text value, Text dtype) {
  return InitializerError("init::" + string(rule) + " cannot fill the parameter " +
                          in_quotes(parameter) + ": " + string(value) + " is out of range for " +
                          string(dtype) + "; use a smaller value or a wider scalar");
}
inline InitializerError no_rule_for_parameter(Text parameter, const std::vector<string>& patterns) {
  return InitializerError("init::Mixed has no rule for the parameter " + in_quotes(parameter) +
                          ": none of its patterns (" + detail::brief_list(patterns) +
                          ") matches from the start of that name; end the list with {\".*\", ...}");
}
inline InitializerError no_value_for_parameter(Text parameter, const std::vector<string>& nearest) {
  return InitializerError("init::Load has no value for the parameter " + in_quotes(parameter) +
                          " and no default initializer." + detail::did_you_mean(nearest) +
                          " Add the value, or pass an initializer for the rest as second argument");
}
inline InitializerError unknown_initializer(Text name, const std::vector<string>& nearest) {
  return InitializerError("there is no initializer " + in_quotes(name) + "." +
                          detail::did_you_mean(nearest) +
                          " init::register_initializer<T>(\"name\") adds one of your own");
}
inline InitializerError unknown_initializer_option(Text rule, Text option,
                                                   const std::vector<string>& known) {
  return InitializerError("the initializer " + in_quotes(rule) + " has no option " +
                          in_quotes(option) + "; it has " +
                          (known.empty() ? string("none") : detail::brief_list(known)));
}
inline InitializerError missing_initializer_option(Text option) {
  return InitializerError(
      "the option " + in_quotes(option) +
      " of this initializer must be given, as in [\"constant\", {\"value\": 1}]");
}
inline InitializerError bad_initializer_name(Text name) {
  return InitializerError("an initializer cannot be registered as " + in_quotes(name) +
                          ": use letters, digits, '_' and '-', at least one of them");
}
inline InitializerError json_not_included(Text text) {
  return InitializerError("the initializer " + string(text) +
                          " is in JSON form: #include <parton/init/text.hpp> (which needs "
                          "nlohmann_json), or write it as a C++ object, "
                          "as in init::Xavier({.magnitude = 3})");
}
inline InitializerError bad_initializer_text(Text text, Text reason) {
  return InitializerError("the initializer text " + string(text) +
                          " cannot be read: " + string(reason) +
                          "; it is a name (xavier) or a JSON array of a name and options "
                          "([\"xavier\", {\"magnitude\": 3}])");
}

}  // namespace errors

}  // namespace parton
