// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <parton/autograd/mode.hpp>
#include <parton/init/constant.hpp>
#include <parton/init/text_form.hpp>
#include <parton/nn/detail/channels.hpp>
#include <parton/nn/layer.hpp>
#include <parton/ops/normalization.hpp>

namespace parton::nn {

/// What a BatchNorm may be told.
template <class Scalar = float>
struct BatchNormOptions {
  /// The axis of the channels.
  Index axis = 1;
  /// running = momentum * running + (1 - momentum) * batch
  double momentum = 0.9;
  double epsilon = 1e-5;
  /// Whether beta is added, and whether gamma multiplies; without, both are ignored and not
  /// trained.
  bool center = true;
  bool scale = true;
  /// Normalize with the running statistics in training too, and leave them as they are.
  bool use_global_stats = false;
  init::AnyInitializer<Scalar> beta_initializer = init::Zero<Scalar>();
  init::AnyInitializer<Scalar> gamma_initializer = init::One<Scalar>();
  init::AnyInitializer<Scalar> running_mean_initializer = init::Zero<Scalar>();
  init::AnyInitializer<Scalar> running_variance_initializer = init::One<Scalar>();
  /// The number of channels; 0 for what the first forward will tell.
  Index in_channels = 0;
  std::string name = {};
  /// Share the parameters of another BatchNorm: `{.params = other->params()}`.
  std::optional<ParameterDict<Scalar>> params = std::nullopt;
};

/// y = gamma (x - mean) / sqrt(variance + epsilon) + beta with one of each for a channel, where
/// mean and biased variance are the batch's in training and the running ones in prediction (Ioffe
/// and Szegedy 2015).
///
/// Parameters, each of shape `(in_channels,)`: `gamma` (One), `beta` (Zero), and the running_mean
/// (Zero) and running_var (One), which are not trained. A forward in training (of a thread where
/// autograd::is_training()) moves the running ones; that happens in a const forward too, and many
/// threads may do it at once.
template <class Scalar>
class BatchNorm : public Layer<BatchNorm, Scalar> {
 public:
  /// \throws ValueError for a bad momentum or epsilon, or negative in_channels; NameError;
  /// TieError.
  explicit BatchNorm(std::type_identity_t<BatchNormOptions<Scalar>> options = {})
      : axis_(options.axis),
        momentum_(options.momentum),
        epsilon_(detail::checked_epsilon(options.epsilon, "BatchNorm")),
        center_(options.center),
        scale_(options.scale),
        use_global_stats_(options.use_global_stats) {
    if (!(momentum_ >= 0 && momentum_ <= 1))
      throw errors::layer_option("BatchNorm", "momentum", "at least 0 and at most 1", momentum_);
    this->set_name(options.name);
    const Shape shape = detail::channel_shape(options.in_channels, "BatchNorm");
    const auto declare = [&](std::string_view key, init::AnyInitializer<Scalar>& rule, bool train) {
      this->declare(key, {.shape = shape, .initializer = std::move(rule), .differentiable = train},
                    options.params);
    };
    declare("gamma", options.gamma_initializer, scale_);
    declare("beta", options.beta_initializer, center_);
    declare("running_mean", options.running_mean_initializer, false);
    declare("running_var", options.running_variance_initializer, false);
    if (options.params) this->require_tie(*options.params);
  }

  /// \throws ShapeError naming the parameter if the axis is missing or of another size; ValueError
  /// for an empty batch in training.
  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    detail::fit_channels<Scalar>({&own(0), &own(1), &own(2), &own(3)}, input.shape(), axis_);
    const Tensor<Scalar> gamma = own(0).data(), beta = own(1).data();
    const Tensor<Scalar>*factor = scale_ ? &gamma : nullptr, *term = center_ ? &beta : nullptr;
    Tensor<Scalar> mean = own(2).data(), variance = own(3).data();
    if (autograd::is_training() && !use_global_stats_) {
      auto batch = parton::batch_norm_training(input, factor, term, axis_, epsilon_);
      if (input.has_values()) {
        const std::lock_guard lock(statistics_mutex());
        move_towards(mean, batch.mean);
        move_towards(variance, batch.variance);
      }
      return std::move(batch.y);
    }
    {
      // As they are now: another thread may be training.
      const std::lock_guard lock(statistics_mutex());
      mean = mean.copy(), variance = variance.copy();
    }
    return parton::batch_norm(input, factor, term, mean, variance, axis_, epsilon_);
  }

  [[nodiscard]] Parameter<Scalar>& gamma() { return own(0); }
  [[nodiscard]] const Parameter<Scalar>& gamma() const { return own(0); }
  [[nodiscard]] Parameter<Scalar>& beta() { return own(1); }
  [[nodiscard]] const Parameter<Scalar>& beta() const { return own(1); }
  [[nodiscard]] Parameter<Scalar>& running_mean() { return own(2); }
  [[nodiscard]] const Parameter<Scalar>& running_mean() const { return own(2); }
  [[nodiscard]] Parameter<Scalar>& running_var() { return own(3); }
  [[nodiscard]] const Parameter<Scalar>& running_var() const { return own(3); }
  [[nodiscard]] Index axis() const noexcept { return axis_; }
  [[nodiscard]] double momentum() const noexcept { return momentum_; }
  [[nodiscard]] double epsilon() const noexcept { return epsilon_; }
  [[nodiscard]] bool center() const noexcept { return center_; }
  [[nodiscard]] bool scale() const noexcept { return scale_; }
  [[nodiscard]] bool use_global_stats() const noexcept { return use_global_stats_; }
  /// The number of channels; -1 while it is not known.
  [[nodiscard]] Index in_channels() const { return gamma().shape()[0]; }

  [[nodiscard]] std::string describe() const override {
    return this->class_name() + "(axis=" + std::to_string(axis_) +
           ", eps=" + init::detail::number_text(epsilon_) +
           ", momentum=" + init::detail::number_text(momentum_) +
           ", fix_gamma=" + std::string(detail::truth_text(!scale_)) +
           ", use_global_stats=" + std::string(detail::truth_text(use_global_stats_)) +
           ", in_channels=" + std::to_string(in_channels()) + ")";
  }

  template <class To>
  [[nodiscard]] BatchNorm<To> like() const {
    return BatchNorm<To>({.axis = axis_,
                          .momentum = momentum_,
                          .epsilon = epsilon_,
                          .center = center_,
                          .scale = scale_,
                          .use_global_stats = use_global_stats_});
  }

 private:
  [[nodiscard]] Parameter<Scalar>& own(std::size_t position) const {
    return this->own_parameter(position);
  }

  /// One for all: layers may share their statistics, and it is held for a few numbers only.
  static std::mutex& statistics_mutex() {
    static std::mutex mutex;
    return mutex;
  }

  void move_towards(Tensor<Scalar>& running, const Tensor<Scalar>& batch) const {
    using parton::detail::convert;
    Scalar* to = parton::detail::data_for_write(running);
    for (Index i = 0; i < running.size(); ++i)
      to[i] = convert<Scalar>(momentum_ * convert<double>(to[i]) +
                              (1 - momentum_) * convert<double>(batch.data()[i]));
  }

  Index axis_;
  double momentum_;
  double epsilon_;
  bool center_;
  bool scale_;
  bool use_global_stats_;
};

}  // namespace parton::nn
