// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include <parton/init/checks.hpp>
#include <parton/init/registry.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

/// Fills the bias of an LSTM: 0, except forget_bias for the forget gate, so that it forgets nothing
/// at first.
///
///     b = (0, forget_bias, 0, 0), each n wide, for the gates input, forget, cell, output
///
/// Parameters of shape `(4 n,)`. Source: Jozefowicz et al. 2015, in the form of Gluon's LSTMBias.
template <class Scalar = float>
class LSTMBias : public detail::BuiltIn<LSTMBias, Scalar> {
 public:
  /// \throws InitializerError for a bias that is not finite.
  explicit LSTMBias(double forget_bias = 1)
      : forget_bias_(detail::finite("LSTMBias", "forget_bias", forget_bias)) {}
  explicit LSTMBias(const Arguments& arguments) : LSTMBias(arguments.number("forget_bias", 1)) {}
  template <class Other>
  LSTMBias(const LSTMBias<Other>& other)  // NOLINT: implicit on purpose
      : forget_bias_(other.forget_bias()) {}

  /// \throws InitializerError unless the rank is 1 and the size a multiple of 4.
  void init_weight(std::string_view name, Tensor<Scalar>& data, random::Generator&) const override {
    if (data.rank() != 1 || data.size() % 4 != 0)
      throw errors::initializer_shape("LSTMBias", name, data.shape().to_string(),
                                      "rank 1 and a multiple of 4 elements");
    detail::check_in_range<Scalar>("LSTMBias", name, forget_bias_);
    data.fill(Scalar(0));
    const Index n = data.size() / 4;
    data.slice(n, 2 * n).fill(parton::detail::convert<Scalar>(forget_bias_));
  }

  [[nodiscard]] std::string dump() const override {
    // Gluon's default is the float 1.0, and prints as such.
    const std::string number = detail::number_text(forget_bias_);
    const bool looks_whole = number.find_first_of(".e") == std::string::npos;
    return detail::TextForm("lstmbias").json("forget_bias", number + (looks_whole ? ".0" : "")).str();
  }
  [[nodiscard]] double forget_bias() const noexcept { return forget_bias_; }

 private:
  double forget_bias_;
};

namespace detail {

inline const bool lstm_bias_registered =
    register_built_in<LSTMBias<double>>({"lstmbias", "lstm_bias"});

}  // namespace detail

}  // namespace parton::init
