// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <parton/detail/compiled.hpp>
#include <parton/init/arguments.hpp>
#include <parton/init/variance_scaling.hpp>

namespace parton::init {

/// The options of Xavier: `init::Xavier({.rnd_type = init::gaussian, .magnitude = 2})`.
struct XavierOptions {
  RandomType rnd_type = uniform;
  FactorType factor_type = avg;
  double magnitude = 3;
};

namespace detail {

class XavierRule : public Rule {
 public:
  /// `rule` is what messages and the text form call it: a literal.
  explicit XavierRule(const XavierOptions& options, std::string_view rule = "Xavier");
  explicit XavierRule(const Arguments& arguments, std::string_view rule = "Xavier")
      : XavierRule({choice_from(arguments, "rnd_type", uniform),
                    choice_from(arguments, "factor_type", avg), arguments.number("magnitude", 3)},
                   rule) {}

  void fill(std::string_view name, Target& target, random::Generator& rng) const final;

  [[nodiscard]] std::string dump() const final;

 private:
  std::string_view rule_;
  XavierOptions options_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE XavierRule::XavierRule(const XavierOptions& options, std::string_view rule)
    : rule_(rule), options_(options) {
  check_choice(rule, "rnd_type", options.rnd_type);
  check_choice(rule, "factor_type", options.factor_type);
  not_negative(rule, "magnitude", options.magnitude);
}

PARTON_DETAIL_INLINE void XavierRule::fill(std::string_view name, Target& target,
                                           random::Generator& rng) const {
  const double s = scale_of(rule_, name, target.shape(), options_.factor_type, options_.magnitude);
  draw_scaled(rule_, name, target, rng, options_.rnd_type, s);
}

PARTON_DETAIL_INLINE std::string XavierRule::dump() const {
  return TextForm(lower(rule_))
      .text("rnd_type", choice_text(options_.rnd_type))
      .text("factor_type", choice_text(options_.factor_type))
      .number("magnitude", options_.magnitude)
      .str();
}

#endif

class GlorotRule final : public XavierRule {
 public:
  template <class Given>
  explicit GlorotRule(const Given& given) : XavierRule(given, "Glorot") {}
};

}  // namespace detail

/// Keeps the variance of signals and gradients alike in a deep net.
///
///     s = sqrt(magnitude / factor),  w ~ U(-s, s) or N(0, s^2)
///
/// with factor = (fan_in + fan_out) / 2, fan_in or fan_out (see fans()): with the defaults,
/// U(-s, s) with s = sqrt(6 / (fan_in + fan_out)). A parameter of rank below 2 is an
/// InitializerError. Source: Glorot and Bengio 2010, in the form of Gluon's Xavier.
template <class Scalar = float>
class Xavier : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError for an unknown choice, or a magnitude that is negative or not finite.
  explicit Xavier(const XavierOptions& options = {})
      : Base(detail::make_rule<detail::XavierRule>(options)) {}
  explicit Xavier(RandomType rnd_type, FactorType factor_type = avg, double magnitude = 3)
      : Xavier(XavierOptions{rnd_type, factor_type, magnitude}) {}
  template <class Other>
  Xavier(const Xavier<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

/// Xavier under its author's other name.
template <class Scalar = float>
class Glorot : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  explicit Glorot(const XavierOptions& options = {})
      : Base(detail::make_rule<detail::GlorotRule>(options)) {}
  explicit Glorot(RandomType rnd_type, FactorType factor_type = avg, double magnitude = 3)
      : Glorot(XavierOptions{rnd_type, factor_type, magnitude}) {}
  template <class Other>
  Glorot(const Glorot<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

}  // namespace parton::init
