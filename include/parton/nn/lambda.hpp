// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton/nn/activation_function.hpp>
#include <parton/nn/layer.hpp>
#include <parton/ops/activation.hpp>
#include <parton/ops/shape_ops.hpp>
#include <parton/ops/softmax.hpp>
#include <parton/ops/unary.hpp>

namespace parton::nn {

namespace detail {

/// The ops of one tensor that a Lambda finds by name, beside the activations.
template <class Scalar>
struct NamedOp {
  using T = Tensor<Scalar>;
  std::string_view name;
  T (*apply)(const T&);

  static constexpr auto all() {
    return std::to_array<NamedOp>({
        {"abs", [](const T& x) -> T { return parton::abs(x); }},
        {"exp", [](const T& x) -> T { return parton::exp(x); }},
        {"flatten", [](const T& x) -> T { return parton::flatten(x); }},
        {"log", [](const T& x) -> T { return parton::log(x); }},
        {"log_softmax", [](const T& x) -> T { return parton::log_softmax(x); }},
        {"sign", [](const T& x) -> T { return parton::sign(x); }},
        {"softmax", [](const T& x) -> T { return parton::softmax(x); }},
        {"sqrt", [](const T& x) -> T { return parton::sqrt(x); }},
        {"square", [](const T& x) -> T { return parton::square(x); }},
        {"transpose", [](const T& x) -> T { return parton::transpose(x); }},
    });
  }
};

/// The op or activation called `name`. \throws ValueError with the names there are.
template <class Scalar>
ActivationFunction<Scalar> function_by_name(parton::detail::NameView name) {
  std::vector<std::string> known(parton::detail::activation_names.begin(),
                                 parton::detail::activation_names.end());
  for (const std::string& activation : known)
    if (activation == name)
      return {[spec = activation_by_name(name)](const Tensor<Scalar>& x) {
                return parton::activate(x, spec);
              },
              activation};
  for (const NamedOp<Scalar>& op : NamedOp<Scalar>::all()) {
    if (op.name == name) return {op.apply, std::string(name)};
    known.emplace_back(op.name);
  }
  throw errors::unknown_activation(name, known, "function");
}

}  // namespace detail

/// A function of one tensor as a layer without parameters: `nn::Lambda("softmax")`, or any function
/// written with the library's ops, `nn::Lambda([](const Tensor<>& x) { return x * 2; }, "twice")`.
///
/// A function of your own sees the shape alone while shapes are inferred, and runs in many threads
/// if the net does. Cast to another scalar, it still computes in the one that it was written for.
template <class Scalar>
class Lambda : public Layer<Lambda, Scalar> {
 public:
  /// The op or activation of this name. \throws ValueError with the names there are.
  template <std::convertible_to<std::string_view> Text>
  explicit Lambda(const Text& function, LayerOptions options = {})
      : function_(detail::function_by_name<Scalar>(function)), named_(true) {
    this->set_name(options.name);
  }

  /// A function of your own; `label` is printed. \throws ValueError if it is empty.
  template <class F>
  requires(std::is_invocable_r_v<Tensor<Scalar>, const F&, const Tensor<Scalar>&> &&
           !std::convertible_to<F, std::string_view> && !detail::AnyBlock<F>)  //
      explicit Lambda(F function, std::string label = "<lambda>", LayerOptions options = {})
      : function_(std::move(function), std::move(label)), named_(false) {
    this->set_name(options.name);
  }

  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    return function_.function()(input);
  }

  /// What it prints: the op's name, or the label of a function of your own.
  [[nodiscard]] std::string label() const { return function_.name(); }

  [[nodiscard]] std::string describe() const override {
    return this->class_name() + "(" + label() + ")";
  }

  template <class To>
  [[nodiscard]] Lambda<To> like() const {
    if (named_) return Lambda<To>(label());
    const ActivationFunction<To> function = function_.template cast<To>();
    return Lambda<To>(function.function(), function.name());
  }

 private:
  ActivationFunction<Scalar> function_;
  bool named_;  // rather than one of the user's
};

}  // namespace parton::nn
