// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <parton/ops/activation_kind.hpp>
#include <parton/tensor/tensor.hpp>

namespace parton::nn {

// What a layer takes as its activation: `nn::Dense(256, nn::relu)`.
inline constexpr BuiltInActivation<ActivationKind::linear> linear{};
inline constexpr BuiltInActivation<ActivationKind::relu> relu{};
inline constexpr BuiltInActivation<ActivationKind::sigmoid> sigmoid{};
inline constexpr BuiltInActivation<ActivationKind::tanh> tanh{};
inline constexpr BuiltInActivation<ActivationKind::softrelu> softrelu{};
inline constexpr BuiltInActivation<ActivationKind::softsign> softsign{};
inline constexpr BuiltInActivation<ActivationKind::gelu> gelu{};
inline constexpr BuiltInActivation<ActivationKind::silu> silu{};
inline constexpr BuiltInActivation<ActivationKind::selu> selu{};
inline constexpr BuiltInActivation<ActivationKind::gelu_erf> gelu_erf{};

/// x where x > 0, else slope * x. \throws ValueError for a negative slope.
inline BuiltInActivation<ActivationKind::leaky_relu> leaky_relu(double slope = 0.01) {
  if (!(slope >= 0)) throw errors::layer_option("leaky_relu", "the slope", "at least 0", slope);
  return {slope};
}
/// x where x > 0, else alpha * (exp(x) - 1) (Clevert et al. 2015).
constexpr BuiltInActivation<ActivationKind::elu> elu(double alpha = 1) { return {alpha}; }

/// The activation of a layer: one of the above, its name (`"relu"`), or any function of a tensor.
template <class Scalar = float>
class ActivationFunction {
 public:
  using Function = std::function<Tensor<Scalar>(const Tensor<Scalar>&)>;

  ActivationFunction() = default;
  ActivationFunction(ActivationSpec spec) : spec_(spec) {}  // NOLINT: implicit on purpose
  template <ActivationKind Kind>
  ActivationFunction(BuiltInActivation<Kind> activation) : spec_(activation) {}  // NOLINT
  /// \throws ValueError listing the names there are.
  template <std::convertible_to<std::string_view> Text>
  ActivationFunction(const Text& name) : spec_(activation_by_name(name)) {}  // NOLINT
  /// A function of your own, written with the library's ops; `name` is printed.
  /// \throws ValueError for an empty std::function or a null pointer.
  template <class F>
  requires(std::is_invocable_r_v<Tensor<Scalar>, const F&, const Tensor<Scalar>&> &&
           !std::convertible_to<F, std::string_view> && !std::same_as<F, ActivationFunction>)
      ActivationFunction(F f, std::string name = "function")  // NOLINT
      : own_(std::make_shared<const Own>(Own{std::move(f), std::move(name)})) {
    if (!own_->function) throw errors::empty_function(own_->name);
  }

  /// The built-in that it is; linear for a function.
  [[nodiscard]] ActivationSpec spec() const noexcept { return spec_; }
  [[nodiscard]] bool is_function() const noexcept { return own_ != nullptr; }
  [[nodiscard]] bool is_linear() const noexcept {
    return !own_ && spec_.kind == ActivationKind::linear;
  }
  [[nodiscard]] std::string name() const { return own_ ? own_->name : std::string(spec_.name()); }
  /// Empty for a built-in.
  [[nodiscard]] const Function& function() const noexcept {
    static const Function none;
    return own_ ? own_->function : none;
  }

  /// The same for another scalar; a function works on values converted to its own scalar and back.
  template <class To>
  [[nodiscard]] ActivationFunction<To> cast() const {
    if constexpr (std::same_as<To, Scalar>) {
      return *this;
    } else {
      if (!own_) return spec_;
      return {[f = own_->function](const Tensor<To>& x) {
                return f(x.template cast<Scalar>()).template cast<To>();
              },
              own_->name};
    }
  }

 private:
  struct Own {
    Function function;
    std::string name;
  };

  ActivationSpec spec_;
  std::shared_ptr<const Own> own_;
};

}  // namespace parton::nn
