// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <parton/optim/detail/fused.hpp>

namespace parton::optim {

struct RMSPropOptions {
  double learning_rate = 0.01;
  /// The share of the running mean of g^2 that a step keeps.
  double alpha = 0.99;
  double epsilon = 1e-8;
  double momentum = 0;
  /// Divides by the deviation of g instead of its root mean square.
  bool centered = false;
  double weight_decay = 0;
  double clip_gradient = 0;
  Schedule schedule = {};
};

namespace detail {

template <class Scalar>
class RMSPropRule final : public Optimizer<Scalar> {
  using T = parton::detail::Wide<Scalar>;

 public:
  explicit RMSPropRule(const RMSPropOptions& o)
      : Optimizer<Scalar>("RMSProp",
                          {o.learning_rate, o.weight_decay, o.clip_gradient, o.schedule}),
        alpha_(static_cast<T>(below_one("RMSProp", "alpha", o.alpha))),
        rest_(static_cast<T>(1 - o.alpha)),
        epsilon_(static_cast<T>(not_negative("RMSProp", "epsilon", o.epsilon))),
        momentum_(static_cast<T>(not_negative("RMSProp", "momentum", o.momentum))),
        centered_(o.centered) {}

  [[nodiscard]] std::string name() const override { return "rmsprop"; }
  [[nodiscard]] std::vector<std::string> state_names() const override {
    std::vector<std::string> names{"square_avg"};
    if (centered_) names.emplace_back("grad_avg");
    if (momentum_ != T(0)) names.emplace_back("momentum_buffer");
    return names;
  }

  void update(const Update<Scalar>& u) override {
    if (centered_)
      momentum_ == T(0) ? run<true, false>(u) : run<true, true>(u);
    else
      momentum_ == T(0) ? run<false, false>(u) : run<false, true>(u);
  }

 private:
  template <bool Centered, bool Momentum>
  void run(const Update<Scalar>& u) const {
    const Lanes<T> step = -static_cast<T>(u.learning_rate), alpha = alpha_, rest = rest_;
    const Lanes<T> epsilon = epsilon_, momentum = momentum_;
    constexpr std::size_t states = 1 + (Centered ? 1 : 0) + (Momentum ? 1 : 0);
    update_elements<states>(u, u.weight_decay, [=](auto& w, const auto& g, auto& s) {
      s[0] = madd(alpha, s[0], rest * g * g);
      Lanes<T> variance = s[0];
      if constexpr (Centered) {
        s[1] = madd(alpha, s[1], rest * g);
        variance = larger(variance - s[1] * s[1], T(0));  // rounding can bring it below 0
      }
      const Lanes<T> change = g / (root(variance) + epsilon);
      if constexpr (Momentum) {
        s[states - 1] = madd(momentum, s[states - 1], change);
        w = madd(step, s[states - 1], w);
      } else {
        w = madd(step, change, w);
      }
    });
  }

  T alpha_, rest_, epsilon_, momentum_;
  bool centered_;
};

}  // namespace detail

/// RMSProp: divides the gradient by a running root mean square of itself.
///
///     g = clip(gradient / batch_size) + weight_decay w
///     v = alpha v + (1 - alpha) g^2
///     a = alpha a + (1 - alpha) g                          (centered; else a = 0)
///     d = g / (sqrt(v - a^2) + epsilon)
///     b = momentum b + d                                   (without momentum: b = d)
///     w = w - learning_rate b
///
/// State: `square_avg` (v), `grad_avg` (a) and `momentum_buffer` (b) as far as used, in the
/// parameter's shape. Source: Hinton's lecture 6e of 2012, Graves 2013; PyTorch's RMSprop. Gluon's
/// rmsprop has a learning rate of 0.001, keeps 0.9 of v, adds epsilon below the root and clips
/// after adding the weight decay.
class RMSProp {
 public:
  /// \throws ValueError naming an option that is negative or not finite, or an alpha of 1 or more.
  template <class Void = void>  // so that only a program that makes one compiles it
  explicit RMSProp(RMSPropOptions options = {}) : options_(std::move(options)) {
    static_cast<void>(make<float>());  // checks them
  }
  template <class Scalar>
  [[nodiscard]] std::shared_ptr<Optimizer<Scalar>> make() const {
    return std::make_shared<detail::RMSPropRule<Scalar>>(options_);
  }

 private:
  RMSPropOptions options_;
};

}  // namespace parton::optim
