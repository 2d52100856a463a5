// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include <parton/detail/error_text.hpp>

/// \file Blocks and the tree that they form.

namespace parton::errors {

[[gnu::cold]] inline Error moved_from_block(Text path) {
  return Error(
      (path.empty() ? string("this block") : "the block at " + in_quotes(path)) +
      " was moved from, so it has neither parameters nor children: use the one that it was "
      "moved to, or assign another to it");
}
[[gnu::cold]] inline NameError null_block(Text key) {
  return NameError("the child " + in_quotes(key) +
                   " is a null pointer: pass std::make_shared of a layer");
}
[[gnu::cold]] inline NameError block_inside_itself(Text key, Text block) {
  return NameError("the " + string(block) + " added as " + in_quotes(key) +
                   " contains the block that it is added to: a tree has no cycles");
}
[[gnu::cold]] inline NameError tree_too_deep(std::size_t levels, std::size_t limit) {
  return NameError("a tree of " + to_string(levels) + " levels of blocks: the limit is " +
                   to_string(limit) + "; add the layers side by side");
}
[[gnu::cold]] inline KeyError no_such_child(Text key, Text block,
                                            const std::vector<std::string>& nearest = {}) {
  return KeyError("a " + string(block) + " has no child " + in_quotes(key) + "." +
                  detail::did_you_mean(nearest));
}
[[gnu::cold]] inline KeyError block_has_no_parameter(Text key, Text name, Text block,
                                                     const std::vector<std::string>& keys) {
  return KeyError("the block " + in_quotes(name) + " (" + string(block) + ") has no parameter " +
                  in_quotes(key) + " of its own; it has " +
                  (keys.empty() ? string("none") : detail::brief_list(keys)));
}
[[gnu::cold]] inline IndexError child_out_of_range(std::ptrdiff_t index, std::size_t size,
                                                   Text name) {
  return IndexError("the block " + in_quotes(name) + " has " + to_string(size) +
                    " children: there is none at index " + to_string(index));
}
[[gnu::cold]] inline IndexError layer_slice_out_of_range(std::ptrdiff_t begin, std::ptrdiff_t end,
                                                         std::size_t size) {
  return IndexError("the slice [" + to_string(begin) + ", " + to_string(end) +
                    ") does not lie within a Sequential of " + to_string(size) + " layers");
}
[[gnu::cold]] inline TypeError wrong_layer_type(Text path, Text is, Text asked) {
  return TypeError("the block at " + in_quotes(path) + " is a " + string(is) + ", not a " +
                   string(asked));
}
[[gnu::cold]] inline CloneError cannot_clone(Text block, Text path) {
  return CloneError(
      "the " + string(block) + " at " + place_in_tree(path) +
      " cannot be cloned: give the class a default constructor, or one that takes a const "
      "reference to the original and registers the same children and parameters, and add it to the "
      "net under its own type; or call nn::clone(block), where that type is known");
}
[[gnu::cold]] inline CloneError cannot_cast(Text block, Text path, Text dtype) {
  return CloneError("the " + string(block) + " at " + in_quotes(path) + " cannot be cast to " +
                    string(dtype) +
                    ": it is written for one scalar; make it a class template on its Scalar and "
                    "call nn::register_cast for it");
}
[[gnu::cold]] inline CloneError clone_of_other_class(Text is, Text wanted) {
  return CloneError("a " + string(is) + " cannot be cloned or cast into a " + string(wanted) +
                    ": declare the copy with the block's own class, and call nn::clone(block)");
}
[[gnu::cold]] inline CloneError clone_registers_more(Text key, Text block) {
  return CloneError("the clone of a " + string(block) + " registers " + in_quotes(key) +
                    ", which the original does not have: the constructor that makes clones must "
                    "register what the original has");
}
[[gnu::cold]] inline CloneError clone_registers_less(Text block) {
  return CloneError("the clone of a " + string(block) +
                    " lacks children or parameters of the original: the constructor that makes "
                    "clones must register what the original has");
}
[[gnu::cold]] inline ValueError not_positive(Text what, std::ptrdiff_t value, Text layer) {
  return ValueError(string(what) + " of a " + string(layer) + " must be positive, not " +
                    to_string(value));
}
[[gnu::cold]] inline ValueError negative_count(Text what, std::ptrdiff_t value, Text layer) {
  return ValueError(string(what) + " of a " + string(layer) + " must not be negative: " +
                    to_string(value) + "; 0 leaves it to the first forward");
}
[[gnu::cold]] inline ShapeError scalar_input(Text layer, Text parameter) {
  return ShapeError("a " + string(layer) + " (" + in_quotes(parameter) +
                    ") needs an input of rank 1 or more, not a scalar");
}
[[gnu::cold]] inline ShapeError input_width(Text name, Text path, std::ptrdiff_t expected,
                                            std::ptrdiff_t found, Text input, bool flattened) {
  return ShapeError("the parameter " + in_quotes(name) + " (path " + string(path) +
                    ") is for inputs of width " + to_string(expected) +
                    ", but the input of shape " + string(input) + " has width " + to_string(found) +
                    (flattened ? " after flattening" : " on its last axis") +
                    ": change the input, or build the layer with in_units = " + to_string(found));
}

[[gnu::cold]] inline ValueError empty_function(Text name) {
  return ValueError("the function " + in_quotes(name) + " is empty: pass one that can be called");
}
[[gnu::cold]] inline ValueError layer_option(Text layer, Text option, Text must, double found) {
  return ValueError(string(option) + " of a " + string(layer) + " must be " + string(must) +
                    ", not " + shown(found));
}
[[gnu::cold]] inline ShapeError no_channel_axis(Text name, Text path, std::ptrdiff_t axis,
                                                Text input) {
  return ShapeError("the parameter " + in_quotes(name) + " (path " + string(path) +
                    ") has one value for each position on axis " + to_string(axis) +
                    ", which the input of shape " + string(input) +
                    " does not have: give it that axis, or build the layer for another one");
}
[[gnu::cold]] inline ShapeError input_channels(Text name, Text path, std::ptrdiff_t expected,
                                               std::ptrdiff_t found, std::ptrdiff_t axis,
                                               Text input) {
  return ShapeError(
      "the parameter " + in_quotes(name) + " (path " + string(path) + ") is for " +
      to_string(expected) + " channels on axis " + to_string(axis) + ", but the input of shape " +
      string(input) + " has " + to_string(found) +
      " there: change the input, or build the layer with in_channels = " + to_string(found));
}
[[gnu::cold]] inline IndexError bad_embedding_index(Text reason, Text name, Text path) {
  return IndexError(string(reason) + " of the parameter " + in_quotes(name) + " (path " +
                    string(path) +
                    "): check the indices, or build the Embedding with a larger input_dim");
}

}  // namespace parton::errors
