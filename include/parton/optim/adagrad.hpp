// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <parton/optim/detail/fused.hpp>

namespace parton::optim {

struct AdaGradOptions {
  double learning_rate = 0.01;
  double learning_rate_decay = 0;
  double epsilon = 1e-10;
  /// What the sum of squares begins with.
  double initial_sum = 0;
  double weight_decay = 0;
  double clip_gradient = 0;
  Schedule schedule = {};
};

namespace detail {

template <class Scalar>
class AdaGradRule final : public Optimizer<Scalar> {
  using T = parton::detail::Wide<Scalar>;

 public:
  explicit AdaGradRule(const AdaGradOptions& o)
      : Optimizer<Scalar>("AdaGrad",
                          {o.learning_rate, o.weight_decay, o.clip_gradient, o.schedule}),
        rate_decay_(not_negative("AdaGrad", "learning_rate_decay", o.learning_rate_decay)),
        initial_sum_(not_negative("AdaGrad", "initial_sum", o.initial_sum)),
        epsilon_(static_cast<T>(not_negative("AdaGrad", "epsilon", o.epsilon))) {}

  [[nodiscard]] std::string name() const override { return "adagrad"; }
  [[nodiscard]] std::vector<std::string> state_names() const override { return {"sum"}; }
  [[nodiscard]] double initial_state(std::size_t) const override { return initial_sum_; }

  void update(const Update<Scalar>& u) override {
    const double before = static_cast<double>(u.count - 1);
    const Lanes<T> step = -static_cast<T>(u.learning_rate / (1 + before * rate_decay_));
    const Lanes<T> epsilon = epsilon_;
    update_elements<1>(u, u.weight_decay, [=](auto& w, const auto& g, auto& s) {
      s[0] = madd(g, g, s[0]);
      w = madd(step, g / (root(s[0]) + epsilon), w);
    });
  }

 private:
  double rate_decay_, initial_sum_;
  T epsilon_;
};

}  // namespace detail

/// AdaGrad: divides the gradient by the root of the sum of all its squares.
///
///     g = clip(gradient / batch_size) + weight_decay w
///     h = h + g^2                                          (h = initial_sum at first)
///     w = w - learning_rate / (1 + (t - 1) learning_rate_decay) g / (sqrt(h) + epsilon)
///
/// where t counts the updates of the parameter. State: `sum` (h), in the parameter's shape. Source:
/// Duchi et al. 2011; PyTorch's Adagrad. Gluon's adagrad adds an epsilon of 1e-7 below the root,
/// and the weight decay outside the fraction.
class AdaGrad {
 public:
  /// \throws ValueError naming an option that is negative or not finite.
  template <class Void = void>  // so that only a program that makes one compiles it
  explicit AdaGrad(AdaGradOptions options = {}) : options_(std::move(options)) {
    static_cast<void>(make<float>());  // checks them
  }
  template <class Scalar>
  [[nodiscard]] std::shared_ptr<Optimizer<Scalar>> make() const {
    return std::make_shared<detail::AdaGradRule<Scalar>>(options_);
  }

 private:
  AdaGradOptions options_;
};

}  // namespace parton::optim
