// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <parton/detail/error_text.hpp>

/// \file Initializers.

namespace parton::errors {

[[gnu::cold]] inline InitializerError initializer_of_other_scalar(Text rule, Text dtype) {
  return InitializerError(
      "the initializer " + string(rule) +
      " is written for another scalar: derive it from init::Initializer<Scalar> for " +
      string(dtype));
}
[[gnu::cold]] inline InitializerError initializer_changed_shape(Text parameter, Text expected,
                                                                Text found) {
  return InitializerError("the initializer of the parameter " + string(parameter) + " of shape " +
                          string(expected) + " assigned a tensor of shape " + string(found) +
                          ": write into the tensor that it is given");
}
[[gnu::cold]] inline InitializerError initializer_option(Text rule, Text option, Text must,
                                                         Text found) {
  return InitializerError("init::" + string(rule) + ": " + string(option) + " must be " +
                          string(must) + ", not " + string(found));
}
[[gnu::cold]] inline InitializerError initializer_shape(Text rule, Text parameter, Text shape,
                                                        Text needs) {
  return InitializerError("init::" + string(rule) + " cannot fill the parameter " +
                          in_quotes(parameter) + " of shape " + string(shape) + ": it needs " +
                          string(needs) + "; give the parameter another initializer");
}
[[gnu::cold]] inline InitializerError initializer_value(Text rule, Text parameter, Text value,
                                                        Text dtype) {
  return InitializerError("init::" + string(rule) + " cannot fill the parameter " +
                          in_quotes(parameter) + ": " + string(value) + " is out of range for " +
                          string(dtype) + "; use a smaller value or a wider scalar");
}
[[gnu::cold]] inline InitializerError no_rule_for_parameter(
    Text parameter, const std::vector<std::string>& patterns) {
  return InitializerError("init::Mixed has no rule for the parameter " + in_quotes(parameter) +
                          ": none of its patterns (" + detail::brief_list(patterns) +
                          ") matches from the start of that name; end the list with {\".*\", ...}");
}
[[gnu::cold]] inline InitializerError no_value_for_parameter(
    Text parameter, const std::vector<std::string>& nearest) {
  return InitializerError("init::Load has no value for the parameter " + in_quotes(parameter) +
                          " and no default initializer." + detail::did_you_mean(nearest) +
                          " Add the value, or pass an initializer for the rest as second argument");
}
[[gnu::cold]] inline InitializerError unknown_initializer(Text name,
                                                          const std::vector<std::string>& nearest) {
  return InitializerError("there is no initializer " + in_quotes(name) + "." +
                          detail::did_you_mean(nearest) +
                          " init::register_initializer<T>(\"name\") adds one of your own");
}
[[gnu::cold]] inline InitializerError unknown_initializer_option(
    Text rule, Text option, const std::vector<std::string>& known) {
  return InitializerError("the initializer " + in_quotes(rule) + " has no option " +
                          in_quotes(option) + "; it has " +
                          (known.empty() ? string("none") : detail::brief_list(known)));
}
[[gnu::cold]] inline InitializerError missing_initializer_option(Text option) {
  return InitializerError(
      "the option " + in_quotes(option) +
      " of this initializer must be given, as in [\"constant\", {\"value\": 1}]");
}
[[gnu::cold]] inline InitializerError bad_initializer_name(Text name) {
  return InitializerError("an initializer cannot be registered as " + in_quotes(name) +
                          ": use letters, digits, '_' and '-', at least one of them");
}
[[gnu::cold]] inline InitializerError json_not_included(Text text) {
  return InitializerError("the initializer " + string(text) +
                          " is in JSON form: #include <parton/init/text.hpp> (which needs "
                          "nlohmann_json), or write it as a C++ object, "
                          "as in init::Xavier({.magnitude = 3})");
}
[[gnu::cold]] inline InitializerError bad_initializer_text(Text text, Text reason) {
  return InitializerError("the initializer text " + string(text) +
                          " cannot be read: " + string(reason) +
                          "; it is a name (xavier) or a JSON array of a name and options "
                          "([\"xavier\", {\"magnitude\": 3}])");
}

}  // namespace parton::errors
