// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <parton/init/variance_scaling.hpp>

namespace parton::init {

/// The options of Xavier: `init::Xavier({.rnd_type = init::gaussian, .magnitude = 2})`.
struct XavierOptions {
  RandomType rnd_type = uniform;
  FactorType factor_type = avg;
  double magnitude = 3;
};

namespace detail {

/// Xavier under any of its names, which is what messages and the text form call it.
template <template <class> class Rule, class Scalar>
class XavierRule : public BuiltIn<Rule, Scalar> {
 public:
  /// \throws InitializerError for a rank below 2.
  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const override {
    const double s = scale_of(rule_, name, data.shape(), options_.factor_type, options_.magnitude);
    draw_scaled(rule_, name, data, rng, options_.rnd_type, s);
  }

  [[nodiscard]] std::string dump() const override {
    return TextForm(lower(rule_))
        .text("rnd_type", choice_text(options_.rnd_type))
        .text("factor_type", choice_text(options_.factor_type))
        .number("magnitude", options_.magnitude)
        .str();
  }
  [[nodiscard]] const XavierOptions& options() const noexcept { return options_; }

 protected:
  XavierRule(std::string_view rule, const XavierOptions& options) : rule_(rule), options_(options) {
    check_choice(rule, "rnd_type", options.rnd_type);
    check_choice(rule, "factor_type", options.factor_type);
    not_negative(rule, "magnitude", options.magnitude);
  }

  static XavierOptions read(const Arguments& arguments) {
    return {choice_from(arguments, "rnd_type", uniform), choice_from(arguments, "factor_type", avg),
            arguments.number("magnitude", 3)};
  }

 private:
  std::string_view rule_;  // a literal
  XavierOptions options_;
};

}  // namespace detail

/// Keeps the variance of signals and gradients alike in a deep net.
///
///     s = sqrt(magnitude / factor),  w ~ U(-s, s) or N(0, s^2)
///
/// with factor = (fan_in + fan_out) / 2, fan_in or fan_out (see fans()): with the defaults,
/// U(-s, s) with s = sqrt(6 / (fan_in + fan_out)). Parameters of rank 2 or more. Source: Glorot and
/// Bengio 2010, in the form of Gluon's Xavier.
template <class Scalar = float>
class Xavier : public detail::XavierRule<Xavier, Scalar> {
  using Base = detail::XavierRule<init::Xavier, Scalar>;

 public:
  /// \throws InitializerError for an unknown choice, or a magnitude that is negative or not finite.
  explicit Xavier(const XavierOptions& options = {}) : Base("Xavier", options) {}
  explicit Xavier(RandomType rnd_type, FactorType factor_type = avg, double magnitude = 3)
      : Xavier(XavierOptions{rnd_type, factor_type, magnitude}) {}
  explicit Xavier(const Arguments& arguments) : Xavier(Base::read(arguments)) {}
  template <class Other>
  Xavier(const Xavier<Other>& other) : Xavier(other.options()) {}  // NOLINT: implicit on purpose
};

/// Xavier under its author's other name.
template <class Scalar = float>
class Glorot : public detail::XavierRule<Glorot, Scalar> {
  using Base = detail::XavierRule<init::Glorot, Scalar>;

 public:
  explicit Glorot(const XavierOptions& options = {}) : Base("Glorot", options) {}
  explicit Glorot(RandomType rnd_type, FactorType factor_type = avg, double magnitude = 3)
      : Glorot(XavierOptions{rnd_type, factor_type, magnitude}) {}
  explicit Glorot(const Arguments& arguments) : Glorot(Base::read(arguments)) {}
  template <class Other>
  Glorot(const Glorot<Other>& other) : Glorot(other.options()) {}  // NOLINT: implicit on purpose
};

namespace detail {

inline const bool xavier_registered =
    register_built_in<Xavier<double>>({"xavier"}) && register_built_in<Glorot<double>>({"glorot"});

}  // namespace detail

}  // namespace parton::init
