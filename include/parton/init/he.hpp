// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <parton/detail/rounded.hpp>
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

/// The variance times the fan that a (leaky) ReLU asks for: 2 / (1 + slope^2).
inline double rectifier_gain(double slope) {
  return 2 / (1 + parton::detail::rounded_product(slope, slope));
}

/// He under any of its names, which is what messages and the text form call it.
template <template <class> class Rule, class Scalar>
class HeRule : public BuiltIn<Rule, Scalar> {
 public:
  /// \throws InitializerError for a rank below 2.
  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const override {
    const double gain = rectifier_gain(options_.slope);
    const double s = scale_of(rule_, name, data.shape(), options_.factor_type,
                              options_.rnd_type == RandomType::uniform ? 3 * gain : gain);
    draw_scaled(rule_, name, data, rng, options_.rnd_type, s);
  }

  [[nodiscard]] std::string dump() const override {
    return TextForm(lower(rule_))
        .text("rnd_type", choice_text(options_.rnd_type))
        .text("factor_type", choice_text(options_.factor_type))
        .number("slope", options_.slope)
        .str();
  }
  [[nodiscard]] const HeOptions& options() const noexcept { return options_; }

 protected:
  HeRule(std::string_view rule, const HeOptions& options) : rule_(rule), options_(options) {
    check_choice(rule, "rnd_type", options.rnd_type);
    check_choice(rule, "factor_type", options.factor_type);
    finite(rule, "slope", options.slope);
  }

  static HeOptions read(const Arguments& arguments) {
    return {choice_from(arguments, "rnd_type", gaussian), choice_from(arguments, "factor_type", in),
            arguments.number("slope", 0)};
  }

 private:
  std::string_view rule_;  // a literal
  HeOptions options_;
};

}  // namespace detail

/// Keeps the variance through layers with ReLU or leaky ReLU.
///
///     Var(w) = 2 / ((1 + slope^2) fan)
///
/// Gaussian over fan_in by default; uniform is U(-s, s) with s = sqrt(6 / ((1 + slope^2) fan)).
/// Parameters of rank 2 or more. Source: He et al. 2015, with PyTorch's kaiming_normal_ defaults.
template <class Scalar = float>
class He : public detail::HeRule<He, Scalar> {
  using Base = detail::HeRule<init::He, Scalar>;

 public:
  /// \throws InitializerError for an unknown choice or a slope that is not finite.
  explicit He(const HeOptions& options = {}) : Base("He", options) {}
  explicit He(const Arguments& arguments) : He(Base::read(arguments)) {}
  template <class Other>
  He(const He<Other>& other) : He(other.options()) {}  // NOLINT: implicit on purpose
};

/// He under its author's other name.
template <class Scalar = float>
class Kaiming : public detail::HeRule<Kaiming, Scalar> {
  using Base = detail::HeRule<init::Kaiming, Scalar>;

 public:
  explicit Kaiming(const HeOptions& options = {}) : Base("Kaiming", options) {}
  explicit Kaiming(const Arguments& arguments) : Kaiming(Base::read(arguments)) {}
  template <class Other>
  Kaiming(const Kaiming<Other>& other) : Kaiming(other.options()) {}  // NOLINT: implicit on purpose
};

/// Gluon's He: for layers with PReLU.
///
///     w ~ N(0, s^2),  s = sqrt(2 / ((1 + slope^2) factor))
///
/// the gaussian Xavier of magnitude 2 / (1 + slope^2). Parameters of rank 2 or more. Source: He et
/// al. 2015, in the form of Gluon's MSRAPrelu.
template <class Scalar = float>
class MSRAPrelu : public detail::BuiltIn<MSRAPrelu, Scalar> {
 public:
  /// \throws InitializerError for an unknown choice or a slope that is not finite.
  explicit MSRAPrelu(FactorType factor_type = avg, double slope = 0.25)
      : factor_type_(factor_type), slope_(detail::finite("MSRAPrelu", "slope", slope)) {
    detail::check_choice("MSRAPrelu", "factor_type", factor_type);
  }
  explicit MSRAPrelu(const Arguments& arguments)
      : MSRAPrelu(detail::choice_from(arguments, "factor_type", avg),
                  arguments.number("slope", 0.25)) {}
  template <class Other>
  MSRAPrelu(const MSRAPrelu<Other>& other)  // NOLINT: implicit on purpose
      : factor_type_(other.factor_type()), slope_(other.slope()) {}

  /// \throws InitializerError for a rank below 2.
  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const override {
    const double s = detail::scale_of("MSRAPrelu", name, data.shape(), factor_type_,
                                      detail::rectifier_gain(slope_));
    detail::draw_scaled("MSRAPrelu", name, data, rng, RandomType::gaussian, s);
  }

  [[nodiscard]] std::string dump() const override {
    return detail::TextForm("msraprelu")
        .text("factor_type", detail::choice_text(factor_type_))
        .number("slope", slope_)
        .str();
  }
  [[nodiscard]] FactorType factor_type() const noexcept { return factor_type_; }
  [[nodiscard]] double slope() const noexcept { return slope_; }

 private:
  FactorType factor_type_;
  double slope_;
};

/// Keeps the variance through layers without an activation, or with SELU.
///
///     Var(w) = 1 / fan
///
/// Gaussian over fan_in by default; uniform is U(-s, s) with s = sqrt(3 / fan). Parameters of rank 2
/// or more. Source: LeCun et al. 1998, Efficient BackProp.
template <class Scalar = float>
class LeCun : public detail::BuiltIn<LeCun, Scalar> {
 public:
  /// \throws InitializerError for an unknown choice.
  explicit LeCun(const LeCunOptions& options = {}) : options_(options) {
    detail::check_choice("LeCun", "rnd_type", options.rnd_type);
    detail::check_choice("LeCun", "factor_type", options.factor_type);
  }
  explicit LeCun(const Arguments& arguments)
      : LeCun(LeCunOptions{detail::choice_from(arguments, "rnd_type", gaussian),
                           detail::choice_from(arguments, "factor_type", in)}) {}
  template <class Other>
  LeCun(const LeCun<Other>& other) : options_(other.options()) {}  // NOLINT: implicit on purpose

  /// \throws InitializerError for a rank below 2.
  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const override {
    const double s = detail::scale_of("LeCun", name, data.shape(), options_.factor_type,
                                      options_.rnd_type == RandomType::uniform ? 3 : 1);
    detail::draw_scaled("LeCun", name, data, rng, options_.rnd_type, s);
  }

  [[nodiscard]] std::string dump() const override {
    return detail::TextForm("lecun")
        .text("rnd_type", detail::choice_text(options_.rnd_type))
        .text("factor_type", detail::choice_text(options_.factor_type))
        .str();
  }
  [[nodiscard]] const LeCunOptions& options() const noexcept { return options_; }

 private:
  LeCunOptions options_;
};

namespace detail {

inline const bool he_registered =
    register_built_in<He<double>>({"he"}) && register_built_in<Kaiming<double>>({"kaiming"}) &&
    register_built_in<MSRAPrelu<double>>({"msraprelu"}) &&
    register_built_in<LeCun<double>>({"lecun"});

}  // namespace detail

}  // namespace parton::init
