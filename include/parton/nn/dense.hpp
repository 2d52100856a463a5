// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <parton/nn/activation_function.hpp>
#include <parton/nn/detail/zero_rule.hpp>
#include <parton/nn/layer.hpp>
#include <parton/ops/dense.hpp>

namespace parton::nn {

/// What a Dense may be told besides its width and activation.
template <class Scalar = float>
struct DenseOptions {
  bool use_bias = true;
  /// Collapse all axes but the first of the input; else only the last axis is transformed.
  bool flatten = true;
  /// The width of the input; 0 for one that the first forward will tell.
  Index in_units = 0;
  init::AnyInitializer<Scalar> weight_initializer = {};
  init::AnyInitializer<Scalar> bias_initializer = detail::zero_rule<Scalar>();
  /// A name in place of the automatic `dense0`.
  std::string name = {};
  /// Share the parameters of another layer: `{.params = shared->params()}`.
  std::optional<ParameterDict<Scalar>> params = std::nullopt;
};

/// A fully connected layer: y = activation(x W^T + b).
///
/// Parameters: `weight` of shape `(units, in_units)` and, unless use_bias is off, `bias` of shape
/// `(units,)` with the initializer Zero. Input `(N, ...)`, flattened to `(N, in_units)`, gives
/// `(N, units)`; with flatten off, `(..., in_units)` gives `(..., units)`.
template <class Scalar>
class Dense : public Layer<Dense, Scalar> {
 public:
  /// \throws ValueError unless units > 0 and in_units >= 0; NameError; TieError if `params` ties
  /// nothing.
  explicit Dense(Dim units, std::type_identity_t<ActivationFunction<Scalar>> activation = linear,
                 std::type_identity_t<DenseOptions<Scalar>> options = {})
      : units_(units.value()),
        use_bias_(options.use_bias),
        flatten_(options.flatten),
        activation_(std::move(activation)) {
    if (units_ <= 0) throw errors::not_positive("units", units_, "Dense");
    if (options.in_units < 0) throw errors::negative_count("in_units", options.in_units, "Dense");
    this->set_name(options.name);
    const Index in_units = options.in_units == 0 ? Shape::unknown : options.in_units;
    this->declare(
        "weight",
        {.shape = {units_, in_units}, .initializer = std::move(options.weight_initializer)},
        options.params);
    if (use_bias_)
      this->declare("bias", {.shape = {units_}, .initializer = std::move(options.bias_initializer)},
                    options.params);
    if (options.params) this->require_tie(*options.params);
  }
  Dense(Dim units, std::type_identity_t<DenseOptions<Scalar>> options)
      : Dense(units, linear, std::move(options)) {}

  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override;

  [[nodiscard]] Index units() const noexcept { return units_; }
  /// The width of the input; -1 while it is not known.
  [[nodiscard]] Index in_units() const { return this->own_parameter(0).shape()[1]; }
  [[nodiscard]] bool use_bias() const noexcept { return use_bias_; }
  [[nodiscard]] bool flatten() const noexcept { return flatten_; }
  [[nodiscard]] const ActivationFunction<Scalar>& activation() const noexcept {
    return activation_;
  }

  [[nodiscard]] std::string describe() const override;

  template <class To>
  [[nodiscard]] Dense<To> like() const {
    return Dense<To>(units_, activation_.template cast<To>(),
                     {.use_bias = use_bias_, .flatten = flatten_});
  }

 private:
  /// Tells the weight its width at the first forward; refuses another width later.
  void fit(Parameter<Scalar>& weight, const Shape& input) const;

  Index units_;
  bool use_bias_;
  bool flatten_;
  ActivationFunction<Scalar> activation_;
};

template <class Scalar>
Tensor<Scalar> Dense<Scalar>::forward(const Tensor<Scalar>& input) const {
  Parameter<Scalar>& weight = this->own_parameter(0);
  fit(weight, input.shape());
  Tensor<Scalar> bias;
  if (use_bias_) bias = this->own_parameter(1).data();
  Tensor<Scalar> output = parton::dense(input, weight.data(), use_bias_ ? &bias : nullptr,
                                        activation_.spec(), flatten_);
  return activation_.is_function() ? activation_.function()(output) : output;
}

template <class Scalar>
std::string Dense<Scalar>::describe() const {
  return this->class_name() + "(" + std::to_string(in_units()) + " -> " + std::to_string(units_) +
         ", " + (activation_.is_linear() ? "linear" : "Activation(" + activation_.name() + ")") +
         ")";
}

template <class Scalar>
void Dense<Scalar>::fit(Parameter<Scalar>& weight, const Shape& input) const {
  if (input.rank() == 0) throw errors::scalar_input("Dense", weight.name());
  const Index width = flatten_ ? input.product(1) : input[-1];
  if (weight.is_initialized() && weight.shape()[1] == width) return;
  const std::lock_guard lock(parton::detail::initialization_mutex());
  if (const Index known = weight.shape()[1]; known != Shape::unknown && known != width)
    throw errors::input_width(weight.name(), weight.path(), known, width, input.to_string(),
                              flatten_);
  weight.set_shape({units_, width});
}

}  // namespace parton::nn
