// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/optim/detail/fused.hpp>

namespace parton::optim {

struct AdamOptions {
  double learning_rate = 0.001;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  double clip_gradient = 0;
  /// Divides by the largest v so far.
  bool amsgrad = false;
  Schedule schedule = {};
};

/// The same, with the weight decay that PyTorch's AdamW has by default.
struct AdamWOptions {
  double learning_rate = 0.001;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
  double clip_gradient = 0;
  bool amsgrad = false;
  Schedule schedule = {};
};

namespace detail {

/// Adam, and with Decoupled AdamW.
template <class Scalar, bool Decoupled>
class AdamRule final : public Optimizer<Scalar> {
  using T = parton::detail::Wide<Scalar>;

 public:
  template <class Options>
  explicit AdamRule(const Options& o)
      : Optimizer<Scalar>(title, {o.learning_rate, o.weight_decay, o.clip_gradient, o.schedule}),
        beta1_(o.beta1),
        beta2_(o.beta2),
        epsilon_(static_cast<T>(o.epsilon)),
        amsgrad_(o.amsgrad) {
    below_one(title, "beta1", o.beta1);
    below_one(title, "beta2", o.beta2);
    not_negative(title, "epsilon", o.epsilon);
  }

  [[nodiscard]] std::string name() const override { return Decoupled ? "adamw" : "adam"; }
  [[nodiscard]] std::vector<std::string> state_names() const override {
    std::vector<std::string> names{"exp_avg", "exp_avg_sq"};
    if (amsgrad_) names.emplace_back("max_exp_avg_sq");
    return names;
  }

  void update(const Update<Scalar>& u) override {
    correct_for(u.count);
    const double decay = u.weight_decay;
    const Lanes<T> keep = Decoupled ? static_cast<T>(1 - u.learning_rate * decay) : T(1);
    const Lanes<T> step = -static_cast<T>(u.learning_rate / correction1_);
    const Lanes<T> of_root = static_cast<T>(1 / std::sqrt(correction2_));
    const Lanes<T> epsilon = epsilon_, beta1 = static_cast<T>(beta1_),
                   beta2 = static_cast<T>(beta2_);
    const Lanes<T> rest1 = static_cast<T>(1 - beta1_), rest2 = static_cast<T>(1 - beta2_);
    const auto change = [=](auto& w, const auto& g, auto& s) {
      s[0] = madd(beta1, s[0], rest1 * g);
      s[1] = madd(beta2, s[1], rest2 * g * g);
      if constexpr (Decoupled) w = keep * w;
    };
    if (amsgrad_) {
      update_elements<3>(u, Decoupled ? 0 : decay, [=](auto& w, const auto& g, auto& s) {
        change(w, g, s);
        s[2] = larger(s[1], s[2]);
        w = madd(step, s[0] / madd(root(s[2]), of_root, epsilon), w);
      });
    } else {
      update_elements<2>(u, Decoupled ? 0 : decay, [=](auto& w, const auto& g, auto& s) {
        change(w, g, s);
        w = madd(step, s[0] / madd(root(s[1]), of_root, epsilon), w);
      });
    }
  }

 private:
  static constexpr std::string_view title = Decoupled ? "AdamW" : "Adam";

  /// 1 - beta^count, kept from one parameter to the next.
  void correct_for(std::uint64_t count) {
    if (count == corrected_for_) return;
    corrected_for_ = count;
    correction1_ = 1 - std::pow(beta1_, static_cast<double>(count));
    correction2_ = 1 - std::pow(beta2_, static_cast<double>(count));
  }

  double beta1_, beta2_;
  T epsilon_;
  bool amsgrad_;
  std::uint64_t corrected_for_ = 0;
  double correction1_ = 1, correction2_ = 1;
};

}  // namespace detail

/// Adam: steps of a size that does not depend on that of the gradient.
///
///     g = clip(gradient / batch_size) + weight_decay w
///     m = beta1 m + (1 - beta1) g
///     v = beta2 v + (1 - beta2) g^2
///     w = w - learning_rate / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) + epsilon)
///
/// where t counts the updates of the parameter; amsgrad has the largest v so far below the root.
/// State: `exp_avg` (m), `exp_avg_sq` (v), `max_exp_avg_sq`, in the parameter's shape. Source:
/// Kingma and Ba 2015; Reddi et al. 2018; PyTorch's Adam. Gluon's adam clips after adding the
/// weight decay, and its epsilon is not divided by sqrt(1 - beta2^t).
class Adam {
 public:
  /// \throws ValueError naming an option that is negative or not finite, or a beta of 1 or more.
  template <class Void = void>  // so that only a program that makes one compiles it
  explicit Adam(AdamOptions options = {}) : options_(std::move(options)) {
    static_cast<void>(make<float>());  // checks them
  }
  template <class Scalar>
  [[nodiscard]] std::shared_ptr<Optimizer<Scalar>> make() const {
    return std::make_shared<detail::AdamRule<Scalar, false>>(options_);
  }

 private:
  AdamOptions options_;
};

/// Adam with decoupled weight decay: it does not pass through m and v.
///
///     w = (1 - learning_rate weight_decay) w, then as Adam without weight decay
///
/// Source: Loshchilov and Hutter 2019; PyTorch's AdamW. The Gluon of the chapter has none.
class AdamW {
 public:
  /// \throws ValueError naming an option that is negative or not finite, or a beta of 1 or more.
  template <class Void = void>  // so that only a program that makes one compiles it
  explicit AdamW(AdamWOptions options = {}) : options_(std::move(options)) {
    static_cast<void>(make<float>());  // checks them
  }
  template <class Scalar>
  [[nodiscard]] std::shared_ptr<Optimizer<Scalar>> make() const {
    return std::make_shared<detail::AdamRule<Scalar, true>>(options_);
  }

 private:
  AdamWOptions options_;
};

}  // namespace parton::optim
