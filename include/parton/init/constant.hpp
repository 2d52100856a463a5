// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <parton/init/checks.hpp>
#include <parton/init/registry.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

/// Fills with one value, or with the values of a tensor that is broadcast into the parameter.
///
///     w = value
///
/// `init::Constant(42)`, `init::Constant(tensor)`. Source: Gluon's Constant.
template <class Scalar = float>
class Constant : public detail::BuiltIn<Constant, Scalar> {
 public:
  template <Number T>
  explicit Constant(T value) : number_(parton::detail::convert<double>(value)) {}

  /// Keeps a copy of the values.
  explicit Constant(const Tensor<Scalar>& values) : values_(values.copy()) {}

  explicit Constant(const Arguments& arguments) {
    values_ = arguments.array("value").template cast<Scalar>();
    if (values_->rank() == 0) number_ = arguments.number("value"), values_.reset();
  }

  template <class Other>
  Constant(const Constant<Other>& other) : number_(other.number_) {  // NOLINT: implicit on purpose
    if (other.values_) values_ = other.values_->template cast<Scalar>();
  }

  /// \throws InitializerError if the tensor does not broadcast to the parameter's shape, or the
  /// value is out of Scalar's range.
  void init_weight(std::string_view name, Tensor<Scalar>& data, random::Generator&) const override {
    if (!values_) {
      // An infinity or a NaN is what somebody asked for; 1e300 in a float is not.
      if (std::isfinite(number_)) detail::check_in_range<Scalar>("Constant", name, number_);
      data.fill(parton::detail::convert<Scalar>(number_));
      return;
    }
    try {
      data.assign(*values_);
    } catch (const ShapeError&) {
      throw errors::initializer_shape(
          "Constant", name, data.shape().to_string(),
          "a shape into which its value of shape " + values_->shape().to_string() + " broadcasts");
    }
  }

  [[nodiscard]] std::string dump() const override {
    return detail::TextForm("constant")
        .json("value", values_ ? detail::array_text(*values_) : detail::number_text(number_))
        .str();
  }

 private:
  template <class>
  friend class Constant;

  double number_ = 0;
  std::optional<Tensor<Scalar>> values_;
};

template <parton::detail::EigenDense Expression>
Constant(const Expression&) -> Constant<typename Expression::Scalar>;
template <parton::detail::EigenTensor Expression>
Constant(const Expression&) -> Constant<std::remove_const_t<typename Expression::Scalar>>;

/// Fills with 0: what every bias has as its own initializer.
template <class Scalar = float>
class Zero : public detail::BuiltIn<Zero, Scalar> {
 public:
  Zero() = default;
  template <class Other>
  Zero(const Zero<Other>&) {}  // NOLINT: implicit on purpose

  void init_weight(std::string_view, Tensor<Scalar>& data, random::Generator&) const override {
    data.fill(Scalar(0));
  }
  [[nodiscard]] std::string dump() const override { return detail::TextForm("zero").str(); }
};

/// Fills with 1.
template <class Scalar = float>
class One : public detail::BuiltIn<One, Scalar> {
 public:
  One() = default;
  template <class Other>
  One(const One<Other>&) {}  // NOLINT: implicit on purpose

  void init_weight(std::string_view, Tensor<Scalar>& data, random::Generator&) const override {
    data.fill(Scalar(1));
  }
  [[nodiscard]] std::string dump() const override { return detail::TextForm("one").str(); }
};

namespace detail {

inline const bool constants_registered =
    register_built_in<Constant<double>>({"constant"}) &&
    register_built_in<Zero<double>>({"zero", "zeros"}) && register_built_in<One<double>>({"one", "ones"});

}  // namespace detail

}  // namespace parton::init
