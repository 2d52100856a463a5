// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <parton/autograd/leaf_owner.hpp>
#include <parton/tensor/detail/tensor_class.hpp>
#include <parton/tensor/grad_req.hpp>

/// \file The leaf of a recorded computation: what a gradient ends in.

namespace parton::detail {

/// A leaf: a marked tensor, or the values of a parameter. It owns the gradient.
struct Variable final : GraphNode {
  explicit Variable(GradReq wanted) noexcept : GraphNode(true), req(wanted) {}

  /// The gradient; empty until it is asked for or arrives. The first contribution of a backward
  /// replaces it or adds to it, as `req` says; the others, known by `last_pass`, add.
  Counted<TensorRecord> grad;
  /// The parameter that it belongs to, which takes itself away; null for a tensor of no name.
  const LeafOwner* owner = nullptr;
  GradReq req;
  /// Set by a backward that reached it, cleared by a Trainer.
  bool fresh = false;

  [[nodiscard]] bool wants_gradient() const noexcept override { return req != GradReq::null; }
  [[nodiscard]] std::string name() const {
    return owner != nullptr ? "the parameter " + owner->path_and_name() : std::string("a tensor");
  }

  /// The gradient of this shape, zero if there is none yet.
  template <class Scalar>
  [[nodiscard]] Tensor<Scalar> gradient(const Shape& shape) {
    const Guard guard(*this);
    if (!grad) grad = Access::counted(Tensor<Scalar>::zeros(shape));
    return Access::tensor<Scalar>(grad);
  }
  [[nodiscard]] bool has_grad() const noexcept {
    const Guard guard(*this);
    return static_cast<bool>(grad);
  }

  /// Holds the gradient for one thread: recordings of several threads may end in one leaf.
  class Guard {
   public:
    explicit Guard(const Variable& variable) noexcept : busy_(variable.busy_) {
      while (busy_.test_and_set(std::memory_order_acquire)) busy_.wait(true);
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    ~Guard() {
      busy_.clear(std::memory_order_release);
      busy_.notify_one();
    }

   private:
    std::atomic_flag& busy_;
  };

 private:
  mutable std::atomic_flag busy_;
};

}  // namespace parton::detail
