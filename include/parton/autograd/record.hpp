// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <parton/autograd/node.hpp>
#include <parton/autograd/saved.hpp>
#include <parton/autograd/trace.hpp>

/// \file How an op puts itself on the tape: `if (must_record(x)) record("op", y, inputs(x),
/// saved(x), [](Gradients<Scalar>& gradients, const Tensor<Scalar>& x) { ... });`

namespace parton::detail {

/// True if x, a tensor or a pointer to one, is a recorded result or a leaf that wants a gradient.
template <class Scalar>
bool needs_gradient(const Tensor<Scalar>& x) noexcept {
  return in_graph(Access::record(x));
}
template <class Scalar>
bool needs_gradient(const Tensor<Scalar>* x) noexcept {
  return x != nullptr && needs_gradient(*x);
}

/// True if this thread records and one of the inputs needs a gradient.
template <class... Inputs>
bool must_record(const Inputs&... inputs) noexcept {
  return mode.recording && (needs_gradient(inputs) || ...);
}

/// The node of an input that takes a gradient, else null.
template <class Scalar>
Counted<GraphNode> node_of(const Tensor<Scalar>& x) noexcept {
  return needs_gradient(x) ? Access::record(x)->node : Counted<GraphNode>();
}
template <class Scalar>
Counted<GraphNode> node_of(const Tensor<Scalar>* x) noexcept {
  return x != nullptr ? node_of(*x) : Counted<GraphNode>();
}

/// The inputs of a step, in the order in which its backward numbers them.
template <class... Inputs>
std::array<Counted<GraphNode>, sizeof...(Inputs)> inputs(const Inputs&... all) noexcept {
  return {node_of(all)...};
}

using InputList = std::vector<Counted<GraphNode>, PoolAllocator<Counted<GraphNode>>>;

/// The same for as many tensors as there are.
template <class Scalar>
InputList inputs_of(std::span<const Tensor<Scalar>> all) {
  InputList result;
  result.reserve(all.size());
  for (const Tensor<Scalar>& one : all) result.push_back(node_of(one));
  return result;
}

/// No recording in this scope: a backward is not itself recorded.
class NotRecording {
 public:
  NotRecording() noexcept : before_(std::exchange(mode.recording, false)) {}
  NotRecording(const NotRecording&) = delete;
  NotRecording& operator=(const NotRecording&) = delete;
  ~NotRecording() { mode.recording = before_; }

 private:
  bool before_;
};

/// A step with a backward of any type.
template <class Scalar, class Inputs, class SavedValues, class Backward>
class RecordedStep final : public StepNode {
 public:
  RecordedStep(const char* name, bool is_writable, Inputs all, SavedValues values,
               Backward backward)
      : StepNode(name, is_writable),
        inputs_(std::move(all)),
        work_(std::in_place, std::move(values), std::move(backward)) {
    for (const auto& input : inputs_)
      if (input) order = std::max(order, input->order + 1);
  }

  [[nodiscard]] std::span<const Counted<GraphNode>> inputs() const noexcept override {
    return inputs_;
  }
  void check() const override {
    if (!work_) throw errors::graph_released(operation);
    std::apply([this](const auto&... one) { (one.check(operation), ...); }, work_->values);
  }
  void run(const Pass& pass) override {
    Gradients<Scalar> gradients(pass, std::move(pending), inputs_);
    std::apply([&](const auto&... one) { work_->backward(gradients, one.get()...); },
               work_->values);
  }
  void release() noexcept override {
    work_.reset();
    for (auto& input : inputs_) input.reset();
  }

 private:
  struct Work {
    Work(SavedValues v, Backward b) : values(std::move(v)), backward(std::move(b)) {}
    SavedValues values;
    Backward backward;
  };
  Inputs inputs_;
  std::optional<Work> work_;
};

/// Puts a step on the tape: `result` came from `inputs`, and `backward(gradients, values...)` hands
/// the gradient of the result on. Only after must_record(), and after the result is computed.
template <class Scalar, class Inputs, class SavedValues, class Backward>
void record(const char* operation, Tensor<Scalar>& result, Inputs inputs, SavedValues values,
            Backward backward, bool writable = false) {
  TensorRecord& record = *Access::record(result);
  // What the op filled is its own so far: whatever pointers it used to write are gone.
  if (!writable && record.buffer->references.load(std::memory_order_relaxed) == 1)
    record.buffer->exposed.store(false, std::memory_order_relaxed);
  // A step that saved its own result holds this record: with a node, the two would hold each other.
  const bool saved_itself = record.references.load(std::memory_order_relaxed) > 1;
  using Step = RecordedStep<Scalar, Inputs, SavedValues, Backward>;
  if (saved_itself)
    result = Access::tensor<Scalar>(TensorRecord::make(record.shape, record.buffer, record.data));
  Access::record(result)->node = Counted<GraphNode>(
      new Step(operation, writable, std::move(inputs), std::move(values), std::move(backward)));
}

}  // namespace parton::detail
