// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <parton/detail/compiled.hpp>
#include <parton/init/arguments.hpp>
#include <parton/init/checks.hpp>
#include <parton/init/initializer.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

namespace detail {

class ConstantRule final : public Rule {
 public:
  explicit ConstantRule(double number) : number_(number) {}
  explicit ConstantRule(GivenPointer values) : values_(std::move(values)) {}
  template <std::same_as<Arguments> Given>
  explicit ConstantRule(const Given& arguments) {
    auto values = arguments.array("value");
    if (values.rank() == 0)
      number_ = values.item();
    else
      values_ = given(std::move(values));
  }

  void fill(std::string_view name, Target& target, random::Generator&) const override;

  [[nodiscard]] std::string dump() const override;

 private:
  double number_ = 0;
  GivenPointer values_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void ConstantRule::fill(std::string_view name, Target& target,
                                             random::Generator&) const {
  if (!values_) {
    // An infinity or a NaN is what somebody asked for; 1e300 in a float is not.
    if (std::isfinite(number_)) check_in_range("Constant", name, target, number_);
    target.fill(number_);
    return;
  }
  try {
    target.assign(*values_);
  } catch (const ShapeError&) {
    throw errors::initializer_shape(
        "Constant", name, target.shape().to_string(),
        "a shape into which its value of shape " + values_->shape().to_string() + " broadcasts");
  }
}

PARTON_DETAIL_INLINE std::string ConstantRule::dump() const {
  return TextForm("constant")
      .json("value", values_ ? array_text(*values_) : number_text(number_))
      .str();
}

#endif

}  // namespace detail

/// Fills with one value, or with the values of a tensor that is broadcast into the parameter.
///
///     w = value
///
/// `init::Constant(42)`, `init::Constant(tensor)`. A tensor that does not broadcast to the
/// parameter's shape, and a value out of its scalar's range, are an InitializerError. Source:
/// Gluon's Constant.
template <class Scalar = float>
class Constant : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  template <Number T>
  explicit Constant(T value)
      : Base(detail::make_rule<detail::ConstantRule>(parton::detail::convert<double>(value))) {}

  /// Keeps a copy of the values.
  explicit Constant(const Tensor<Scalar>& values)
      : Base(detail::make_rule<detail::ConstantRule>(detail::given(values.copy()))) {}

  template <class Other>
  Constant(const Constant<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

template <parton::detail::EigenDense Expression>
Constant(const Expression&) -> Constant<typename Expression::Scalar>;
template <parton::detail::EigenTensor Expression>
Constant(const Expression&) -> Constant<std::remove_const_t<typename Expression::Scalar>>;

namespace detail {

class ZeroRule final : public Rule {
 public:
  explicit ZeroRule(const Arguments&) {}
  ZeroRule() = default;
  void fill(std::string_view, Target& target, random::Generator&) const override;
  [[nodiscard]] std::string dump() const override;
};

class OneRule final : public Rule {
 public:
  explicit OneRule(const Arguments&) {}
  OneRule() = default;
  void fill(std::string_view, Target& target, random::Generator&) const override;
  [[nodiscard]] std::string dump() const override;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void ZeroRule::fill(std::string_view, Target& target,
                                         random::Generator&) const {
  target.fill(0);
}

PARTON_DETAIL_INLINE std::string ZeroRule::dump() const { return TextForm("zero").str(); }

PARTON_DETAIL_INLINE void OneRule::fill(std::string_view, Target& target,
                                        random::Generator&) const {
  target.fill(1);
}

PARTON_DETAIL_INLINE std::string OneRule::dump() const { return TextForm("one").str(); }

#endif

}  // namespace detail

/// Fills with 0: what every bias has as its own initializer.
template <class Scalar = float>
class Zero : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  Zero() : Base(detail::make_rule<detail::ZeroRule>()) {}
  template <class Other>
  Zero(const Zero<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

/// Fills with 1.
template <class Scalar = float>
class One : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  One() : Base(detail::make_rule<detail::OneRule>()) {}
  template <class Other>
  One(const One<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

}  // namespace parton::init
