// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <parton/init/checks.hpp>
#include <parton/init/registry.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

/// Draws from a normal distribution of mean 0 and standard deviation sigma.
///
///     w ~ N(0, sigma^2)
///
/// Source: Gluon's Normal.
template <class Scalar = float>
class Normal : public detail::BuiltIn<Normal, Scalar> {
 public:
  /// \throws InitializerError for a standard deviation that is negative or not finite.
  explicit Normal(double sigma = 0.01) : sigma_(detail::not_negative("Normal", "sigma", sigma)) {}
  explicit Normal(const Arguments& arguments) : Normal(arguments.number("sigma", 0.01)) {}
  template <class Other>
  Normal(const Normal<Other>& other) : sigma_(other.sigma()) {}  // NOLINT: implicit on purpose

  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const override {
    detail::check_normal_in_range<Scalar>("Normal", name, sigma_);
    if (sigma_ == 0) {
      data.fill(Scalar(0));
    } else {
      rng.normal(data, 0, sigma_);
    }
  }

  [[nodiscard]] std::string dump() const override {
    return detail::TextForm("normal").number("sigma", sigma_).str();
  }
  [[nodiscard]] double sigma() const noexcept { return sigma_; }

 private:
  double sigma_;
};

/// Draws from a normal distribution without its tails: values beyond `cut` standard deviations of 0
/// do not occur.
///
///     w ~ N(0, sigma^2) given |w| <= cut * sigma
///
/// sigma is the standard deviation before the cut: at the default cut of 2 that of the values is
/// 0.8796 sigma. Source: Keras' TruncatedNormal.
template <class Scalar = float>
class TruncatedNormal : public detail::BuiltIn<TruncatedNormal, Scalar> {
 public:
  /// \throws InitializerError for a sigma that is negative or not finite, and a cut that is not
  /// positive and finite.
  explicit TruncatedNormal(double sigma = 0.01, double cut = 2)
      : sigma_(detail::not_negative("TruncatedNormal", "sigma", sigma)),
        cut_(detail::finite("TruncatedNormal", "cut", cut)) {
    if (cut <= 0)
      throw errors::initializer_option("TruncatedNormal", "cut", "positive",
                                       detail::number_text(cut));
  }
  explicit TruncatedNormal(const Arguments& arguments)
      : TruncatedNormal(arguments.number("sigma", 0.01), arguments.number("cut", 2)) {}
  template <class Other>
  TruncatedNormal(const TruncatedNormal<Other>& other)  // NOLINT: implicit on purpose
      : sigma_(other.sigma()), cut_(other.cut()) {}

  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const override {
    const double bound = cut_ * sigma_;
    detail::check_normal_in_range<Scalar>("TruncatedNormal", name, sigma_);
    detail::check_in_range<Scalar>("TruncatedNormal", name, bound);
    if (sigma_ == 0) {
      data.fill(Scalar(0));
    } else {
      rng.truncated_normal(data, 0, sigma_, -bound, bound);
    }
  }

  [[nodiscard]] std::string dump() const override {
    return detail::TextForm("truncatednormal").number("sigma", sigma_).number("cut", cut_).str();
  }
  [[nodiscard]] double sigma() const noexcept { return sigma_; }
  [[nodiscard]] double cut() const noexcept { return cut_; }

 private:
  double sigma_, cut_;
};

namespace detail {

inline const bool normals_registered =
    register_built_in<Normal<double>>({"normal", "gaussian"}) &&
    register_built_in<TruncatedNormal<double>>({"truncatednormal", "truncated_normal"});

}  // namespace detail

}  // namespace parton::init
