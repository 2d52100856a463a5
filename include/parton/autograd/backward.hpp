// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton/autograd/record.hpp>

/// \file `backward` and `grad`: from results to the gradients of what they came from.

namespace parton {

namespace autograd {

struct BackwardOptions {
  /// Keeps the recording for another backward.
  bool retain_graph = false;
};

}  // namespace autograd

namespace detail {

/// The steps of one backward, in the order in which they run. This thread's vectors are used again.
class Schedule {
 public:
  explicit Schedule(const Pass& pass) : pass_(pass), steps_(storage().steps) {
    // A backward inside a backward, of a user's own function, brings its own.
    if (!storage().in_use)
      storage().in_use = shared_ = true;
    else
      steps_ref_ = &own_;
    steps().clear();
  }
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;
  ~Schedule() {
    for (const Counted<GraphNode>& step : steps()) step->pending.reset();
    steps().clear();
    if (shared_) storage().in_use = false;
  }

  /// Everything that `head` came from.
  void add(const Counted<GraphNode>& head) {
    visit(head);
    for (std::size_t at = first_; at < steps().size(); ++at) {
      // Held by a counted pointer, since the vector grows.
      const Counted<GraphNode> step = steps()[at];
      for (const Counted<GraphNode>& input : static_cast<StepNode&>(*step).inputs())
        if (input) visit(input);
    }
    first_ = steps().size();
  }

  /// Results before inputs; and all that they need is still there.
  void prepare() {
    const auto later = [](const Counted<GraphNode>& a, const Counted<GraphNode>& b) {
      return a->order > b->order;
    };
    if (!std::is_sorted(steps().begin(), steps().end(), later))
      std::sort(steps().begin(), steps().end(), later);
    for (const Counted<GraphNode>& step : steps()) static_cast<StepNode&>(*step).check();
  }

  void run(bool retain_graph) {
    const NotRecording pause;
    const TraceScope silent(nullptr);
    for (const Counted<GraphNode>& one : steps()) {
      auto& step = static_cast<StepNode&>(*one);
      if (Counted<TensorRecord>* const slot = pass_.slot(&step); slot != nullptr && step.pending)
        *slot = step.pending;
      if (step.pending) step.run(pass_);
      if (!retain_graph) step.release();
    }
  }

 private:
  using Steps = std::vector<Counted<GraphNode>>;
  struct Storage {
    Steps steps;
    bool in_use = false;
  };
  static Storage& storage() {
    static thread_local Storage one;
    return one;
  }
  Steps& steps() noexcept { return *steps_ref_; }

  void visit(const Counted<GraphNode>& node) {
    if (node->leaf || node->last_pass == pass_.id) return;
    node->last_pass = pass_.id;
    steps().push_back(node);
  }

  const Pass& pass_;
  Steps& steps_;
  Steps own_;
  Steps* steps_ref_ = &steps_;
  bool shared_ = false;
  std::size_t first_ = 0;
};

/// \throws GradientError unless the head was recorded; ShapeError if its gradient does not fit.
template <class Scalar>
void check_head(const Tensor<Scalar>& head, const Tensor<Scalar>* head_gradient) {
  if (!needs_gradient(head)) throw errors::not_recorded(head.shape().to_string());
  if (head_gradient != nullptr && !(head_gradient->shape() == head.shape()))
    throw errors::head_gradient_shape(head.shape().to_string(), head_gradient->shape().to_string());
}

template <class Scalar>
void backward_of(const Pass& pass, std::span<const Tensor<Scalar>> heads,
                 std::span<const Tensor<Scalar>> head_gradients, bool retain_graph) {
  if (heads.empty()) throw errors::no_heads();
  if (!head_gradients.empty() && head_gradients.size() != heads.size())
    throw errors::head_gradient_count(heads.size(), head_gradients.size());
  Schedule schedule(pass);
  for (std::size_t i = 0; i < heads.size(); ++i) {
    check_head(heads[i], head_gradients.empty() ? nullptr : &head_gradients[i]);
    schedule.add(Access::record(heads[i])->node);
  }
  schedule.prepare();
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const Counted<GraphNode> node = Access::record(heads[i])->node;
    Tensor<Scalar> gradient = head_gradients.empty() ? Tensor<Scalar>::full(heads[i].shape(), 1)
                                                     : head_gradients[i].detach();
    const std::span<const Counted<GraphNode>> one(&node, 1);
    Gradients<Scalar>(pass, {}, one).add(0, std::move(gradient));
  }
  schedule.run(retain_graph);
}

}  // namespace detail

namespace autograd {

/// Computes the gradients of the sum of all heads, each times its head gradient (ones without),
/// with respect to all marked tensors and parameters that they came from.
///
/// A leaf that is reached several times gets the sum; grad_req says whether it replaces or adds to
/// what was there. Leaves that were not reached keep their gradient. The recording is freed, unless
/// it is retained. Values are read as they were recorded. Recordings of several threads may end in
/// the same leaves; one recording belongs to one thread at a time.
/// \throws GradientError if a head was not recorded or its recording is gone, or a value that is
/// needed was written to since; ShapeError for a head gradient of another shape. No gradient has
/// changed then.
template <class Scalar>
void backward(const std::vector<Tensor<Scalar>>& heads,
              const std::vector<Tensor<Scalar>>& head_gradients = {},
              const BackwardOptions& options = {}) {
  parton::detail::backward_of<Scalar>(parton::detail::Pass{}, heads, head_gradients,
                                      options.retain_graph);
}

/// The gradients of the sum of all heads with respect to `variables`, marked tensors, parameters'
/// data() or recorded results, in their order; zeros for one that the heads do not depend on. No
/// stored gradient changes. \throws as backward(), and GradientError for a variable that is neither
/// marked nor recorded.
template <class Scalar>
[[nodiscard]] std::vector<Tensor<Scalar>> grad(
    const std::vector<Tensor<Scalar>>& heads, const std::vector<Tensor<Scalar>>& variables,
    const std::vector<Tensor<Scalar>>& head_gradients = {}, const BackwardOptions& options = {}) {
  namespace d = parton::detail;
  std::vector<d::GraphNode*> wanted;
  for (const Tensor<Scalar>& variable : variables) {
    if (!d::needs_gradient(variable))
      throw errors::not_a_variable(wanted.size(), variable.shape().to_string());
    wanted.push_back(d::Access::record(variable)->node.get());
  }
  if (wanted.empty()) throw errors::no_variables();
  std::vector<d::Counted<d::TensorRecord>> found(wanted.size());
  d::Pass pass;
  pass.wanted = wanted;
  pass.found = found;
  d::backward_of<Scalar>(pass, heads, head_gradients, options.retain_graph);
  std::vector<Tensor<Scalar>> result;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    // A variable named twice was summed in the first place.
    const auto first = static_cast<std::size_t>(std::find(wanted.begin(), wanted.end(), wanted[i]) -
                                                wanted.begin());
    const auto& one = found[first];
    // A copy, since a gradient may be shared with that of another variable.
    result.push_back(one ? d::Access::tensor<Scalar>(one).copy()
                         : Tensor<Scalar>::zeros(variables[i].shape()));
  }
  return result;
}

}  // namespace autograd

template <class Scalar>
void Tensor<Scalar>::backward() const requires FloatingScalar<Scalar> {
  detail::backward_of<Scalar>(detail::Pass{}, std::span<const Tensor>(this, 1), {}, false);
}

template <class Scalar>
void Tensor<Scalar>::backward(const Tensor& head_gradient,
                              bool retain_graph) const requires FloatingScalar<Scalar> {
  detail::backward_of<Scalar>(detail::Pass{}, std::span<const Tensor>(this, 1),
                              std::span<const Tensor>(&head_gradient, 1), retain_graph);
}

template <class Scalar>
void Tensor<Scalar>::attach_grad(GradReq req) requires FloatingScalar<Scalar> {
  if (!record_) *this = empty({0});
  const detail::GraphNode* const node = record_->node.get();
  if (node != nullptr && node->leaf) {
    const auto& leaf = static_cast<const detail::Variable&>(*node);
    if (leaf.owner != nullptr) throw errors::attach_to_parameter(leaf.name());
  }
  detail::Counted<detail::GraphNode> leaf(new detail::Variable(req));
  record_->node = std::move(leaf);
}

template <class Scalar>
Tensor<Scalar> Tensor<Scalar>::grad() const requires FloatingScalar<Scalar> {
  detail::GraphNode* const node = record_ ? record_->node.get() : nullptr;
  if (node == nullptr || !node->leaf || !node->wants_gradient())
    throw errors::no_gradient_here(shape().to_string(), node != nullptr && !node->leaf);
  return static_cast<detail::Variable&>(*node).gradient<Scalar>(shape());
}

}  // namespace parton
