// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <exception>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <parton/fwd.hpp>
#include <parton/io/dtype.hpp>
#include <parton/tensor/shape.hpp>
#include <parton/tensor/storage.hpp>

/// \file What ran in a forward, as plain data: tensors by number, and the ops between them.

namespace parton::io::detail::to_onnx {

using AttributeValue =
    std::variant<bool, Index, double, std::string, std::vector<Index>, std::vector<double>>;

/// A tensor that occurred.
struct Value {
  enum class Kind { input, parameter, constant, result };
  Kind kind = Kind::result;
  Dtype dtype = Dtype::float32;
  Shape shape;
  /// The elements as they were when it first occurred; of a parameter and of a constant.
  parton::detail::Counted<parton::detail::TensorRecord> elements;
  /// The path of a parameter; of others the block that it first occurred in.
  std::string path;

  [[nodiscard]] std::size_t bytes() const {
    return static_cast<std::size_t>(shape.size()) * size_of(dtype);
  }
};

/// An op that ran. An input that is left out is `none`.
struct Step {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::string op;
  std::string path;
  std::vector<std::size_t> inputs, outputs;
  std::map<std::string, AttributeValue> attributes;
  /// What is wrong with it, if its result is used.
  std::exception_ptr error;
};

/// A forward.
struct Recording {
  /// The length of the first axis of the input.
  Index batch = 0;
  std::vector<Value> values;
  std::vector<Step> steps;
  std::size_t input = 0;
  std::size_t output = 0;

  /// Takes away the steps that the output does not come from, such as those of a condition.
  void drop_unused() {
    std::vector<bool> used(values.size(), false);
    used[output] = true;
    std::vector<Step> kept;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
      bool needed = false;
      for (const std::size_t value : step->outputs) needed = needed || used[value];
      if (!needed) continue;
      for (const std::size_t value : step->inputs)
        if (value != Step::none) used[value] = true;
      kept.push_back(std::move(*step));
    }
    steps.assign(std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend()));
    renumber();
  }

 private:
  void renumber() {
    std::vector<std::size_t> numbers(values.size(), Step::none);
    std::vector<Value> kept;
    const auto keep = [&](std::size_t value) {
      if (value == Step::none) return value;
      if (numbers[value] == Step::none) {
        numbers[value] = kept.size();
        kept.push_back(std::move(values[value]));
      }
      return numbers[value];
    };
    input = keep(input);
    for (Step& step : steps) {
      for (std::size_t& value : step.inputs) value = keep(value);
      for (std::size_t& value : step.outputs) value = keep(value);
    }
    output = keep(output);
    values = std::move(kept);
  }
};

}  // namespace parton::io::detail::to_onnx
