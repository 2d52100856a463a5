// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <parton/detail/error_text.hpp>

/// \file Optimizers, schedules, parameter groups and the Trainer.

namespace parton::errors {

/// Every name of a list, since the reader has to mend each.
[[gnu::cold]] inline string all_of(const std::vector<std::string>& described) {
  string text;
  for (const std::string& one : described) text += (text.empty() ? "" : ", ") + one;
  return text;
}

[[gnu::cold]] inline ValueError optimizer_option(Text where, Text option, Text wanted,
                                                 double value) {
  return ValueError(string(where) + ": " + string(option) + " must be " + string(wanted) +
                    ", not " + shown(value));
}
[[gnu::cold]] inline ValueError nesterov_without_momentum(double momentum, double dampening) {
  return ValueError(
      "SGD: nesterov needs a momentum above 0 and a dampening of 0, but momentum is " +
      shown(momentum) + " and dampening is " + shown(dampening));
}
[[gnu::cold]] inline ValueError no_optimizer() {
  return ValueError(
      "a Trainer was given a null pointer instead of an optimizer: pass optim::SGD(...), say");
}
[[gnu::cold]] inline ValueError milestones_not_ascending(std::uint64_t before,
                                                         std::uint64_t after) {
  return ValueError("MultiStep: the steps in `at` must be at least 1 and ascend, but " +
                    to_string(after) + " follows " + to_string(before));
}
[[gnu::cold]] inline ValueError schedule_value(std::uint64_t step, double factor) {
  return ValueError("the schedule must give a finite factor of at least 0, but for step " +
                    to_string(step) + " it gave " + shown(factor) + ": nothing was updated");
}
[[gnu::cold]] inline ValueError rate_is_scheduled(double rate) {
  return ValueError("the learning rate cannot be set to " + shown(rate) +
                    ", because a schedule decides on it: leave the schedule out of the "
                    "optimizer's options, or put the change into the schedule");
}

[[gnu::cold]] inline KeyError group_selects_nothing(std::size_t position, Text pattern,
                                                    const std::vector<std::string>& nearest) {
  return KeyError("group " + to_string(position) + " of the Trainer selects no parameter: " +
                  (pattern.empty() ? string("its predicate is false for all of them")
                                   : "the pattern " + in_quotes(pattern) +
                                         " must match a full name from its start, as '.*bias' "
                                         "matches 'dense0_bias'") +
                  "." + detail::did_you_mean(nearest));
}

[[gnu::cold]] inline ValueError no_parameters_to_train() {
  return ValueError(
      "a Trainer needs at least one parameter, but was given none: pass net.collect_params(), "
      "since net.params() holds the own parameters of the outermost block alone");
}
[[gnu::cold]] inline UninitializedError cannot_train_uninitialized(
    const std::vector<std::string>& parameters) {
  return UninitializedError("these parameters are not initialized: " + all_of(parameters) +
                            ". Call net.initialize() before you make a Trainer");
}
[[gnu::cold]] inline DeferredInitializationError cannot_step_deferred(
    const std::vector<std::string>& parameters) {
  return DeferredInitializationError(
      "nothing was updated, because the shapes of these parameters are not known yet: " +
      all_of(parameters) + ". Run a forward and backward that reach them before step()");
}
[[gnu::cold]] inline GradientError stale_gradients(const std::vector<std::string>& parameters) {
  return GradientError(
      "nothing was updated, because the gradients of these parameters are stale: no backward has "
      "reached them since the last step: " +
      all_of(parameters) +
      ". Run backward from a loss that depends on them; or freeze them with "
      "set_grad_req(GradReq::null); or leave them out with "
      "step(batch_size, {.ignore_stale = true})");
}
[[gnu::cold]] inline ValueError bad_batch_size(std::ptrdiff_t size) {
  return ValueError("step: the batch size must be at least 1, not " + to_string(size));
}
[[gnu::cold]] inline GradientError gradient_not_finite(Text parameter, double value,
                                                       std::ptrdiff_t position) {
  return GradientError("nothing was updated, because the gradient of the parameter " +
                       string(parameter) + " has " + shown(value) + " at position " +
                       to_string(position) +
                       ": look at the loss and the inputs of this step, lower the learning rate, "
                       "or bound the gradients with optim::clip_global_norm");
}

[[gnu::cold]] inline ValueError bad_max_norm(double max_norm) {
  return ValueError("clip_global_norm: max_norm must be above 0, not " + shown(max_norm));
}

[[gnu::cold]] inline NameError ambiguous_state_path(Text path) {
  return NameError("two parameters of the Trainer have the path " + in_quotes(path) +
                   ", so its state cannot be told apart by path: put both nets under one "
                   "Sequential, or train them with a Trainer each");
}
[[gnu::cold]] inline ValueError state_of_other_optimizer(Text expected, Text found) {
  return ValueError("the state is that of the optimizer " + in_quotes(found) +
                    ", but the Trainer has " + in_quotes(expected) +
                    ": make the Trainer with the optimizer that the state comes from");
}
[[gnu::cold]] inline ValueError state_does_not_fit(const std::vector<std::string>& missing,
                                                   const std::vector<std::string>& extra,
                                                   const std::vector<std::string>& mismatched) {
  string text = "the state does not fit the Trainer, and nothing was loaded.";
  if (!missing.empty()) text += " Missing in the state: " + all_of(missing) + ".";
  if (!extra.empty()) text += " In the state alone: " + all_of(extra) + ".";
  if (!mismatched.empty()) text += " Of another shape: " + all_of(mismatched) + ".";
  return ValueError(text +
                    " Load it into a Trainer over the same parameters, with the same options");
}

}  // namespace parton::errors
