// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
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
      : function_(std::move(f)), name_(std::move(name)) {
    if (!function_) throw errors::empty_function(name_);
  }

  /// The built-in that it is; linear for a function.
  [[nodiscard]] ActivationSpec spec() const noexcept { return spec_; }
  [[nodiscard]] bool is_function() const noexcept { return static_cast<bool>(function_); }
  [[nodiscard]] bool is_linear() const noexcept {
    return !function_ && spec_.kind == ActivationKind::linear;
  }
  [[nodiscard]] std::string name() const { return function_ ? name_ : std::string(spec_.name()); }
  [[nodiscard]] const Function& function() const noexcept { return function_; }

  /// The same for another scalar; a function works on values converted to its own scalar and back.
  template <class To>
  [[nodiscard]] ActivationFunction<To> cast() const {
    if constexpr (std::same_as<To, Scalar>) {
      return *this;
    } else {
      if (!function_) return spec_;
      return {[f = function_](const Tensor<To>& x) {
                return f(x.template cast<Scalar>()).template cast<To>();
              },
              name_};
    }
  }

 private:
  ActivationSpec spec_;
  Function function_;
  std::string name_;
};

}  // namespace parton::nn
