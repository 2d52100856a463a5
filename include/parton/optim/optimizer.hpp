// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include <parton/detail/type_name.hpp>
#include <parton/fwd.hpp>
#include <parton/optim/schedule.hpp>
#include <parton/tensor/tensor.hpp>

/// \file What an optimizer is: a rule that changes one parameter by its gradient.

namespace parton::optim {

/// What every optimizer has.
struct CommonOptions {
  double learning_rate = 0.01;
  /// What is added to the gradient, as a multiple of the values.
  double weight_decay = 0;
  /// Each element of the rescaled gradient is held within [-clip_gradient, clip_gradient]; 0: not.
  double clip_gradient = 0;
  Schedule schedule = {};
};

/// One parameter at one step, as a Trainer hands it to an Optimizer.
template <class Scalar>
struct Update {
  /// The type of states and of arithmetic: double for double, else float.
  using Wide = parton::detail::Wide<Scalar>;

  const Parameter<Scalar>& parameter;
  /// Its values, to be changed in place.
  Tensor<Scalar>& data;
  /// Its gradient, not yet rescaled.
  const Tensor<Scalar>& gradient;
  /// Its state tensors, in the order of Optimizer::state_names().
  std::span<Tensor<Wide>> state;
  /// How often the parameter has been updated, with this time: 1 for the first.
  std::uint64_t count = 1;
  /// What the gradient is to be multiplied by: 1 / batch_size.
  double rescale = 1;
  // Of this parameter now: group, schedule and multipliers are in it.
  double learning_rate = 0;
  double weight_decay = 0;
  double clip_gradient = 0;

  /// clip(rescale * gradient), without weight decay, as an Eigen array expression.
  [[nodiscard]] auto rescaled_gradient() const {
    const Wide limit =
        clip_gradient > 0 ? static_cast<Wide>(clip_gradient) : Eigen::NumTraits<Wide>::infinity();
    return (gradient.array().template cast<Wide>() * static_cast<Wide>(rescale))
        .unaryExpr([limit](Wide g) { return g > limit ? limit : (g < -limit ? -limit : g); });
  }
};

/// The base of every optimizer. An own one gives its options to the constructor and overrides
/// update(), and state_names() if it keeps tensors from step to step:
///
///     struct SignSGD : optim::Optimizer<> {
///       explicit SignSGD(double rate) : Optimizer({.learning_rate = rate}) {}
///       void update(const optim::Update<>& u) override {
///         u.data.array() -= float(u.learning_rate) * u.rescaled_gradient().sign();
///       }
///     };
///
/// It is copied when it is handed to a Trainer. Nothing that it does is recorded.
template <class Scalar>
class Optimizer {
 public:
  using scalar_type = Scalar;
  using Wide = parton::detail::Wide<Scalar>;

  virtual ~Optimizer() = default;

  /// Changes the values, and the state tensors, of one parameter.
  virtual void update(const Update<Scalar>& update) = 0;

  /// The names of the tensors that it keeps for each parameter, in the parameter's shape.
  [[nodiscard]] virtual std::vector<std::string> state_names() const { return {}; }
  /// What a state tensor is filled with before the first update.
  [[nodiscard]] virtual double initial_state(std::size_t /*position*/) const { return 0; }
  /// What a saved state is known by: the class name in lower case.
  [[nodiscard]] virtual std::string name() const {
    return parton::detail::lower(parton::detail::class_name(typeid(*this)));
  }

  [[nodiscard]] const CommonOptions& options() const noexcept { return options_; }

 protected:
  /// \throws ValueError naming the option that is negative or not finite.
  explicit Optimizer(CommonOptions options) : Optimizer("Optimizer", std::move(options)) {}
  Optimizer(std::string_view name, CommonOptions options) : options_(std::move(options)) {
    detail::not_negative(name, "learning_rate", options_.learning_rate);
    detail::not_negative(name, "weight_decay", options_.weight_decay);
    detail::not_negative(name, "clip_gradient", options_.clip_gradient);
  }
  Optimizer(const Optimizer&) = default;
  Optimizer& operator=(const Optimizer&) = default;

 private:
  CommonOptions options_;
};

namespace detail {

/// A built-in: options that become an optimizer of any scalar.
template <class T, class Scalar>
concept Recipe = requires(const T& recipe) {
  { recipe.template make<Scalar>() } -> std::convertible_to<std::shared_ptr<Optimizer<Scalar>>>;
};

}  // namespace detail

/// Whatever a user may hand to a Trainer as the optimizer: one of the library, which fits every
/// scalar; an own Optimizer of this scalar, which is copied; or a shared_ptr to one.
template <class Scalar>
class AnyOptimizer {
 public:
  /// \throws ValueError for a null pointer.
  template <class T>
  requires(!std::same_as<std::remove_cvref_t<T>, AnyOptimizer>)
      AnyOptimizer(T&& given)  // NOLINT: implicit on purpose
      : optimizer_(make(std::forward<T>(given))) {
    if (!optimizer_) throw errors::no_optimizer();
  }

  Optimizer<Scalar>* operator->() const noexcept { return optimizer_.get(); }
  Optimizer<Scalar>& operator*() const noexcept { return *optimizer_; }

 private:
  using Pointer = std::shared_ptr<Optimizer<Scalar>>;

  template <class T>
  static Pointer make(T&& given) {
    using Plain = std::remove_cvref_t<T>;
    if constexpr (detail::Recipe<Plain, Scalar>) {
      return given.template make<Scalar>();
    } else if constexpr (std::derived_from<Plain, Optimizer<Scalar>>) {
      static_assert(!std::is_abstract_v<Plain>,
                    "an Optimizer is copied when it is handed over: pass the concrete type, or a "
                    "std::shared_ptr to it");
      return std::make_shared<Plain>(std::forward<T>(given));
    } else if constexpr (std::convertible_to<T&&, Pointer>) {
      return given;
    } else {
      static_assert(detail::Recipe<Plain, Scalar>,
                    "not an optimizer: pass optim::SGD({.learning_rate = 0.1}) or another one of "
                    "parton::optim, or a class derived from optim::Optimizer of the net's scalar");
      return nullptr;
    }
  }

  Pointer optimizer_;
};

}  // namespace parton::optim
