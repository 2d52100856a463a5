// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>

#include <parton/error.hpp>
#include <parton/io/detail/onnx/recording.hpp>

/// \file Recordings beside each other: of another input, for what was computed where no op saw it;
/// and of other sizes of the batch, for what follows that.

namespace parton::io::detail::to_onnx {

inline const std::byte* bytes_of(const Value& value) {
  return static_cast<const std::byte*>(value.elements->data);
}

inline bool same_elements(const Value& a, const Value& b) {
  return a.dtype == b.dtype && a.shape == b.shape &&
         (a.bytes() == 0 || std::memcmp(bytes_of(a), bytes_of(b), a.bytes()) == 0);
}

/// True if all elements are the same number as the first one of `other`.
inline bool repeats_first_of(const Value& value, const Value& other) {
  const std::size_t size = size_of(value.dtype);
  if (value.dtype != other.dtype || value.bytes() == 0 || other.bytes() == 0) return false;
  for (std::size_t at = 0; at < value.bytes(); at += size)
    if (std::memcmp(bytes_of(value) + at, bytes_of(other), size) != 0) return false;
  return true;
}

/// Both the input, a constant or a result, or the same parameter.
inline bool same_role(const Value& a, const Value& b) {
  return a.kind == b.kind && (a.kind != Value::Kind::parameter || a.path == b.path);
}

/// NaN is the same as NaN.
inline bool same_attribute(const AttributeValue& a, const AttributeValue& b) {
  const double *x = std::get_if<double>(&a), *y = std::get_if<double>(&b);
  return a == b || (x != nullptr && y != nullptr && std::isnan(*x) && std::isnan(*y));
}

/// The same op on the same values.
inline bool same_structure(const Step& a, const Step& b) {
  if (a.op != b.op || a.path != b.path || a.inputs != b.inputs || a.outputs != b.outputs ||
      a.attributes.size() != b.attributes.size())
    return false;
  return std::equal(a.attributes.begin(), a.attributes.end(), b.attributes.begin(),
                    [](const auto& x, const auto& y) {
                      return x.first == y.first && x.second.index() == y.second.index();
                    });
}

/// Compares a recording with one of another input of the same shape. False if other steps ran, or
/// with other parameters, from some point on, which then is as far as can be seen.
/// \throws ExportError for values and numbers that were computed where no op saw it.
inline bool check_values(const Recording& a, const Recording& b) {
  for (std::size_t i = 0; i < a.steps.size(); ++i) {
    if (i == b.steps.size() || !same_structure(a.steps[i], b.steps[i])) return false;
    const Step& step = a.steps[i];
    for (const auto& [key, value] : step.attributes)
      if (!same_attribute(value, b.steps[i].attributes.at(key)))
        throw errors::onnx_number_outside(step.op, step.path, key);
    for (const std::size_t input : step.inputs) {
      if (input == Step::none) continue;
      const Value &one = a.values[input], &other = b.values[input];
      if (!same_role(one, other)) return false;
      if (one.kind == Value::Kind::constant && !same_elements(one, other))
        throw errors::onnx_computed_outside(step.op, step.path, one.shape.to_string());
    }
  }
  if (a.steps.size() != b.steps.size() || a.output != b.output) return false;
  const Value &one = a.values[a.output], &other = b.values[b.output];
  if (one.kind == Value::Kind::constant && !same_elements(one, other))
    throw errors::onnx_output_outside(one.shape.to_string());
  return same_role(one, other);
}

/// Why a recording of another size of the batch is not of the same graph; nothing if it is.
inline std::optional<std::string> differs_for_batch(const Recording& a, const Recording& b) {
  const std::string other =
      "for " + std::to_string(b.batch) + " in place of " + std::to_string(a.batch) + " rows ";
  if (a.steps.size() != b.steps.size() || a.values.size() != b.values.size())
    return other + "forward ran " + std::to_string(b.steps.size()) + " ops in place of " +
           std::to_string(a.steps.size());
  for (std::size_t i = 0; i < a.steps.size(); ++i) {
    const Step& step = a.steps[i];
    const std::string where = errors::op_in_block(step.op, step.path);
    if (!same_structure(step, b.steps[i]))
      return other + "forward ran " + errors::op_in_block(b.steps[i].op, b.steps[i].path) +
             " in place of " + where;
    for (const auto& [key, value] : step.attributes) {
      const AttributeValue& second = b.steps[i].attributes.at(key);
      const bool counts =
          std::holds_alternative<Index>(value) || std::holds_alternative<std::vector<Index>>(value);
      if (!counts && !same_attribute(value, second)) return other + where + " had another " + key;
    }
    for (const std::size_t input : step.inputs) {
      if (input == Step::none || a.values[input].kind != Value::Kind::constant) continue;
      const Value &one = a.values[input], &second = b.values[input];
      if (same_elements(one, second)) continue;
      if (one.shape.rank() != second.shape.rank() || !repeats_first_of(one, one) ||
          !repeats_first_of(second, one))
        return other + where + " used a tensor of other values that no op gave";
    }
  }
  for (std::size_t i = 0; i < a.values.size(); ++i)
    if (!same_role(a.values[i], b.values[i]) ||
        a.values[i].shape.rank() != b.values[i].shape.rank())
      return other + "forward used other tensors";
  if (a.output != b.output) return other + "forward gave another result";
  return std::nullopt;
}

}  // namespace parton::io::detail::to_onnx
