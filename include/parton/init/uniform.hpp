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

class UniformRule final : public Rule {
 public:
  explicit UniformRule(double scale)
      : low_(-not_negative("Uniform", "scale", scale)), high_(scale), symmetric_(true) {}
  UniformRule(double low, double high)
      : low_(finite("Uniform", "low", low)), high_(finite("Uniform", "high", high)) {
    if (low > high)
      throw errors::initializer_option("Uniform", "high", "at least low, " + number_text(low),
                                       number_text(high));
  }
  explicit UniformRule(const Arguments& arguments)
      : UniformRule(arguments.has("low") || arguments.has("high")
                        ? UniformRule(arguments.number("low"), arguments.number("high"))
                        : UniformRule(arguments.number("scale", 0.07))) {}

  void fill(std::string_view name, Target& target, random::Generator& rng) const override;

  [[nodiscard]] std::string dump() const override;

 private:
  double low_, high_;
  bool symmetric_ = false;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void UniformRule::fill(std::string_view name, Target& target,
                                            random::Generator& rng) const {
  check_in_range("Uniform", name, target, low_);
  check_in_range("Uniform", name, target, high_);
  check_in_range("Uniform", name, target, high_ - low_);
  target.uniform(rng, low_, high_);
}

PARTON_DETAIL_INLINE std::string UniformRule::dump() const {
  TextForm form("uniform");
  if (symmetric_) return form.number("scale", high_).str();
  return form.number("low", low_).number("high", high_).str();
}

#endif

}  // namespace detail

/// Draws uniformly from [-scale, scale), or from [low, high).
///
///     w ~ U(-scale, scale),  standard deviation scale / sqrt(3)
///
/// Uniform(0.07) is the default of `net.initialize()`. Source: Gluon's Uniform.
template <class Scalar = float>
class Uniform : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError for a scale that is negative or not finite.
  explicit Uniform(double scale = 0.07) : Base(detail::make_rule<detail::UniformRule>(scale)) {}
  /// \throws InitializerError unless low <= high, both finite.
  Uniform(double low, double high) : Base(detail::make_rule<detail::UniformRule>(low, high)) {}
  template <class Other>
  Uniform(const Uniform<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

}  // namespace parton::init
