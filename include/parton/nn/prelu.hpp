// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <parton/init/constant.hpp>
#include <parton/nn/detail/channels.hpp>
#include <parton/nn/layer.hpp>
#include <parton/ops/activation.hpp>

namespace parton::nn {

/// What a PReLU may be told.
template <class Scalar = float>
struct PReLUOptions {
  /// 1 for a single alpha; 0 for one for each channel, as many as the first forward tells.
  Index in_channels = 1;
  init::AnyInitializer<Scalar> alpha_initializer = init::Constant<Scalar>(0.25);
  std::string name = {};
  /// Share the alpha of another PReLU: `{.params = other->params()}`.
  std::optional<ParameterDict<Scalar>> params = std::nullopt;
};

/// y = x where x > 0, else alpha x, where alpha is learned (He et al. 2015).
///
/// Parameter: `alpha` of shape `(in_channels,)`. With a single alpha the input has any shape; with
/// one for each channel it is `(N, channels, ...)`.
template <class Scalar>
class PReLU : public Layer<PReLU, Scalar> {
 public:
  /// \throws ValueError for negative in_channels; NameError; TieError if `params` ties nothing.
  explicit PReLU(std::type_identity_t<PReLUOptions<Scalar>> options = {})
      : single_(options.in_channels == 1) {
    this->set_name(options.name);
    this->declare("alpha",
                  {.shape = detail::channel_shape(options.in_channels, "PReLU"),
                   .initializer = std::move(options.alpha_initializer)},
                  options.params);
    if (options.params) this->require_tie(*options.params);
  }

  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    Parameter<Scalar>& own = this->own_parameter(0);
    if (!single_) detail::fit_channels<Scalar>({&own}, input.shape(), 1);
    return parton::prelu(input, own.data());
  }

  [[nodiscard]] Parameter<Scalar>& alpha() { return this->own_parameter(0); }
  [[nodiscard]] const Parameter<Scalar>& alpha() const { return this->own_parameter(0); }

  template <class To>
  [[nodiscard]] PReLU<To> like() const {
    return PReLU<To>({.in_channels = single_ ? 1 : 0});
  }

 private:
  bool single_;
};

}  // namespace parton::nn
