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

class NormalRule final : public Rule {
 public:
  explicit NormalRule(double sigma) : sigma_(not_negative("Normal", "sigma", sigma)) {}
  explicit NormalRule(const Arguments& arguments) : NormalRule(arguments.number("sigma", 0.01)) {}

  void fill(std::string_view name, Target& target, random::Generator& rng) const override;
  [[nodiscard]] std::string dump() const override;

 private:
  double sigma_;
};

class TruncatedNormalRule final : public Rule {
 public:
  TruncatedNormalRule(double sigma, double cut)
      : sigma_(not_negative("TruncatedNormal", "sigma", sigma)),
        cut_(finite("TruncatedNormal", "cut", cut)) {
    if (cut <= 0)
      throw errors::initializer_option("TruncatedNormal", "cut", "positive", number_text(cut));
  }
  explicit TruncatedNormalRule(const Arguments& arguments)
      : TruncatedNormalRule(arguments.number("sigma", 0.01), arguments.number("cut", 2)) {}

  void fill(std::string_view name, Target& target, random::Generator& rng) const override;
  [[nodiscard]] std::string dump() const override;

 private:
  double sigma_, cut_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void NormalRule::fill(std::string_view name, Target& target,
                                           random::Generator& rng) const {
  check_in_range("Normal", name, target, sigma_, reach_of_normal);
  target.normal(rng, sigma_);
}

PARTON_DETAIL_INLINE std::string NormalRule::dump() const {
  return TextForm("normal").number("sigma", sigma_).str();
}

PARTON_DETAIL_INLINE void TruncatedNormalRule::fill(std::string_view name, Target& target,
                                                    random::Generator& rng) const {
  check_in_range("TruncatedNormal", name, target, sigma_, reach_of_normal);
  target.truncated_normal(rng, sigma_, cut_ * sigma_);
}

PARTON_DETAIL_INLINE std::string TruncatedNormalRule::dump() const {
  return TextForm("truncatednormal").number("sigma", sigma_).number("cut", cut_).str();
}

#endif

}  // namespace detail

/// Draws from a normal distribution of mean 0 and standard deviation sigma.
///
///     w ~ N(0, sigma^2)
///
/// Source: Gluon's Normal.
template <class Scalar = float>
class Normal : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError for a standard deviation that is negative or not finite.
  explicit Normal(double sigma = 0.01) : Base(detail::make_rule<detail::NormalRule>(sigma)) {}
  template <class Other>
  Normal(const Normal<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

/// Draws from a normal distribution without its tails: values beyond `cut` standard deviations of 0
/// do not occur.
///
///     w ~ N(0, sigma^2) given |w| <= cut * sigma
///
/// sigma is the standard deviation before the cut: at the default cut of 2 that of the values is
/// 0.8796 sigma. Source: Keras' TruncatedNormal.
template <class Scalar = float>
class TruncatedNormal : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError for a sigma that is negative or not finite, and a cut that is not
  /// positive and finite.
  explicit TruncatedNormal(double sigma = 0.01, double cut = 2)
      : Base(detail::make_rule<detail::TruncatedNormalRule>(sigma, cut)) {}
  template <class Other>
  TruncatedNormal(const TruncatedNormal<Other>& other)  // NOLINT: implicit on purpose
      : Base(other.rule()) {}
};

}  // namespace parton::init
