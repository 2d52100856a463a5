// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <parton/nn/activation_function.hpp>
#include <parton/nn/detail/zero_rule.hpp>
#include <parton/nn/layer.hpp>
#include <parton/ops/convolution.hpp>

namespace parton::nn {

/// What a convolution may be told besides its channels, kernel and activation.
template <std::size_t Axes, class Scalar = float>
struct ConvOptions {
  PerAxis<Axes> strides = 1;
  /// Zeros around the input: `1`, `{1, 2}` for height and width, `{{0, 1}, {0, 1}}` for each side.
  Padding<Axes> padding = 0;
  /// The distance between the taps of the kernel.
  PerAxis<Axes> dilation = 1;
  /// Input and output channels fall into this many groups that do not see each other.
  Index groups = 1;
  bool use_bias = true;
  /// The channels of the input; 0 for what the first forward will tell.
  Index in_channels = 0;
  init::AnyInitializer<Scalar> weight_initializer = {};
  init::AnyInitializer<Scalar> bias_initializer = detail::zero_rule<Scalar>();
  /// A name in place of the automatic `conv0`.
  std::string name = {};
  /// Share the parameters of another layer: `{.params = shared->params()}`.
  std::optional<ParameterDict<Scalar>> params = std::nullopt;
};

namespace detail {

/// What Conv1D and Conv2D share: all but the number of spatial axes.
template <template <class> class Derived, std::size_t Axes, class Scalar>
class Conv : public Layer<Derived, Scalar> {
 public:
  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    Parameter<Scalar>& weight = this->own_parameter(0);
    fit(weight, input.shape());
    Tensor<Scalar> bias;
    if (use_bias_) bias = this->own_parameter(1).data();
    const Tensor<Scalar>* const term = use_bias_ ? &bias : nullptr;
    const ConvolutionOptions<Axes> options{.strides = strides_,
                                           .padding = padding_,
                                           .dilation = dilation_,
                                           .groups = groups_,
                                           .activation = activation_.spec()};
    Tensor<Scalar> output;
    if constexpr (Axes == 1)
      output = parton::conv1d(input, weight.data(), term, options);
    else
      output = parton::conv2d(input, weight.data(), term, options);
    return activation_.is_function() ? activation_.function()(output) : output;
  }

  /// The channels of the output.
  [[nodiscard]] Index channels() const noexcept { return channels_; }
  /// The channels of the input; -1 while they are not known.
  [[nodiscard]] Index in_channels() const {
    const Index in_group = this->own_parameter(0).shape()[1];
    return in_group == Shape::unknown ? in_group : in_group * groups_;
  }
  [[nodiscard]] const PerAxis<Axes>& kernel_size() const noexcept { return kernel_; }
  [[nodiscard]] const PerAxis<Axes>& strides() const noexcept { return strides_; }
  [[nodiscard]] const Padding<Axes>& padding() const noexcept { return padding_; }
  [[nodiscard]] const PerAxis<Axes>& dilation() const noexcept { return dilation_; }
  [[nodiscard]] Index groups() const noexcept { return groups_; }
  [[nodiscard]] bool use_bias() const noexcept { return use_bias_; }
  [[nodiscard]] const ActivationFunction<Scalar>& activation() const noexcept {
    return activation_;
  }

  /// As in Gluon, where both layers are a `conv`.
  [[nodiscard]] std::string kind() const override { return "conv"; }
  [[nodiscard]] std::string describe() const override {
    const Shape& shape = this->own_parameter(0).shape();
    std::string text = this->class_name() + "(" + std::to_string(shape[1]) + " -> " +
                       std::to_string(channels_) + ", kernel_size=" + kernel_.to_string() +
                       ", stride=" + strides_.to_string();
    if (!padding_.is_none()) text += ", padding=" + padding_.to_string();
    if (!(dilation_ == 1)) text += ", dilation=" + dilation_.to_string();
    if (groups_ != 1) text += ", groups=" + std::to_string(groups_);
    if (!use_bias_) text += ", bias=False";
    if (!activation_.is_linear()) text += ", Activation(" + activation_.name() + ")";
    return text + ")";
  }

  template <class To>
  [[nodiscard]] Derived<To> like() const {
    return Derived<To>(channels_, kernel_, activation_.template cast<To>(),
                       {.strides = strides_,
                        .padding = padding_,
                        .dilation = dilation_,
                        .groups = groups_,
                        .use_bias = use_bias_});
  }

 protected:
  Conv(const char* layer, Dim channels, const PerAxis<Axes>& kernel_size,
       ActivationFunction<Scalar> activation, ConvOptions<Axes, Scalar> options)
      : channels_(channels.value()),
        kernel_(kernel_size),
        strides_(options.strides),
        padding_(options.padding),
        dilation_(options.dilation),
        groups_(options.groups),
        use_bias_(options.use_bias),
        activation_(std::move(activation)) {
    if (channels_ <= 0) throw errors::not_positive("channels", channels_, layer);
    if (groups_ <= 0) throw errors::not_positive("groups", groups_, layer);
    if (options.in_channels < 0)
      throw errors::negative_count("in_channels", options.in_channels, layer);
    if (channels_ % groups_ != 0)
      throw errors::channels_not_multiple(layer, "channels", channels_, groups_);
    if (options.in_channels % groups_ != 0)
      throw errors::channels_not_multiple(layer, "in_channels", options.in_channels, groups_);
    parton::detail::check_windows(layer, kernel_, strides_, padding_, dilation_);
    this->set_name(options.name);
    const Index in = options.in_channels == 0 ? Shape::unknown : options.in_channels / groups_;
    this->declare("weight",
                  {.shape = weight_shape(in), .initializer = std::move(options.weight_initializer)},
                  options.params);
    if (use_bias_)
      this->declare("bias",
                    {.shape = {channels_}, .initializer = std::move(options.bias_initializer)},
                    options.params);
    if (options.params) this->require_tie(*options.params);
  }

 private:
  [[nodiscard]] Shape weight_shape(Index in_group) const {
    if constexpr (Axes == 1)
      return {channels_, in_group, kernel_[0]};
    else
      return {channels_, in_group, kernel_[0], kernel_[1]};
  }

  /// Tells the weight its channels at the first forward; refuses others later.
  void fit(Parameter<Scalar>& weight, const Shape& input) const {
    if (input.rank() != Axes + 2)
      throw errors::input_not_for_convolution(weight.name(), weight.path(),
                                              Axes == 1 ? "(N, C, W)" : "(N, C, H, W)",
                                              input.to_string());
    const Index channels = input[1];
    if (weight.is_initialized() && weight.shape()[1] * groups_ == channels) return;
    const std::lock_guard lock(parton::detail::initialization_mutex());
    if (const Index known = in_channels(); known != Shape::unknown && known != channels)
      throw errors::input_channels(weight.name(), weight.path(), known, channels, 1,
                                   input.to_string());
    if (channels % groups_ != 0)
      throw errors::input_channels_of_groups(weight.name(), weight.path(), channels, groups_);
    weight.set_shape(weight_shape(channels / groups_));
  }

  Index channels_;
  PerAxis<Axes> kernel_, strides_;
  Padding<Axes> padding_;
  PerAxis<Axes> dilation_;
  Index groups_;
  bool use_bias_;
  ActivationFunction<Scalar> activation_;
};

}  // namespace detail

/// A convolution over images: `nn::Conv2D(16, 3, nn::relu, {.padding = 1})`, `nn::Conv2D(16, {3,
/// 5}, {.strides = 2})`. ops/convolution.hpp has the formula.
///
/// Parameters: `weight` of shape `(channels, in_channels / groups, kH, kW)` and, unless use_bias is
/// off, `bias` of shape `(channels,)` with the initializer Zero. Input `(N, in_channels, H, W)`
/// gives `(N, channels, oH, oW)` with oH = (H + padding - dilation (kH - 1) - 1) / stride + 1,
/// rounded down.
template <class Scalar>
class Conv2D : public detail::Conv<Conv2D, 2, Scalar> {
 public:
  using Options = ConvOptions<2, Scalar>;

  /// \throws ValueError for channels, groups or sizes that are not positive, negative in_channels
  /// or padding, or channels that are not a multiple of groups; NameError; TieError.
  explicit Conv2D(Dim channels, const PerAxis<2>& kernel_size,
                  std::type_identity_t<ActivationFunction<Scalar>> activation = linear,
                  std::type_identity_t<ConvOptions<2, Scalar>> options = {})
      : detail::Conv<nn::Conv2D, 2, Scalar>("Conv2D", channels, kernel_size, std::move(activation),
                                            std::move(options)) {}
  Conv2D(Dim channels, const PerAxis<2>& kernel_size,
         std::type_identity_t<ConvOptions<2, Scalar>> options)
      : Conv2D(channels, kernel_size, linear, std::move(options)) {}
};

/// A convolution over sequences, as Conv2D with one spatial axis: `weight` is `(channels,
/// in_channels / groups, kW)`, input `(N, in_channels, W)` gives `(N, channels, oW)`.
template <class Scalar>
class Conv1D : public detail::Conv<Conv1D, 1, Scalar> {
 public:
  using Options = ConvOptions<1, Scalar>;

  /// \throws as Conv2D.
  explicit Conv1D(Dim channels, const PerAxis<1>& kernel_size,
                  std::type_identity_t<ActivationFunction<Scalar>> activation = linear,
                  std::type_identity_t<ConvOptions<1, Scalar>> options = {})
      : detail::Conv<nn::Conv1D, 1, Scalar>("Conv1D", channels, kernel_size, std::move(activation),
                                            std::move(options)) {}
  Conv1D(Dim channels, const PerAxis<1>& kernel_size,
         std::type_identity_t<ConvOptions<1, Scalar>> options)
      : Conv1D(channels, kernel_size, linear, std::move(options)) {}
};

}  // namespace parton::nn
