// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include <parton/detail/error_text.hpp>

/// \file Names, patterns, dictionaries and parameters.

namespace parton::errors {

[[gnu::cold]] inline NameError empty_name() {
  return NameError("an empty name: a block, child or parameter needs at least one character");
}
[[gnu::cold]] inline NameError null_text() {
  return NameError("a null pointer stands where a name is expected: pass a text");
}
[[gnu::cold]] inline NameError name_too_long(Text begin, std::size_t length, std::size_t limit) {
  return NameError("the name beginning with " + in_quotes(begin) + " has " + to_string(length) +
                   " characters: the limit is " + to_string(limit));
}
[[gnu::cold]] inline NameError bad_name_character(Text name) {
  return NameError(
      "the name " + in_quotes(name) +
      ": a name consists of letters, digits, '_' and '-'; a dot separates the names of a path");
}
[[gnu::cold]] inline NameError key_taken(Text key, Text block) {
  return NameError("the key " + in_quotes(key) + " is registered twice in a " + string(block) +
                   ": give one of the two another key");
}
[[gnu::cold]] inline NameError name_clash(Text name, Text first, Text second) {
  return NameError(
      "the name " + in_quotes(name) + " would stand for both " + place_in_tree(first) + " and " +
      place_in_tree(second) +
      ": give one of the two another name, as in nn::Dense(10, nn::linear, {.name = \"decoder\"})");
}
[[gnu::cold]] inline NameError parameter_name_taken(Text name) {
  return NameError("the dictionary has another parameter named " + in_quotes(name) +
                   ": collect both nets under one Sequential, so that their names differ");
}
[[gnu::cold]] inline PatternError pattern_too_long(std::size_t length, std::size_t limit) {
  return PatternError("a pattern of " + to_string(length) + " characters: the limit is " +
                      to_string(limit) + "; pass a predicate on the parameter instead");
}
[[gnu::cold]] inline PatternError bad_pattern(Text pattern, std::size_t position, Text reason) {
  return PatternError("the pattern " + in_quotes(pattern) +
                      " is not a regular expression: it goes wrong at position " +
                      to_string(position) + ", at " + in_quotes(pattern.substr(position)) + " (" +
                      string(reason) + ")");
}
[[gnu::cold]] inline PatternError bad_pattern(Text pattern, Text reason) {
  return PatternError("the pattern " + in_quotes(pattern) + " is not a regular expression (" +
                      string(reason) + ")");
}
[[gnu::cold]] inline PatternError back_reference(Text pattern, std::size_t position) {
  return PatternError("the pattern " + in_quotes(pattern) + " refers back to a group at position " +
                      to_string(position) + ", " + in_quotes(pattern.substr(position, 2)) +
                      ": that may take forever, so it is not done; write the group out again, or "
                      "pass a predicate on the parameter instead");
}
[[gnu::cold]] inline PatternError pattern_repeats_too_much(Text pattern, std::size_t limit) {
  return PatternError("the pattern " + in_quotes(pattern) +
                      ", with its repetitions written out, is longer than " + to_string(limit) +
                      " characters: repeat less, as in '.*', or pass a predicate on the parameter "
                      "instead");
}
[[gnu::cold]] inline KeyError no_such_parameter(Text name, const std::vector<std::string>& nearest,
                                                std::size_t count) {
  return KeyError("there is no parameter " + in_quotes(name) + " among these " + to_string(count) +
                  "." + detail::did_you_mean(nearest));
}
[[gnu::cold]] inline ValueError bad_multiplier(Text what, double value, Text key) {
  return ValueError(string(what) + " of the parameter " + in_quotes(key) +
                    " must be finite and at least 0, not " + to_string(value));
}
[[gnu::cold]] inline ShapeError parameter_shape(Text parameter, Text expected, Text found) {
  return ShapeError(
      "the parameter " + string(parameter) + " has the shape " + string(expected) + ", which " +
      string(found) +
      " does not fit (-1 fits anything): reshape the values, or build the layer for this size");
}
[[gnu::cold]] inline DeferredInitializationError deferred_initialization(Text parameter,
                                                                         Text shape) {
  return DeferredInitializationError("the parameter " + string(parameter) + " has the shape " +
                                     string(shape) +
                                     ", which is not fully known, so its initialization is "
                                     "deferred until it is. Run one forward first, "
                                     "net(x) or infer_shapes(net, shape); or give the size, as in "
                                     "nn::Dense(10, nn::linear, {.in_units = 20})");
}
[[gnu::cold]] inline UninitializedError uninitialized(Text parameter) {
  return UninitializedError("the parameter " + string(parameter) +
                            " is not initialized. Call initialize() on the outermost block "
                            "(net.initialize()), or give the values, with "
                            "set_data() or by loading a file");
}
[[gnu::cold]] inline GradientError no_gradient(Text parameter) {
  return GradientError(
      "the parameter " + string(parameter) +
      " has no gradient, because its grad_req is null: set_grad_req(GradReq::write) gives it one");
}
[[gnu::cold]] inline TieError tie_conflict(Text parameter, Text what, Text wanted, Text stored) {
  return TieError("a layer cannot share the parameter " + string(parameter) + ": its " +
                  string(what) + " is " + string(stored) + ", the layer wants " + string(wanted) +
                  ": declare both alike");
}
[[gnu::cold]] inline TieError ambiguous_tie(Text key, Text first, Text second) {
  return TieError("params holds two parameters with the key " + in_quotes(key) + ", " +
                  in_quotes(first) + " and " + in_quotes(second) +
                  ": pass the params() of one layer");
}
[[gnu::cold]] inline TieError nothing_to_tie(Text block, const std::vector<std::string>& names) {
  return TieError(
      "params was given to a " + string(block) + ", but none of its parameters " +
      (names.empty() ? string("(it is empty)") : "(" + detail::brief_list(names) + ")") +
      " has a key that the layer declares: pass the params() of the layer to share with");
}

}  // namespace parton::errors
