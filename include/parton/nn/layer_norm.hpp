// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <parton/init/constant.hpp>
#include <parton/init/text_form.hpp>
#include <parton/nn/detail/channels.hpp>
#include <parton/nn/layer.hpp>
#include <parton/ops/normalization.hpp>

namespace parton::nn {

/// What a LayerNorm may be told.
template <class Scalar = float>
struct LayerNormOptions {
  /// The axis that is normalized, such as the features.
  Index axis = -1;
  double epsilon = 1e-5;
  /// Whether beta is added, and whether gamma multiplies; without, both are ignored and not
  /// trained.
  bool center = true;
  bool scale = true;
  init::AnyInitializer<Scalar> beta_initializer = init::Zero<Scalar>();
  init::AnyInitializer<Scalar> gamma_initializer = init::One<Scalar>();
  /// The size of the axis; 0 for one that the first forward will tell.
  Index in_channels = 0;
  std::string name = {};
  /// Share the parameters of another LayerNorm: `{.params = other->params()}`.
  std::optional<ParameterDict<Scalar>> params = std::nullopt;
};

/// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with mean and biased variance over one
/// axis of each sample (Ba et al. 2016): the same in training and in prediction.
///
/// Parameters: `gamma` (One) and `beta` (Zero) of shape `(in_channels,)`. The shape stays.
template <class Scalar>
class LayerNorm : public Layer<LayerNorm, Scalar> {
 public:
  /// \throws ValueError for a bad epsilon or negative in_channels; NameError; TieError.
  explicit LayerNorm(std::type_identity_t<LayerNormOptions<Scalar>> options = {})
      : axis_(options.axis),
        epsilon_(detail::checked_epsilon(options.epsilon, "LayerNorm")),
        center_(options.center),
        scale_(options.scale) {
    this->set_name(options.name);
    const Shape shape = detail::channel_shape(options.in_channels, "LayerNorm");
    this->declare("gamma",
                  {.shape = shape,
                   .initializer = std::move(options.gamma_initializer),
                   .differentiable = scale_},
                  options.params);
    this->declare("beta",
                  {.shape = shape,
                   .initializer = std::move(options.beta_initializer),
                   .differentiable = center_},
                  options.params);
    if (options.params) this->require_tie(*options.params);
  }

  /// \throws ShapeError naming the parameter if the axis is missing or of another size.
  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    Parameter<Scalar>&own_gamma = this->own_parameter(0), &own_beta = this->own_parameter(1);
    detail::fit_channels<Scalar>({&own_gamma, &own_beta}, input.shape(), axis_);
    const Tensor<Scalar> gamma = own_gamma.data(), beta = own_beta.data();
    return parton::layer_norm(input, scale_ ? &gamma : nullptr, center_ ? &beta : nullptr, axis_,
                              epsilon_);
  }

  [[nodiscard]] Parameter<Scalar>& gamma() { return this->own_parameter(0); }
  [[nodiscard]] const Parameter<Scalar>& gamma() const { return this->own_parameter(0); }
  [[nodiscard]] Parameter<Scalar>& beta() { return this->own_parameter(1); }
  [[nodiscard]] const Parameter<Scalar>& beta() const { return this->own_parameter(1); }
  [[nodiscard]] Index axis() const noexcept { return axis_; }
  [[nodiscard]] double epsilon() const noexcept { return epsilon_; }
  [[nodiscard]] bool center() const noexcept { return center_; }
  [[nodiscard]] bool scale() const noexcept { return scale_; }
  /// The size of the axis; -1 while it is not known.
  [[nodiscard]] Index in_channels() const { return gamma().shape()[0]; }

  [[nodiscard]] std::string describe() const override {
    return this->class_name() + "(eps=" + init::detail::number_text(epsilon_) +
           ", axis=" + std::to_string(axis_) +
           ", center=" + std::string(detail::truth_text(center_)) +
           ", scale=" + std::string(detail::truth_text(scale_)) +
           ", in_channels=" + std::to_string(in_channels()) + ")";
  }

  template <class To>
  [[nodiscard]] LayerNorm<To> like() const {
    return LayerNorm<To>({.axis = axis_, .epsilon = epsilon_, .center = center_, .scale = scale_});
  }

 private:
  Index axis_;
  double epsilon_;
  bool center_;
  bool scale_;
};

}  // namespace parton::nn
