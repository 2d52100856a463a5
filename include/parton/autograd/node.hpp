// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <parton/autograd/variable.hpp>
#include <parton/error.hpp>

/// \file A recorded step, and the gradients that its backward hands on.

namespace parton::detail {

/// One backward: its number, and in autograd::grad() where the wanted gradients go.
struct Pass {
  std::uint64_t id = next();
  /// The nodes whose gradients are wanted instead of those of all leaves; empty for backward().
  std::span<GraphNode* const> wanted;
  std::span<Counted<TensorRecord>> found;

  /// The place for the gradient of a node; null if it is not wanted.
  [[nodiscard]] Counted<TensorRecord>* slot(const GraphNode* node) const noexcept {
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (wanted[i] == node) return &found[i];
    return nullptr;
  }
  static std::uint64_t next() noexcept {
    static std::atomic<std::uint64_t> count{0};
    return count.fetch_add(1, std::memory_order_relaxed) + 1;
  }
};

/// A recorded step.
struct StepNode : GraphNode {
  StepNode(const char* name, bool is_writable) noexcept : GraphNode(false), operation(name) {
    writable = is_writable;
  }
  const char* operation;
  [[nodiscard]] bool wants_gradient() const noexcept override { return true; }
  /// The nodes of its inputs; null for one that no gradient goes to.
  [[nodiscard]] virtual std::span<const Counted<GraphNode>> inputs() const noexcept = 0;
  /// \throws GradientError if values that it needs were written to, or it has been released.
  virtual void check() const = 0;
  /// Hands `pending` on to the inputs.
  virtual void run(const Pass& pass) = 0;
  /// Drops what it saved.
  virtual void release() noexcept = 0;
};

/// Nobody else holds these elements.
inline bool is_unshared(const Counted<TensorRecord>& record) noexcept {
  return record->references.load(std::memory_order_acquire) == 1 &&
         record->buffer->references.load(std::memory_order_acquire) == 1;
}

/// Adds a gradient to what has arrived so far.
template <class Scalar>
void accumulate(Counted<TensorRecord>& sum, Tensor<Scalar> gradient) {
  if (!sum) {
    sum = Access::counted(gradient);
    return;
  }
  Tensor<Scalar> total = Access::tensor<Scalar>(std::move(sum));
  if (!is_unshared(Access::counted(total))) {
    if (is_unshared(Access::counted(gradient)))
      std::swap(total, gradient);
    else
      total = total.copy();
  }
  total += gradient;
  sum = Access::counted(total);
}

/// A function f(elements, add) that is called before its scope ends, without its type: what takes
/// one is then compiled once.
template <class Scalar>
class Writer {
 public:
  template <class Function>
  explicit Writer(const Function& f) noexcept
      : function_(&f), call_([](const void* function, Scalar* to, bool add) {
          (*static_cast<const Function*>(function))(to, add);
        }) {}
  void operator()(Scalar* to, bool add) const { call_(function_, to, add); }

 private:
  const void* function_;
  void (*call_)(const void* function, Scalar* to, bool add);
};

/// What the backward of a step works with: the gradient of its result, and those of its inputs.
template <class Scalar>
class Gradients {
 public:
  Gradients(const Pass& pass, Counted<TensorRecord> result,
            std::span<const Counted<GraphNode>> inputs) noexcept
      : pass_(pass), result_(Access::tensor<Scalar>(std::move(result))), inputs_(inputs) {}

  /// The gradient of the result, in the shape of the result. Not to be written to.
  [[nodiscard]] const Tensor<Scalar>& result() const noexcept { return result_; }

  /// Whether anybody wants the gradient of input i.
  [[nodiscard]] bool needs(std::size_t i) const noexcept {
    const GraphNode* const node = inputs_[i].get();
    if (node == nullptr || !node->wants_gradient()) return false;
    return !node->leaf || pass_.wanted.empty() || pass_.slot(node) != nullptr;
  }

  /// Contributes a tensor of the shape of input i.
  template <class Other>
  void add(std::size_t i, Tensor<Other> gradient) {
    if (!needs(i)) return;
    GraphNode& node = *inputs_[i];
    if (Counted<TensorRecord>* const slot = place(node)) {
      accumulate(*slot, std::move(gradient));
      return;
    }
    const auto put = [&](Other* to, bool more) {
      Eigen::Map<Eigen::Array<Other, Eigen::Dynamic, 1>> sum(to, gradient.size());
      const Eigen::Map<const Eigen::Array<Other, Eigen::Dynamic, 1>> one(gradient.data(),
                                                                         gradient.size());
      if (more)
        sum += one;
      else
        sum = one;
    };
    write_leaf<Other>(static_cast<Variable&>(node), gradient.shape(), Writer<Other>(put));
  }

  /// Contributes what f(elements, add) writes to (add is false) or adds to (add is true) the
  /// gradient of input i, in place where it belongs.
  template <class Other = Scalar, class Function>
  void write(std::size_t i, const Shape& shape, const Function& f) {
    if (needs(i)) write_with<Other>(i, shape, Writer<Other>(f));
  }

 private:
  template <class Other>
  void write_with(std::size_t i, const Shape& shape, const Writer<Other>& f) {
    GraphNode& node = *inputs_[i];
    Counted<TensorRecord>* const slot = place(node);
    if (slot == nullptr) {
      write_leaf<Other>(static_cast<Variable&>(node), shape, f);
    } else if (!*slot) {
      Tensor<Other> gradient = Tensor<Other>::empty(shape);
      f(fresh_data(gradient), false);
      *slot = Access::counted(gradient);
    } else {
      if (!is_unshared(*slot)) *slot = Access::counted(Access::tensor<Other>(*slot).copy());
      f(static_cast<Other*>((*slot)->data), true);
    }
  }

  /// Where contributions are summed up before they go on; null for a leaf that takes them itself.
  [[nodiscard]] Counted<TensorRecord>* place(GraphNode& node) const noexcept {
    if (!node.leaf) return &node.pending;
    return pass_.wanted.empty() ? nullptr : pass_.slot(&node);
  }

  /// A gradient may itself be a head gradient, or have been recorded: then this backward reads it.
  [[nodiscard]] static bool is_read_elsewhere(const Buffer& buffer) noexcept {
    return buffer.references.load(std::memory_order_relaxed) > 1 ||
           buffer.needed.load(std::memory_order_relaxed) > 0;
  }

  template <class Other>
  void write_leaf(Variable& leaf, const Shape& shape, const Writer<Other>& f) {
    const Variable::Guard guard(leaf);
    bool more = leaf.req == GradReq::add || leaf.last_pass == pass_.id;
    if (!leaf.grad) {
      Tensor<Other> gradient = Tensor<Other>::empty(shape);
      f(fresh_data(gradient), false);
      leaf.grad = Access::counted(gradient);
    } else if (is_read_elsewhere(*leaf.grad->buffer)) {
      const Tensor<Other> old = Access::tensor<Other>(leaf.grad);
      Tensor<Other> gradient = more ? old.copy() : Tensor<Other>::empty(shape);
      f(fresh_data(gradient), more);
      keep_past(*leaf.grad->buffer);
      std::copy_n(fresh_data(gradient), shape.size(), static_cast<Other*>(leaf.grad->data));
    } else {
      ++leaf.grad->buffer->version;
      f(static_cast<Other*>(leaf.grad->data), more);
    }
    leaf.last_pass = pass_.id;
    leaf.fresh = true;
  }

  const Pass& pass_;
  Tensor<Scalar> result_;
  std::span<const Counted<GraphNode>> inputs_;
};

}  // namespace parton::detail
