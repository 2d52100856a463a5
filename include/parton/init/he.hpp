// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <parton/detail/compiled.hpp>
#include <parton/detail/rounded.hpp>
#include <parton/init/arguments.hpp>
#include <parton/init/variance_scaling.hpp>

namespace parton::init {

/// The options of He and Kaiming.
struct HeOptions {
  RandomType rnd_type = gaussian;
  FactorType factor_type = in;
  double slope = 0;  ///< of a leaky ReLU's negative side; 0 for ReLU
};

/// The options of LeCun.
struct LeCunOptions {
  RandomType rnd_type = gaussian;
  FactorType factor_type = in;
};

namespace detail {

/// The four rules of this header: Var(w) = gain / fan, with the gain of a (leaky) ReLU or 1.
class RectifierRule : public Rule {
 public:
  void fill(std::string_view name, Target& target, random::Generator& rng) const final;
  [[nodiscard]] std::string dump() const final { return text_; }

 protected:
  RectifierRule(std::string_view rule, RandomType rnd_type, FactorType factor_type, double gain);

  /// 2 / (1 + slope^2)
  static double gain_of(std::string_view rule, double slope) {
    finite(rule, "slope", slope);
    return 2 / (1 + parton::detail::rounded_product(slope, slope));
  }

  std::string text_;  // set by the rule that derives from this one

 private:
  std::string_view rule_;  // a literal
  RandomType rnd_type_;
  FactorType factor_type_;
  double gain_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void RectifierRule::fill(std::string_view name, Target& target,
                                              random::Generator& rng) const {
  const bool is_uniform = rnd_type_ == RandomType::uniform;
  const double s =
      scale_of(rule_, name, target.shape(), factor_type_, is_uniform ? 3 * gain_ : gain_);
  draw_scaled(rule_, name, target, rng, rnd_type_, s);
}

PARTON_DETAIL_INLINE RectifierRule::RectifierRule(std::string_view rule, RandomType rnd_type,
                                                  FactorType factor_type, double gain)
    : rule_(rule), rnd_type_(rnd_type), factor_type_(factor_type), gain_(gain) {
  check_choice(rule, "rnd_type", rnd_type);
  check_choice(rule, "factor_type", factor_type);
}

#endif

class HeRule : public RectifierRule {
 public:
  explicit HeRule(const HeOptions& options, std::string_view rule = "He")
      : RectifierRule(rule, options.rnd_type, options.factor_type, gain_of(rule, options.slope)) {
    text_ = TextForm(lower(rule))
                .text("rnd_type", choice_text(options.rnd_type))
                .text("factor_type", choice_text(options.factor_type))
                .number("slope", options.slope)
                .str();
  }
  explicit HeRule(const Arguments& arguments, std::string_view rule = "He")
      : HeRule({choice_from(arguments, "rnd_type", gaussian),
                choice_from(arguments, "factor_type", in), arguments.number("slope", 0)},
               rule) {}
};

class KaimingRule final : public HeRule {
 public:
  template <class Given>
  explicit KaimingRule(const Given& given) : HeRule(given, "Kaiming") {}
};

class MSRAPreluRule final : public RectifierRule {
 public:
  MSRAPreluRule(FactorType factor_type, double slope)
      : RectifierRule("MSRAPrelu", RandomType::gaussian, factor_type, gain_of("MSRAPrelu", slope)) {
    text_ = TextForm("msraprelu")
                .text("factor_type", choice_text(factor_type))
                .number("slope", slope)
                .str();
  }
  explicit MSRAPreluRule(const Arguments& arguments)
      : MSRAPreluRule(choice_from(arguments, "factor_type", avg), arguments.number("slope", 0.25)) {
  }
};

class LeCunRule final : public RectifierRule {
 public:
  explicit LeCunRule(const LeCunOptions& options)
      : RectifierRule("LeCun", options.rnd_type, options.factor_type, 1) {
    text_ = TextForm("lecun")
                .text("rnd_type", choice_text(options.rnd_type))
                .text("factor_type", choice_text(options.factor_type))
                .str();
  }
  explicit LeCunRule(const Arguments& arguments)
      : LeCunRule(LeCunOptions{choice_from(arguments, "rnd_type", gaussian),
                               choice_from(arguments, "factor_type", in)}) {}
};

}  // namespace detail

// A parameter of rank below 2 is an InitializerError with each of these.

/// Keeps the variance through layers with ReLU or leaky ReLU.
///
///     Var(w) = 2 / ((1 + slope^2) fan)
///
/// Gaussian over fan_in by default; uniform is U(-s, s) with s = sqrt(6 / ((1 + slope^2) fan)).
/// Source: He et al. 2015, with PyTorch's kaiming_normal_ defaults.
template <class Scalar = float>
class He : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError for an unknown choice or a slope that is not finite.
  explicit He(const HeOptions& options = {}) : Base(detail::make_rule<detail::HeRule>(options)) {}
  template <class Other>
  He(const He<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

/// He under its author's other name.
template <class Scalar = float>
class Kaiming : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  explicit Kaiming(const HeOptions& options = {})
      : Base(detail::make_rule<detail::KaimingRule>(options)) {}
  template <class Other>
  Kaiming(const Kaiming<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

/// Gluon's He, for layers with PReLU.
///
///     w ~ N(0, s^2),  s = sqrt(2 / ((1 + slope^2) factor))
///
/// the gaussian Xavier of magnitude 2 / (1 + slope^2). Source: He et al. 2015, in the form of
/// Gluon's MSRAPrelu.
template <class Scalar = float>
class MSRAPrelu : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError for an unknown choice or a slope that is not finite.
  explicit MSRAPrelu(FactorType factor_type = avg, double slope = 0.25)
      : Base(detail::make_rule<detail::MSRAPreluRule>(factor_type, slope)) {}
  template <class Other>
  MSRAPrelu(const MSRAPrelu<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

/// Keeps the variance through layers without an activation, or with SELU.
///
///     Var(w) = 1 / fan
///
/// Gaussian over fan_in by default; uniform is U(-s, s) with s = sqrt(3 / fan). Source: LeCun et
/// al. 1998, Efficient BackProp.
template <class Scalar = float>
class LeCun : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError for an unknown choice.
  explicit LeCun(const LeCunOptions& options = {})
      : Base(detail::make_rule<detail::LeCunRule>(options)) {}
  template <class Other>
  LeCun(const LeCun<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

}  // namespace parton::init
