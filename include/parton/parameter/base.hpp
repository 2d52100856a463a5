// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/autograd/leaf_owner.hpp>
#include <parton/parameter/initialize.hpp>
#include <parton/parameter/name.hpp>
#include <parton/tensor/grad_req.hpp>
#include <parton/tensor/shape.hpp>
#include <parton/warning.hpp>

namespace parton {

namespace detail {

/// What registers a parameter and so knows its names: the node of a block in its tree.
class Owner {
 public:
  /// The full name in the tree, `dense0_weight`, and the structural path, `0.weight`.
  [[nodiscard]] virtual std::string parameter_name(const ParameterBase&) const = 0;
  [[nodiscard]] virtual std::string parameter_path(const ParameterBase&) const = 0;

 protected:
  ~Owner() = default;
};

}  // namespace detail

/// How far a parameter has come.
enum class ParameterState {
  declared,    ///< its shape is not fully known
  shaped,      ///< its shape is known, its values are not
  initialized  ///< it has values
};

/// All of a parameter that does not depend on its scalar: name, shape, gradient request,
/// multipliers.
class ParameterBase : public detail::LeafOwner {
 public:
  ParameterBase(const ParameterBase&) = delete;
  ParameterBase& operator=(const ParameterBase&) = delete;
  virtual ~ParameterBase() = default;

  /// The short name under which its block registered it: `weight`.
  [[nodiscard]] const std::string& key() const noexcept { return *key_; }
  /// The full name in the outermost tree: `dense0_weight`; the key for a parameter of no block.
  [[nodiscard]] std::string name() const {
    return owner_ != nullptr ? owner_->parameter_name(*this) : key();
  }
  /// The structural path from the outermost block: `0.weight`, `0.1.0.bias`.
  [[nodiscard]] std::string path() const {
    return owner_ != nullptr ? owner_->parameter_path(*this) : key();
  }

  /// The shape; a dimension that is not known yet is -1.
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] bool is_initialized() const noexcept {
    return ready_.load(std::memory_order_acquire);
  }
  [[nodiscard]] ParameterState state() const noexcept {
    return is_initialized()
               ? ParameterState::initialized
               : (shape_.is_known() ? ParameterState::shaped : ParameterState::declared);
  }
  /// True after an initialize() that waits for the shape.
  [[nodiscard]] virtual bool is_deferred() const noexcept = 0;
  /// A Constant has values that are used and saved but never trained.
  [[nodiscard]] bool is_constant() const noexcept { return constant_; }
  [[nodiscard]] virtual std::string_view dtype() const noexcept = 0;
  /// Which rule filled it last.
  [[nodiscard]] FillSource filled_by() const noexcept { return filled_by_; }

  [[nodiscard]] GradReq grad_req() const noexcept { return grad_req_; }
  /// Asks for another treatment of the gradient. A change to null frees it, a change to write or
  /// add starts from zero. A Constant stays at null and warns; so, silently, does a parameter
  /// declared as not differentiable.
  void set_grad_req(GradReq req) {
    if (constant_ && req != GradReq::null) {
      warn("the constant " + detail::in_quotes(name()) +
           " keeps grad_req null: " + detail::in_quotes(to_string(req)) + " is ignored");
      return;
    }
    if (!differentiable_) req = GradReq::null;
    if (req == grad_req_) return;
    grad_req_ = req;
    drop_grad();
  }

  /// What an optimizer multiplies its learning rate and its weight decay by for this parameter.
  [[nodiscard]] double lr_mult() const noexcept { return rare_ ? rare_->lr_mult : 1; }
  [[nodiscard]] double wd_mult() const noexcept { return rare_ ? rare_->wd_mult : 1; }
  /// \throws ValueError unless the multiplier is finite and at least 0.
  void set_lr_mult(double mult) {
    check_mult("lr_mult", mult);
    if (mult != lr_mult()) rare().lr_mult = mult;
  }
  void set_wd_mult(double mult) {
    check_mult("wd_mult", mult);
    if (mult != wd_mult()) rare().wd_mult = mult;
  }

  /// Fills the gradient with zeros, if there is one.
  virtual void zero_grad() = 0;

  /// True after a backward reached it, until a Trainer has used the gradient, or the values were
  /// initialized anew, or grad_req changed.
  [[nodiscard]] virtual bool has_fresh_grad() const noexcept = 0;
  /// Says that the gradient has been used.
  virtual void mark_grad_stale() noexcept = 0;

  /// The line that it prints, under a name that a dictionary knows it by.
  [[nodiscard]] std::string describe(std::string_view name) const {
    std::string text = constant_ ? "Constant " : "Parameter ";
    return text.append(name)
        .append(" (shape=")
        .append(shape_.to_string())
        .append(", dtype=")
        .append(dtype())
        .append(")");
  }
  /// `Parameter dense0_weight (shape=(256, 20), dtype=float32)`
  friend std::ostream& operator<<(std::ostream& os, const ParameterBase& parameter) {
    return os << parameter.describe(parameter.name());
  }

  // What blocks use to keep the tree in order.
  void add_owner(detail::Owner& owner) {
    if (owner_ == nullptr)
      owner_ = &owner;
    else
      rare().other_owners.push_back(&owner);
  }
  void remove_owner(detail::Owner& owner) noexcept {
    if (!has_several_owners()) {
      if (owner_ == &owner) owner_ = nullptr;
      return;
    }
    auto& others = rare_->other_owners;
    if (owner_ == &owner) {
      owner_ = others.front();
      others.erase(others.begin());
    } else if (const auto at = std::find(others.begin(), others.end(), &owner);
               at != others.end()) {
      others.erase(at);
    }
  }
  [[nodiscard]] const detail::Owner* owner() const noexcept { return owner_; }
  [[nodiscard]] bool has_several_owners() const noexcept {
    return rare_ && !rare_->other_owners.empty();
  }

 protected:
  ParameterBase(std::string_view key, const Shape& shape, GradReq grad_req, double lr_mult,
                double wd_mult, bool differentiable, bool constant)
      : key_(key),
        shape_(shape),
        grad_req_(differentiable ? grad_req : GradReq::null),
        differentiable_(differentiable),
        constant_(constant) {
    detail::check_name(key);
    set_lr_mult(lr_mult);
    set_wd_mult(wd_mult);
  }

  virtual void drop_grad() noexcept = 0;

  Shape& mutable_shape() noexcept { return shape_; }
  void set_filled(FillSource source) noexcept {
    filled_by_ = source;
    ready_.store(true, std::memory_order_release);
  }
  void set_unfilled(FillSource before) noexcept {
    ready_.store(false, std::memory_order_release);
    filled_by_ = before;
  }
  [[nodiscard]] bool is_differentiable() const noexcept { return differentiable_; }

 private:
  /// What few parameters have.
  struct Rare {
    double lr_mult = 1, wd_mult = 1;
    std::vector<detail::Owner*> other_owners;
  };
  Rare& rare() {
    if (!rare_) rare_ = std::make_unique<Rare>();
    return *rare_;
  }
  void check_mult(std::string_view what, double mult) const {
    if (!(mult >= 0) || mult > 1e300) throw errors::bad_multiplier(what, mult, key());
  }

  detail::KeptName key_;
  Shape shape_;
  detail::Owner* owner_ = nullptr;
  std::unique_ptr<Rare> rare_;
  GradReq grad_req_;
  FillSource filled_by_ = FillSource::none;
  bool differentiable_;
  bool constant_;
  std::atomic<bool> ready_{false};
};

}  // namespace parton
