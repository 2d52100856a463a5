// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <parton/error.hpp>
#include <parton/io/detail/onnx/making.hpp>
#include <parton/io/detail/onnx/numbers.hpp>

/// \file One step on its way into the graph: what a rule reads, and what it writes with.

namespace parton::io::detail::to_onnx {

/// A step of one recording.
class StepView {
 public:
  StepView(const Recording& recording, std::size_t step)
      : recording_(&recording), step_(&recording.steps[step]) {}

  [[nodiscard]] const Step& step() const { return *step_; }
  [[nodiscard]] const Shape& shape(std::size_t i) const {
    return recording_->values[step_->inputs[i]].shape;
  }
  [[nodiscard]] const Shape& out_shape(std::size_t i = 0) const {
    return recording_->values[step_->outputs[i]].shape;
  }
  [[nodiscard]] const AttributeValue& attribute(const std::string& key) const {
    const auto found = step_->attributes.find(key);
    if (found == step_->attributes.end())
      throw errors::onnx_internal(step_->op, "has no attribute " + key);
    return found->second;
  }
  template <class T>
  [[nodiscard]] const T& get(const std::string& key) const {
    const T* found = std::get_if<T>(&attribute(key));
    if (found == nullptr) throw errors::onnx_internal(step_->op, "has another type of " + key);
    return *found;
  }

 private:
  const Recording* recording_;
  const Step* step_;
};

/// A step, in all recordings.
class Emission {
 public:
  Emission(Making& making, std::size_t step)
      : making_(making), graph_(making.graph), values_(making.recordings[0].values) {
    for (const Recording& recording : making.recordings) views_.emplace_back(recording, step);
  }

  // What the step has.

  [[nodiscard]] const Step& step() const { return views_[0].step(); }
  [[nodiscard]] const std::string& op() const { return step().op; }
  [[nodiscard]] std::size_t input_count() const { return step().inputs.size(); }
  [[nodiscard]] bool has(std::size_t i) const {
    return i < input_count() && step().inputs[i] != Step::none;
  }
  [[nodiscard]] const std::string& in(std::size_t i) const {
    return making_.names[step().inputs[i]];
  }
  /// The name of an input, or of what stands for one that is left out.
  template <class Otherwise>
  [[nodiscard]] std::string in_or(std::size_t i, const Otherwise& otherwise) const {
    return has(i) ? in(i) : otherwise();
  }
  [[nodiscard]] std::size_t rank(std::size_t i) const { return views_[0].shape(i).rank(); }
  [[nodiscard]] std::size_t out_rank(std::size_t i = 0) const {
    return views_[0].out_shape(i).rank();
  }
  [[nodiscard]] Dtype dtype(std::size_t i = 0) const { return values_[step().inputs[i]].dtype; }
  [[nodiscard]] Dtype out_dtype(std::size_t i = 0) const {
    return values_[step().outputs[i]].dtype;
  }

  // What must not follow the batch.

  template <class Function>
  [[nodiscard]] auto fixed(const char* what, const Function& f) const {
    const auto value = f(views_[0]);
    for (const StepView& view : views_)
      if (!(f(view) == value))
        throw DependsOnBatch{text_of(what) + " follows the size of the batch"};
    return value;
  }
  [[nodiscard]] Index dim(std::size_t i, std::size_t axis) const {
    return fixed("a dimension", [&](const StepView& at) { return at.shape(i).dims()[axis]; });
  }
  [[nodiscard]] Index out_dim(std::size_t axis) const {
    return fixed("a dimension", [&](const StepView& at) { return at.out_shape().dims()[axis]; });
  }
  [[nodiscard]] Shape fixed_shape(std::size_t i) const {
    return fixed("the shape", [&](const StepView& at) { return at.shape(i); });
  }
  template <class T>
  [[nodiscard]] T get(const char* key) const {
    return fixed(key, [&](const StepView& at) { return at.get<T>(key); });
  }
  [[nodiscard]] bool flag(const char* key) const { return get<bool>(key); }
  [[nodiscard]] Index integer(const char* key) const { return get<Index>(key); }
  [[nodiscard]] double number(const char* key) const { return get<double>(key); }
  [[nodiscard]] std::string text(const char* key) const { return get<std::string>(key); }
  [[nodiscard]] Ints list(const char* key) const {
    const auto values = get<std::vector<Index>>(key);
    return Ints(values.begin(), values.end());
  }

  // Writing.

  std::string node(const char* type, const std::vector<std::string>& inputs,
                   const Attributes& attributes = {}) {
    return graph_.node(type, inputs, attributes);
  }
  std::string ints(const Ints& values) { return graph_.ints(values); }
  /// A number of rank 0.
  std::string number(double value, Dtype dtype) { return filled(value, dtype, Shape()); }
  /// The same number everywhere in a tensor.
  std::string filled(double value, Dtype dtype, const Shape& shape);
  /// Values given by their bytes.
  std::string constant(Dtype dtype, const Shape& shape, const std::string& bytes) {
    return graph_.constant(dtype, shape, bytes.data());
  }
  std::string cast(const std::string& x, Dtype dtype) {
    return node("Cast", {x}, {{"to", type_number(dtype)}});
  }
  std::string transpose(const std::string& x, const Ints& order) {
    return node("Transpose", {x}, {{"perm", order}});
  }
  std::string binary(const char* type, const std::string& a, double b) {
    return node(type, {a, number(b, dtype())});
  }
  /// x in the shape that f gives for a recording.
  template <class Function>
  std::string reshape(const std::string& x, const Function& f);
  std::string reshape_to_result(const std::string& x) {
    return reshape(x, [](const StepView& at) { return at.out_shape(); });
  }
  /// The list of integers that f gives for a recording, computed from the batch where it follows
  /// that.
  template <class Function>
  std::string lengths(const char* what, const Function& f) {
    const std::vector<Ints> lists = evaluate(f);
    check_counts(what, lists);
    return making_.lengths(text_of(what), lists);
  }

  void result(const std::string& name, std::size_t i = 0) {
    making_.names[step().outputs[i]] = name;
  }

 private:
  template <class Function>
  [[nodiscard]] std::vector<Ints> evaluate(const Function& f) const {
    std::vector<Ints> lists;
    for (const StepView& view : views_) {
      const auto values = f(view);
      lists.emplace_back(values.begin(), values.end());
    }
    return lists;
  }

  [[nodiscard]] std::string text_of(const char* what) const {
    return std::string(what) + " of " + errors::op_in_block(op(), step().path);
  }

  void check_counts(const char* what, const std::vector<Ints>& lists) const {
    for (const Ints& list : lists)
      if (list.size() != lists[0].size())
        throw DependsOnBatch{"how many numbers " + text_of(what) +
                             " has follows the size of the batch"};
  }

  Making& making_;
  Graph& graph_;
  const std::vector<Value>& values_;
  std::vector<StepView> views_;
};

inline std::string Emission::filled(double value, Dtype dtype, const Shape& shape) {
  const std::string bytes = numbers::bytes_of(value, dtype, static_cast<std::size_t>(shape.size()));
  return graph_.constant(dtype, shape, bytes.data());
}

template <class Function>
std::string Emission::reshape(const std::string& x, const Function& f) {
  std::vector<Ints> lists = evaluate(f);
  check_counts("the shape", lists);
  Ints& first = lists[0];
  const bool empty = std::find(first.begin(), first.end(), 0) != first.end();
  std::size_t varying = 0, at = 0;
  for (std::size_t i = 0; i < first.size(); ++i)
    if (Making::varies(lists, i)) ++varying, at = i;
  std::string shape;
  if (varying == 1 && !empty) {
    Ints target = first;
    target[at] = -1;
    shape = ints(target);
  } else {
    shape = making_.lengths(text_of("the shape"), lists);
  }
  Attributes attributes;
  if (empty) attributes.push_back({"allowzero", std::int64_t{1}});
  return node("Reshape", {x, shape}, attributes);
}

/// How a step of one op becomes nodes.
struct Rule {
  std::string_view op;
  void (*emit)(Emission& to);
};

}  // namespace parton::io::detail::to_onnx
