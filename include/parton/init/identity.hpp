// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
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

class IdentityRule final : public Rule {
 public:
  explicit IdentityRule(double gain) : gain_(finite("Identity", "gain", gain)) {}
  explicit IdentityRule(const Arguments& arguments) : IdentityRule(arguments.number("gain", 1)) {}

  void fill(std::string_view name, Target& target, random::Generator&) const override;
  [[nodiscard]] std::string dump() const override;

 private:
  double gain_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void IdentityRule::fill(std::string_view name, Target& target,
                                             random::Generator&) const {
  const Shape& shape = target.shape();
  if (shape.rank() != 2)
    throw errors::initializer_shape("Identity", name, shape.to_string(), "rank 2");
  check_in_range("Identity", name, target, gain_);
  target.fill(0);
  for (Index i = 0; i < std::min(shape[0], shape[1]); ++i) target.set(i * (shape[1] + 1), gain_);
}

PARTON_DETAIL_INLINE std::string IdentityRule::dump() const {
  return TextForm("identity").number("gain", gain_).str();
}

#endif

class DiracRule final : public Rule {
 public:
  explicit DiracRule(Index groups) : groups_(groups) {
    if (groups < 1)
      throw errors::initializer_option("Dirac", "groups", "at least 1", std::to_string(groups));
  }
  explicit DiracRule(const Arguments& arguments)
      : DiracRule(whole("Dirac", "groups", arguments.number("groups", 1))) {}

  void fill(std::string_view name, Target& target, random::Generator&) const override;
  [[nodiscard]] std::string dump() const override;

 private:
  Index groups_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void DiracRule::fill(std::string_view name, Target& target,
                                          random::Generator&) const {
  const Shape& shape = target.shape();
  if (shape.rank() < 3 || shape.rank() > 5 || shape[0] % groups_ != 0)
    throw errors::initializer_shape(
        "Dirac", name, shape.to_string(),
        "rank 3 to 5 and a first dimension that groups, " + std::to_string(groups_) + ", divides");
  target.fill(0);
  if (target.size() == 0) return;
  Index center = 0;
  for (Index axis = 2; axis < static_cast<Index>(shape.rank()); ++axis)
    center = center * shape[axis] + shape[axis] / 2;
  const Index kernel = shape.product(2), outputs = shape[0] / groups_, inputs = shape[1];
  for (Index group = 0; group < groups_; ++group)
    for (Index d = 0; d < std::min(outputs, inputs); ++d)
      target.set(((group * outputs + d) * inputs + d) * kernel + center, 1);
}

PARTON_DETAIL_INLINE std::string DiracRule::dump() const {
  return TextForm("dirac").number("groups", static_cast<double>(groups_)).str();
}

#endif

}  // namespace detail

/// Fills a matrix with ones on the diagonal and zeros beside it, so that a layer passes on what it
/// gets.
///
///     w[i][j] = gain if i == j, else 0
///
/// A matrix that is not square passes on the first min(rows, cols) inputs. A parameter of another
/// rank than 2 is an InitializerError. Source: PyTorch's eye_, with Keras' gain.
template <class Scalar = float>
class Identity : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError for a gain that is not finite.
  explicit Identity(double gain = 1) : Base(detail::make_rule<detail::IdentityRule>(gain)) {}
  template <class Other>
  Identity(const Identity<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

/// Fills a convolution's weight so that it passes on its input: a delta at the kernel's centre.
///
///     w[g n + d][d][k_1 / 2]... = 1 for d < min(n, shape[1]), else 0,  n = shape[0] / groups
///
/// for each group g. For parameters of shape `(out, in, kernel...)`, rank 3 to 5, with an out that
/// groups divides; others are an InitializerError. Source: PyTorch's dirac_.
template <class Scalar = float>
class Dirac : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError unless groups >= 1.
  explicit Dirac(Index groups = 1) : Base(detail::make_rule<detail::DiracRule>(groups)) {}
  template <class Other>
  Dirac(const Dirac<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

}  // namespace parton::init
