// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <parton/detail/error_text.hpp>

/// \file Recording and gradients.

namespace parton::errors {

[[gnu::cold]] inline GradientError write_to_recorded() {
  return GradientError(
      "a write in place to a recorded result, whose gradient would then be wrong: make a new "
      "tensor "
      "(x = x + y instead of x += y), or write under autograd::Pause");
}
[[gnu::cold]] inline GradientError write_of_recorded() {
  return GradientError(
      "a recorded result would be written into a tensor in place, where no gradient finds it: make "
      "a new tensor (x = x + y instead of x += y), or write its detach()");
}
[[gnu::cold]] inline GradientError written_since(Text what, Text shape, Text operation) {
  return GradientError(string(what) + " of shape " + string(shape) + " was written to after " +
                       in_quotes(operation) +
                       " was recorded, whose gradient needs the old values: call backward() before "
                       "the write, or write to a copy(); set_data() of a parameter is always safe");
}
[[gnu::cold]] inline GradientError graph_released(Text operation) {
  return GradientError("the recording of " + in_quotes(operation) +
                       " was used by an earlier backward and is freed: record it again, or keep it "
                       "with backward(head_gradient, true)");
}
[[gnu::cold]] inline GradientError not_recorded(Text shape) {
  return GradientError(
      "backward of a tensor of shape " + string(shape) +
      " that was not recorded: compute it while an autograd::Record lives, from parameters whose "
      "grad_req is not null or from tensors with attach_grad()");
}
[[gnu::cold]] inline ShapeError head_gradient_shape(Text head, Text gradient) {
  return ShapeError("the head gradient has the shape " + string(gradient) + ", the head has " +
                    string(head) + ": give one of the same shape");
}
[[gnu::cold]] inline ValueError head_gradient_count(std::size_t heads, std::size_t gradients) {
  return ValueError(to_string(gradients) + " head gradients for " + to_string(heads) +
                    " heads: give one for each head, or none");
}
[[gnu::cold]] inline ValueError no_heads() {
  return ValueError("backward without a head: give the tensors whose gradients are wanted");
}
[[gnu::cold]] inline ValueError no_variables() {
  return ValueError("grad() without variables: give the tensors with respect to which to derive");
}
[[gnu::cold]] inline GradientError not_a_variable(std::size_t position, Text shape) {
  return GradientError("variable " + to_string(position) + " of grad(), of shape " + string(shape) +
                       ", takes no gradient: mark it with attach_grad() before recording, or give "
                       "a recorded result or the data() of a parameter");
}
[[gnu::cold]] inline GradientError attach_to_parameter(Text parameter) {
  return GradientError("attach_grad() on the values of " + string(parameter) +
                       ": a parameter has its gradient already, set_grad_req() changes it");
}
[[gnu::cold]] inline GradientError no_gradient_here(Text shape, bool recorded) {
  return GradientError(
      recorded ? "a recorded result of shape " + string(shape) +
                     " keeps no gradient: ask autograd::grad(heads, {x}) for it, or call "
                     "attach_grad() on the tensors that it came from"
               : "a tensor of shape " + string(shape) +
                     " has no gradient: call attach_grad() before recording");
}
[[gnu::cold]] inline ValueError function_gradient_count(Text function, std::size_t expected,
                                                        std::size_t found) {
  return ValueError("the backward of " + string(function) + " returned " + to_string(found) +
                    " gradients for " + to_string(expected) +
                    " inputs: return one for each, in "
                    "their order; an empty Tensor for one that has none");
}
[[gnu::cold]] inline ShapeError function_gradient_shape(Text function, std::size_t input,
                                                        Text expected, Text found) {
  return ShapeError("the backward of " + string(function) + " returned a gradient of shape " +
                    string(found) + " for input " + to_string(input) + " of shape " +
                    string(expected) + ": a gradient has the shape of its input");
}

}  // namespace parton::errors
