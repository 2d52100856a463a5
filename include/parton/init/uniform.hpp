// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <parton/init/checks.hpp>
#include <parton/init/registry.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

/// Draws uniformly from [-scale, scale), or from [low, high).
///
///     w ~ U(-scale, scale),  standard deviation scale / sqrt(3)
///
/// Uniform(0.07) is the default of `net.initialize()`. Source: Gluon's Uniform.
template <class Scalar = float>
class Uniform : public detail::BuiltIn<Uniform, Scalar> {
 public:
  /// \throws InitializerError for a scale that is negative or not finite.
  explicit Uniform(double scale = 0.07)
      : low_(-detail::not_negative("Uniform", "scale", scale)), high_(scale), symmetric_(true) {}

  /// \throws InitializerError unless low <= high, both finite.
  Uniform(double low, double high)
      : low_(detail::finite("Uniform", "low", low)), high_(detail::finite("Uniform", "high", high)) {
    if (low > high)
      throw errors::initializer_option("Uniform", "high", "at least low, " + detail::number_text(low),
                                       detail::number_text(high));
  }

  explicit Uniform(const Arguments& arguments)
      : Uniform(arguments.has("low") || arguments.has("high")
                    ? Uniform(arguments.number("low"), arguments.number("high"))
                    : Uniform(arguments.number("scale", 0.07))) {}

  template <class Other>
  Uniform(const Uniform<Other>& other)  // NOLINT: implicit on purpose
      : low_(other.low_), high_(other.high_), symmetric_(other.symmetric_) {}

  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const override {
    detail::check_in_range<Scalar>("Uniform", name, low_);
    detail::check_in_range<Scalar>("Uniform", name, high_);
    detail::check_in_range<Scalar>("Uniform", name, high_ - low_);
    if (low_ == high_) {
      data.fill(parton::detail::convert<Scalar>(high_));
    } else {
      rng.uniform(data, low_, high_);
    }
  }

  [[nodiscard]] std::string dump() const override {
    detail::TextForm form("uniform");
    if (symmetric_) return form.number("scale", high_).str();
    return form.number("low", low_).number("high", high_).str();
  }

 private:
  template <class>
  friend class Uniform;

  double low_, high_;
  bool symmetric_ = false;
};

namespace detail {

inline const bool uniform_registered = register_built_in<Uniform<double>>({"uniform"});

}  // namespace detail

}  // namespace parton::init
