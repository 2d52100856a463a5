// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <parton/optim/detail/fused.hpp>

namespace parton::optim {

struct SGDOptions {
  double learning_rate = 0.01;
  double momentum = 0;
  /// How much less a new gradient counts in the momentum.
  double dampening = 0;
  bool nesterov = false;
  double weight_decay = 0;
  double clip_gradient = 0;
  Schedule schedule = {};
};

namespace detail {

template <class Scalar>
class SGDRule final : public Optimizer<Scalar> {
  using T = parton::detail::Wide<Scalar>;

 public:
  explicit SGDRule(const SGDOptions& o)
      : Optimizer<Scalar>("SGD", {o.learning_rate, o.weight_decay, o.clip_gradient, o.schedule}),
        momentum_(static_cast<T>(o.momentum)),
        taken_(static_cast<T>(1 - o.dampening)),
        nesterov_(o.nesterov) {}

  [[nodiscard]] std::string name() const override { return "sgd"; }
  [[nodiscard]] std::vector<std::string> state_names() const override {
    return momentum_ == T(0) ? std::vector<std::string>{}
                             : std::vector<std::string>{"momentum_buffer"};
  }

  void update(const Update<Scalar>& u) override {
    const Lanes<T> step = -static_cast<T>(u.learning_rate);
    if (momentum_ == T(0))
      return update_elements<0>(u, u.weight_decay,
                                [step](auto& w, const auto& g, auto&) { w = madd(step, g, w); });
    // As in PyTorch the first gradient counts in full.
    const Lanes<T> momentum = momentum_, taken = u.count == 1 ? T(1) : taken_;
    if (nesterov_) {
      update_elements<1>(u, u.weight_decay, [=](auto& w, const auto& g, auto& s) {
        s[0] = madd(momentum, s[0], taken * g);
        w = madd(step, madd(momentum, s[0], g), w);
      });
    } else {
      update_elements<1>(u, u.weight_decay, [=](auto& w, const auto& g, auto& s) {
        s[0] = madd(momentum, s[0], taken * g);
        w = madd(step, s[0], w);
      });
    }
  }

 private:
  T momentum_, taken_;
  bool nesterov_;
};

}  // namespace detail

/// Stochastic gradient descent, with momentum and Nesterov's momentum.
///
///     g = clip(gradient / batch_size) + weight_decay w
///     b = momentum b + (1 - dampening) g      (b = g at the first update)
///     w = w - learning_rate b                 (with nesterov: g + momentum b in place of b)
///
/// State: `momentum_buffer` (b), in the parameter's shape, if momentum is not 0. Source: PyTorch's
/// SGD; Sutskever et al. 2013. Gluon's sgd and nag have the learning rate inside b, which differs
/// when the rate changes.
class SGD {
 public:
  /// \throws ValueError naming an option that is negative or not finite; nesterov needs a momentum
  /// and no dampening.
  template <class Void = void>  // so that only a program that makes one compiles it
  explicit SGD(SGDOptions options = {}) : options_(std::move(options)) {
    detail::not_negative("SGD", "momentum", options_.momentum);
    detail::not_negative("SGD", "dampening", options_.dampening);
    if (options_.nesterov && !(options_.momentum > 0 && options_.dampening == 0))
      throw errors::nesterov_without_momentum(options_.momentum, options_.dampening);
    static_cast<void>(make<float>());  // checks the rest
  }

  template <class Scalar>
  [[nodiscard]] std::shared_ptr<Optimizer<Scalar>> make() const {
    return std::make_shared<detail::SGDRule<Scalar>>(options_);
  }

 private:
  SGDOptions options_;
};

}  // namespace parton::optim
