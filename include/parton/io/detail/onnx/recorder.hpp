// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <parton/autograd/trace.hpp>
#include <parton/error.hpp>
#include <parton/io/detail/onnx/recording.hpp>
#include <parton/nn/tree.hpp>
#include <parton/tensor/detail/fingerprint.hpp>

/// \file Watches a forward, and the tensors for writes that no op did.

namespace parton::io::detail::to_onnx {

using parton::detail::Counted;
using parton::detail::TensorRecord;

class Recorder final : public parton::detail::Tracer {
 public:
  /// \param top the path of the block that is exported, which those of others are relative to.
  explicit Recorder(std::string top) : top_(std::move(top)) { paths_.emplace_back(); }

  void set_input(const Counted<TensorRecord>& record, Dtype dtype) {
    result_.batch = record->shape.rank() == 0 ? 0 : record->shape[0];
    result_.input = add(record, dtype, Value::Kind::input, {});
  }
  void add_parameter(const Counted<TensorRecord>& record, Dtype dtype, const std::string& path) {
    result_.values[add(record, dtype, Value::Kind::parameter, path)].elements = record;
  }

  void step(const char* op, std::span<const parton::detail::TracedTensor> inputs,
            std::span<const parton::detail::TracedTensor> outputs,
            std::span<const parton::detail::TraceAttribute> attributes) override {
    Step step;
    step.op = op;
    step.path = paths_.back();
    for (const auto& [name, value] : attributes) step.attributes.emplace(name, value);
    const bool in_place =
        !inputs.empty() && !outputs.empty() && outputs[0].record.get() == inputs[0].record.get();
    for (std::size_t i = 0; i < inputs.size(); ++i)
      step.inputs.push_back(in_place && inputs[i].record.get() == inputs[0].record.get()
                                ? before_write(step, i == 0)
                            : in_place && part_of(inputs[i], *outputs[0].record)
                                ? known_.at(inputs[i].record.get()).value
                                : use(inputs[i], step));
    if (in_place) mark_stale(*outputs[0].record);
    for (const auto& output : outputs)
      step.outputs.push_back(
          add(output.record, dtype_of_name(output.dtype), Value::Kind::result, step.path));
    result_.steps.push_back(std::move(step));
  }

  void writing(const parton::detail::TracedTensor& to) override {
    written_ = Step();
    written_.op = "a write in place";
    written_.path = paths_.back();
    written_.inputs.push_back(use(to, written_));
  }

  void enter(const parton::detail::BlockBase& block) override {
    const auto* node = block.node_or_null();
    std::string path = node == nullptr ? std::string() : node->path();
    if (path == top_)
      path.clear();
    else if (!top_.empty() && path.starts_with(top_ + "."))
      path.erase(0, top_.size() + 1);
    // A layer that is not registered stands where it is called.
    paths_.push_back(path.empty() ? paths_.back() : path);
  }
  void leave() noexcept override { paths_.pop_back(); }

  /// What was recorded, with `output` as the result.
  /// \throws ExportError for writes that no op did.
  Recording finish(const Counted<TensorRecord>& output, Dtype dtype) {
    Step end;
    end.op = "output";
    const auto found = known_.find(output.get());
    const bool in_part = found != known_.end() && found->second.writer != nullptr;
    result_.output = use({output, to_string(dtype)}, end);
    if (end.error && in_part) throw errors::onnx_output_written(output->shape.to_string());
    if (end.error) throw errors::onnx_output_outside(output->shape.to_string());
    result_.drop_unused();
    for (const Step& step : result_.steps)
      if (step.error) std::rethrow_exception(step.error);
    for (const Value& value : result_.values)
      if (value.kind == Value::Kind::parameter &&
          hash_of(*value.elements, value.bytes()) != hashes_.at(value.elements.get()))
        throw errors::onnx_parameter_written(value.path);
    return std::move(result_);
  }

 private:
  /// A record that was met.
  struct Known {
    std::size_t value = 0;
    Counted<TensorRecord> record;
    std::uint64_t hash = 0;
    /// The record by which the storage was written to since.
    const TensorRecord* writer = nullptr;
  };

  static Dtype dtype_of_name(std::string_view name) { return *find_dtype(&DtypeRow::name, name); }
  static std::uint64_t hash_of(const TensorRecord& record, std::size_t bytes) {
    return parton::detail::fingerprint(record.data, bytes);
  }
  [[nodiscard]] std::size_t bytes_of(const Known& known) const {
    return result_.values[known.value].bytes();
  }

  std::size_t add(const Counted<TensorRecord>& record, Dtype dtype, Value::Kind kind,
                  const std::string& path) {
    Value value;
    value.kind = kind;
    value.dtype = dtype;
    value.shape = record->shape;
    value.path = path;
    const std::size_t number = result_.values.size();
    const std::uint64_t hash = hash_of(*record, value.bytes());
    if (kind == Value::Kind::parameter) hashes_[record.get()] = hash;
    result_.values.push_back(std::move(value));
    known_[record.get()] = {number, record, hash, nullptr};
    return number;
  }

  /// The number of what a step writes to, as it was before; an op that only writes has no target.
  std::size_t before_write(Step& step, bool as_target) {
    if (as_target && (step.op == "fill" || step.op == "assign")) return Step::none;
    if (written_.error) step.error = written_.error;
    return written_.inputs.at(0);
  }

  /// Whether it is a view into what was written to just now, as in `y += y[0]`; before that it was
  /// what it was recorded as, since what was written to was.
  [[nodiscard]] bool part_of(const parton::detail::TracedTensor& tensor,
                             const TensorRecord& written) const {
    const auto found = known_.find(tensor.record.get()), whole = known_.find(&written);
    if (found == known_.end() || whole == known_.end() || found->second.writer != nullptr ||
        tensor.record->buffer.get() != written.buffer.get())
      return false;
    const auto from = reinterpret_cast<std::uintptr_t>(tensor.record->data);
    const auto begin = reinterpret_cast<std::uintptr_t>(written.data);
    return begin <= from && from + bytes_of(found->second) <= begin + bytes_of(whole->second);
  }

  /// The number of an input of a step, which gets the error if it is not what it was.
  std::size_t use(const parton::detail::TracedTensor& tensor, Step& step) {
    const auto& [record, name] = tensor;
    if (!record) return Step::none;
    const Dtype dtype = dtype_of_name(name);
    const auto found = known_.find(record.get());
    if (found == known_.end()) return add_constant(record, dtype, step);
    Known& known = found->second;
    if (known.writer != nullptr && !see_through(known, step)) return known.value;
    if (hash_of(*record, bytes_of(known)) != known.hash && !step.error)
      step.error = std::make_exception_ptr(
          errors::onnx_written_outside(step.op, step.path, record->shape.to_string()));
    return known.value;
  }

  /// A tensor that no step gave: its values are kept as they are now.
  std::size_t add_constant(const Counted<TensorRecord>& record, Dtype dtype, const Step& step) {
    const std::size_t number = add(record, dtype, Value::Kind::constant, step.path);
    Value& value = result_.values[number];
    value.elements = TensorRecord::fresh(value.shape, size_of(dtype));
    if (value.bytes() > 0) std::memcpy(value.elements->data, record->data, value.bytes());
    return number;
  }

  /// Other records of storage that is about to be written to are out of date.
  void mark_stale(const TensorRecord& written) {
    const std::size_t bytes = bytes_of(known_.at(&written));
    const auto begin = reinterpret_cast<std::uintptr_t>(written.data), end = begin + bytes;
    for (auto& [record, known] : known_) {
      if (record == &written || record->buffer.get() != written.buffer.get()) continue;
      const auto from = reinterpret_cast<std::uintptr_t>(record->data);
      if (from < end && begin < from + bytes_of(known)) known.writer = &written;
    }
  }

  /// A view of all that was written to has the new values, in its own shape.
  bool see_through(Known& known, Step& step) {
    const Known& writer = known_.at(known.writer);
    if (writer.writer != nullptr || writer.record->data != known.record->data ||
        bytes_of(writer) != bytes_of(known)) {
      if (!step.error)
        step.error = std::make_exception_ptr(
            errors::onnx_write_to_part(step.op, step.path, known.record->shape.to_string()));
      return false;
    }
    Step view;
    view.op = "reshape";
    view.path = step.path;
    view.inputs.push_back(writer.value);
    const Counted<TensorRecord> record = known.record;
    view.outputs.push_back(
        add(record, result_.values[known.value].dtype, Value::Kind::result, step.path));
    result_.steps.push_back(std::move(view));
    return true;
  }

  std::string top_;
  std::vector<std::string> paths_;
  Recording result_;
  Step written_;  // what is about to be written to
  std::unordered_map<const TensorRecord*, Known> known_;
  std::unordered_map<const TensorRecord*, std::uint64_t> hashes_;
};

}  // namespace parton::io::detail::to_onnx
