// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <string_view>

#include <parton/detail/compiled.hpp>
#include <parton/init/arguments.hpp>
#include <parton/init/checks.hpp>
#include <parton/init/fans.hpp>
#include <parton/init/initializer.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

/// What the values are drawn from.
enum class RandomType {
  uniform,   ///< U(-s, s)
  gaussian,  ///< N(0, s^2)
  truncated  ///< a normal distribution without what lies beyond two standard deviations
};
/// Which fan the values are scaled by.
enum class FactorType {
  avg,  ///< (fan_in + fan_out) / 2
  in,   ///< fan_in
  out   ///< fan_out
};

inline constexpr RandomType uniform = RandomType::uniform;
inline constexpr RandomType gaussian = RandomType::gaussian;
inline constexpr RandomType truncated = RandomType::truncated;
inline constexpr FactorType avg = FactorType::avg;
inline constexpr FactorType in = FactorType::in;
inline constexpr FactorType out = FactorType::out;

namespace detail {

/// The name of a choice; empty for a value that is none.
constexpr std::string_view choice_text(RandomType type) {
  switch (type) {
    case RandomType::uniform:
      return "uniform";
    case RandomType::gaussian:
      return "gaussian";
    case RandomType::truncated:
      return "truncated";
  }
  return "";
}
constexpr std::string_view choice_text(FactorType type) {
  switch (type) {
    case FactorType::avg:
      return "avg";
    case FactorType::in:
      return "in";
    case FactorType::out:
      return "out";
  }
  return "";
}

inline InitializerError bad_choice(std::string_view rule, std::string_view option, RandomType,
                                   std::string_view found) {
  return errors::initializer_option(rule, option, "'uniform', 'gaussian' or 'truncated'", found);
}
inline InitializerError bad_choice(std::string_view rule, std::string_view option, FactorType,
                                   std::string_view found) {
  return errors::initializer_option(rule, option, "'avg', 'in' or 'out'", found);
}

/// The choice that a text option names, among three. \throws InitializerError
template <class Choice>
Choice choice_from(const Arguments& arguments, std::string_view option, Choice otherwise) {
  const std::string text = arguments.text(option, choice_text(otherwise));
  for (const int i : {0, 1, 2})
    if (choice_text(static_cast<Choice>(i)) == text) return static_cast<Choice>(i);
  throw bad_choice(arguments.rule(), option, otherwise, errors::in_quotes(text));
}

/// \throws InitializerError for a number that was cast to the enumeration and is no choice.
template <class Choice>
void check_choice(std::string_view rule, std::string_view option, Choice choice) {
  if (choice_text(choice).empty())
    throw bad_choice(rule, option, choice, std::to_string(static_cast<int>(choice)));
}

/// The standard deviation of N(0, 1) given |x| <= 2: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1)).
inline constexpr double truncated_deviation = 0.87962566103423978;

/// sqrt(numerator / factor), the s of RandomType. Division and square root are rounded alike
/// everywhere. \throws InitializerError for a rank below 2.
double scale_of(std::string_view rule, std::string_view parameter, const Shape& shape,
                FactorType type, double numerator);

/// Draws with the scale s. For `truncated`, s is the standard deviation after the cut.
void draw_scaled(std::string_view rule, std::string_view parameter, Target& target,
                 random::Generator& rng, RandomType type, double s);

}  // namespace detail

/// The options of VarianceScaling.
struct VarianceScalingOptions {
  double scale = 1;
  FactorType mode = in;
  RandomType distribution = truncated;
};

namespace detail {

class VarianceScalingRule final : public Rule {
 public:
  explicit VarianceScalingRule(const VarianceScalingOptions& options) : options_(options) {
    not_negative("VarianceScaling", "scale", options.scale);
    check_choice("VarianceScaling", "mode", options.mode);
    check_choice("VarianceScaling", "distribution", options.distribution);
  }
  explicit VarianceScalingRule(const Arguments& arguments)
      : VarianceScalingRule(
            VarianceScalingOptions{arguments.number("scale", 1), choice_from(arguments, "mode", in),
                                   choice_from(arguments, "distribution", truncated)}) {}

  void fill(std::string_view name, Target& target, random::Generator& rng) const override;

  [[nodiscard]] std::string dump() const override;

 private:
  VarianceScalingOptions options_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE double scale_of(std::string_view rule, std::string_view parameter,
                                     const Shape& shape, FactorType type, double numerator) {
  const Fans fan = fans(shape, rule, parameter);
  const double factor = type == FactorType::in    ? fan.in
                        : type == FactorType::out ? fan.out
                                                  : (fan.in + fan.out) / 2;
  return std::sqrt(numerator / factor);
}

PARTON_DETAIL_INLINE void draw_scaled(std::string_view rule, std::string_view parameter,
                                      Target& target, random::Generator& rng, RandomType type,
                                      double s) {
  if (target.size() == 0) return;
  const double sigma = s / truncated_deviation;
  check_in_range(rule, parameter, target, sigma, reach_of_normal);
  if (type == RandomType::uniform) {
    target.uniform(rng, -s, s);
  } else if (type == RandomType::gaussian) {
    target.normal(rng, s);
  } else {
    target.truncated_normal(rng, sigma, 2 * sigma);
  }
}

PARTON_DETAIL_INLINE void VarianceScalingRule::fill(std::string_view name, Target& target,
                                                    random::Generator& rng) const {
  const bool is_uniform = options_.distribution == RandomType::uniform;
  const double s = scale_of("VarianceScaling", name, target.shape(), options_.mode,
                            is_uniform ? 3 * options_.scale : options_.scale);
  draw_scaled("VarianceScaling", name, target, rng, options_.distribution, s);
}

PARTON_DETAIL_INLINE std::string VarianceScalingRule::dump() const {
  return TextForm("variancescaling")
      .number("scale", options_.scale)
      .text("mode", choice_text(options_.mode))
      .text("distribution", choice_text(options_.distribution))
      .str();
}

#endif

}  // namespace detail

/// Draws with a variance that keeps that of the signal from layer to layer.
///
///     Var(w) = scale / fan
///
/// with fan = fan_in, fan_out or their mean by `mode` (see fans()), and the distribution uniform
/// (U(-s, s), s = sqrt(3 scale / fan)), gaussian, or truncated at two standard deviations. Xavier,
/// MSRAPrelu, He and LeCun are cases of it. A parameter of rank below 2 is an InitializerError.
/// Source: Keras' VarianceScaling.
template <class Scalar = float>
class VarianceScaling : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError for a scale that is negative or not finite, and unknown choices.
  explicit VarianceScaling(const VarianceScalingOptions& options = {})
      : Base(detail::make_rule<detail::VarianceScalingRule>(options)) {}
  template <class Other>
  VarianceScaling(const VarianceScaling<Other>& other)  // NOLINT: implicit on purpose
      : Base(other.rule()) {}
};

}  // namespace parton::init
