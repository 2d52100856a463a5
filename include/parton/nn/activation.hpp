// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include <parton/init/text_form.hpp>
#include <parton/nn/activation_function.hpp>
#include <parton/nn/layer.hpp>
#include <parton/ops/activation.hpp>

namespace parton::nn {

/// An activation as a layer of its own: any shape in, the same shape out, element by element.
///
/// `nn::Activation(nn::relu)`, by name `nn::Activation("relu")`, with its number
/// `nn::Activation(nn::elu(0.5))`, or any function of a Tensor. Formulas: ops/activation.hpp. Its
/// automatic name begins with that of the activation, as Gluon's does: `relu0`.
template <class Scalar>
class Activation : public Layer<Activation, Scalar> {
 public:
  /// \throws ValueError for a name that no activation has, or an empty function.
  explicit Activation(std::type_identity_t<ActivationFunction<Scalar>> activation,
                      LayerOptions options = {})
      : activation_(std::move(activation)) {
    this->set_name(options.name);
  }

  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    return activation_.is_function() ? activation_.function()(input)
                                     : parton::activate(input, activation_.spec());
  }

  [[nodiscard]] const ActivationFunction<Scalar>& activation() const noexcept {
    return activation_;
  }

  [[nodiscard]] std::string kind() const override {
    // The name of a function is free text.
    return activation_.is_function() ? "activation" : activation_.name();
  }
  [[nodiscard]] std::string describe() const override {
    return this->class_name() + "(" + activation_.name() + ")";
  }

  template <class To>
  [[nodiscard]] Activation<To> like() const {
    return Activation<To>(activation_.template cast<To>());
  }

 private:
  ActivationFunction<Scalar> activation_;
};

/// y = x where x > 0, else slope x: a ReLU that does not go flat (Maas et al. 2013).
template <class Scalar>
class LeakyReLU : public Layer<LeakyReLU, Scalar> {
 public:
  /// \throws ValueError for a negative slope.
  explicit LeakyReLU(double slope, LayerOptions options = {}) : activation_(leaky_relu(slope)) {
    this->set_name(options.name);
  }

  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    return parton::activate(input, activation_);
  }

  [[nodiscard]] double slope() const noexcept { return activation_.slope; }

  [[nodiscard]] std::string describe() const override {
    return this->class_name() + "(" + init::detail::number_text(slope()) + ")";
  }

  template <class To>
  [[nodiscard]] LeakyReLU<To> like() const {
    return LeakyReLU<To>(slope());
  }

 private:
  BuiltInActivation<ActivationKind::leaky_relu> activation_;
};

}  // namespace parton::nn
