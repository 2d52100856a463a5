// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <parton/detail/error_text.hpp>

/// \file Convolution and pooling.

namespace parton::errors {

[[gnu::cold]] inline ValueError window_option(Text op, Text option, Text must,
                                              std::ptrdiff_t found) {
  return ValueError(string(op) + ": " + string(option) + " must be " + string(must) + ", not " +
                    to_string(found));
}
[[gnu::cold]] inline ShapeError window_input(Text op, Text layout, Text x) {
  return ShapeError(string(op) + ": the input must have the axes " + string(layout) +
                    ", not the shape " + string(x) + ": reshape it");
}
[[gnu::cold]] inline ShapeError window_does_not_fit(Text op, Text axis, std::ptrdiff_t padded,
                                                    std::ptrdiff_t reach, Text x) {
  return ShapeError(string(op) + ": the " + string(axis) + " of the input of shape " + string(x) +
                    " is " + to_string(padded) + " with its padding, but a window reaches over " +
                    to_string(reach) + ": pad more, or make kernel or dilation smaller");
}
[[gnu::cold]] inline ShapeError convolution_weight(Text op, Text layout, Text weight) {
  return ShapeError(string(op) + ": the weight must have the shape " + string(layout) + ", not " +
                    string(weight));
}
[[gnu::cold]] inline ShapeError convolution_channels(Text op, Text x, Text weight,
                                                     std::ptrdiff_t groups) {
  return ShapeError(string(op) + ": an input of shape " + string(x) + " has not the " +
                    to_string(groups) +
                    " times in_channels / groups channels of a weight of shape " + string(weight) +
                    ": axis 1 of the input must be groups times axis 1 of the "
                    "weight");
}
[[gnu::cold]] inline ShapeError convolution_groups(Text op, Text weight, std::ptrdiff_t groups) {
  return ShapeError(string(op) + ": the out_channels of a weight of shape " + string(weight) +
                    " are not a multiple of groups = " + to_string(groups) +
                    ": each group makes as many of them");
}
[[gnu::cold]] inline ShapeError convolution_bias(Text op, Text bias, Text weight) {
  return ShapeError(string(op) + ": a bias of shape " + string(bias) +
                    " does not fit a weight of shape " + string(weight) +
                    ": it must have the shape (out_channels,)");
}
[[gnu::cold]] inline ValueError pooling_padding(Text op, std::ptrdiff_t padding,
                                                std::ptrdiff_t reach) {
  return ValueError(string(op) + ": a padding of " + to_string(padding) +
                    " would leave a window over " + to_string(reach) +
                    " without input: the padding must be smaller than the window");
}
[[gnu::cold]] inline ShapeError pooling_of_nothing(Text op, Text x) {
  return ShapeError(string(op) + ": an input of shape " + string(x) +
                    " has an empty spatial axis, over which no window has a value");
}
[[gnu::cold]] inline ShapeError pooling_too_large(Text op, Text what, Text limit, Text x) {
  return ShapeError(string(op) + ": " + string(what) + " over an input of shape " + string(x) +
                    " has more than " + string(limit) + " elements: pool in two steps");
}
[[gnu::cold]] inline ValueError channels_not_multiple(Text layer, Text what,
                                                      std::ptrdiff_t channels,
                                                      std::ptrdiff_t groups) {
  return ValueError(string(what) + " = " + to_string(channels) + " of a " + string(layer) +
                    " is not a multiple of groups = " + to_string(groups) +
                    ": every group has as many of them");
}
[[gnu::cold]] inline ShapeError input_not_for_convolution(Text name, Text path, Text layout,
                                                          Text input) {
  return ShapeError("the parameter " + in_quotes(name) + " (path " + string(path) +
                    ") is for inputs with the axes " + string(layout) + ", not of shape " +
                    string(input) + ": reshape the input");
}
[[gnu::cold]] inline ShapeError input_channels_of_groups(Text name, Text path,
                                                         std::ptrdiff_t channels,
                                                         std::ptrdiff_t groups) {
  return ShapeError("the parameter " + in_quotes(name) + " (path " + string(path) + ") is for " +
                    to_string(groups) + " groups, but the input has " + to_string(channels) +
                    " channels, which is not a multiple of that: change the input or the groups");
}

}  // namespace parton::errors
