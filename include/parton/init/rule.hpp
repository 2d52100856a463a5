// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <Eigen/Core>

#include <parton/fwd.hpp>
#include <parton/random/generator.hpp>
#include <parton/tensor/tensor.hpp>

/// \file What the library's own initializers are made of. A rule is written once, for any scalar,
/// so that a program compiles each of them once and draws only for the scalars that it uses.

namespace parton::init::detail {

using namespace parton::detail;

/// What an initializer is written for: a built-in for any scalar, a custom one for one of them.
enum class Kind : std::size_t { built_in, float32, float64, float16, bfloat16 };

template <FloatingScalar Scalar>
constexpr Kind kind_of() {
  if constexpr (std::same_as<Scalar, float>) return Kind::float32;
  if constexpr (std::same_as<Scalar, double>) return Kind::float64;
  if constexpr (std::same_as<Scalar, Eigen::half>) return Kind::float16;
  return Kind::bfloat16;
}

/// A tensor of some floating scalar, which a rule holds. Not a variant: that would compile all
/// four.
class GivenValues {
 public:
  virtual ~GivenValues() = default;
  [[nodiscard]] virtual const Shape& shape() const = 0;
  [[nodiscard]] virtual Kind kind() const = 0;
  /// The Tensor of that kind.
  [[nodiscard]] virtual const void* tensor() const = 0;
  /// One element by its position in row-major order, which a double holds exactly.
  [[nodiscard]] virtual double at(Index position) const = 0;
  /// The shortest text that reads back as the same element of its scalar.
  [[nodiscard]] virtual std::string text(Index position) const = 0;

 protected:
  GivenValues() = default;
  GivenValues(const GivenValues&) = default;
  GivenValues& operator=(const GivenValues&) = default;
};

using GivenPointer = std::shared_ptr<const GivenValues>;

/// The tensor that a rule fills, of any floating scalar.
class Target {
 public:
  virtual ~Target() = default;

  [[nodiscard]] virtual const Shape& shape() const = 0;
  [[nodiscard]] Index size() const { return shape().size(); }
  [[nodiscard]] virtual Kind kind() const = 0;
  [[nodiscard]] virtual std::string_view dtype() const = 0;
  /// The largest finite number of its scalar.
  [[nodiscard]] virtual double highest() const = 0;

  virtual void fill(double value) = 0;
  /// Sets one element by its position in row-major order.
  virtual void set(Index position, double value) = 0;
  /// Broadcasts values into it. \throws ShapeError if they do not fit.
  virtual void assign(const GivenValues& values) = 0;

  /// Has it filled by a custom initializer: a const Initializer of its scalar.
  virtual void fill_by(const void* custom, std::string_view name, random::Generator& rng) = 0;

  // As the Generator's functions.
  virtual void uniform(random::Generator& rng, double low, double high) = 0;
  virtual void normal(random::Generator& rng, double sigma) = 0;
  virtual void truncated_normal(random::Generator& rng, double sigma, double bound) = 0;

 protected:
  Target() = default;
  Target(const Target&) = default;
  Target& operator=(const Target&) = default;
};

template <class Scalar>
class TargetOf : public Target {
 public:
  explicit TargetOf(Tensor<Scalar>& data) : data_(data) {}

  [[nodiscard]] const Shape& shape() const override { return data_.shape(); }
  [[nodiscard]] Kind kind() const override { return kind_of<Scalar>(); }
  [[nodiscard]] std::string_view dtype() const override { return dtype_name<Scalar>(); }
  [[nodiscard]] double highest() const override {
    return convert<double>(Eigen::NumTraits<Scalar>::highest());
  }

  void fill(double value) override { data_.fill(convert<Scalar>(value)); }
  void set(Index position, double value) override {
    data_.mutable_data()[position] = convert<Scalar>(value);
  }
  void assign(const GivenValues& values) override {
    if (values.kind() == kind()) {
      data_.assign(*static_cast<const Tensor<Scalar>*>(values.tensor()));
      return;
    }
    Tensor<Scalar> own = Tensor<Scalar>::empty(values.shape());
    for (Index i = 0; i < own.size(); ++i) own.mutable_data()[i] = convert<Scalar>(values.at(i));
    data_.assign(own);
  }

  void fill_by(const void* custom, std::string_view name, random::Generator& rng) override {
    static_cast<const Initializer<Scalar>*>(custom)->init_weight(name, data_, rng);
  }

  void uniform(random::Generator& rng, double low, double high) override {
    rng.uniform(data_, low, high);
  }
  void normal(random::Generator& rng, double sigma) override { rng.normal(data_, 0, sigma); }
  void truncated_normal(random::Generator& rng, double sigma, double bound) override {
    rng.truncated_normal(data_, 0, sigma, -bound, bound);
  }

 private:
  Tensor<Scalar>& data_;
};

/// A built-in initializer without its scalar.
class Rule {
 public:
  virtual ~Rule() = default;
  virtual void fill(std::string_view name, Target& target, random::Generator& rng) const = 0;
  /// The text form, as Gluon's dumps().
  [[nodiscard]] virtual std::string dump() const = 0;

 protected:
  Rule() = default;
  Rule(const Rule&) = default;
  Rule& operator=(const Rule&) = default;
};

using RulePointer = std::shared_ptr<const Rule>;

/// Not make_shared, which costs a set of templates for each rule to compile.
template <class T, class... Options>
RulePointer make_rule(const Options&... options) {
  const Rule* rule = new T(options...);
  return RulePointer(rule);
}

}  // namespace parton::init::detail
