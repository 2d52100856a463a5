// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <parton/detail/compiled.hpp>
#include <parton/init/arguments.hpp>
#include <parton/init/checks.hpp>
#include <parton/init/initializer.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

namespace detail {

class LSTMBiasRule final : public Rule {
 public:
  explicit LSTMBiasRule(double forget_bias)
      : forget_bias_(finite("LSTMBias", "forget_bias", forget_bias)) {}
  explicit LSTMBiasRule(const Arguments& arguments)
      : LSTMBiasRule(arguments.number("forget_bias", 1)) {}

  void fill(std::string_view name, Target& target, random::Generator&) const override;

  [[nodiscard]] std::string dump() const override;

 private:
  double forget_bias_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void LSTMBiasRule::fill(std::string_view name, Target& target,
                                             random::Generator&) const {
  if (target.shape().rank() != 1 || target.size() % 4 != 0)
    throw errors::initializer_shape("LSTMBias", name, target.shape().to_string(),
                                    "rank 1 and a multiple of 4 elements");
  check_in_range("LSTMBias", name, target, forget_bias_);
  target.fill(0);
  const Index n = target.size() / 4;
  for (Index i = n; i < 2 * n; ++i) target.set(i, forget_bias_);
}

PARTON_DETAIL_INLINE std::string LSTMBiasRule::dump() const {
  // Gluon's default is the float 1.0, and prints as such.
  const std::string number = number_text(forget_bias_);
  const bool looks_whole = number.find_first_of(".e") == std::string::npos;
  return TextForm("lstmbias").json("forget_bias", number + (looks_whole ? ".0" : "")).str();
}

#endif

}  // namespace detail

/// Fills the bias of an LSTM: 0, except forget_bias for the forget gate, so that it forgets nothing
/// at first.
///
///     b = (0, forget_bias, 0, 0), each n wide, for the gates input, forget, cell, output
///
/// For parameters of shape `(4 n,)`; others are an InitializerError. Source: Jozefowicz et al.
/// 2015, in the form of Gluon's LSTMBias.
template <class Scalar = float>
class LSTMBias : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError for a bias that is not finite.
  explicit LSTMBias(double forget_bias = 1)
      : Base(detail::make_rule<detail::LSTMBiasRule>(forget_bias)) {}
  template <class Other>
  LSTMBias(const LSTMBias<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

}  // namespace parton::init
