// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <parton/init/rule.hpp>

/// \file Values that a built-in rule has decided on but not written yet.

namespace parton::init::detail {

/// What all elements of a tensor are to be: one number, or draws from one distribution.
template <class Scalar>
struct Plan {
  enum class Kind { constant, uniform, normal, truncated };

  Kind kind = Kind::constant;
  /// The number; the bounds; the deviation, and how far the values may be from 0.
  double first = 0, second = 0;
  /// At the position where these draws begin.
  random::Generator rng{0, 0};

  /// Writes each element once; what was there does not matter.
  void write(std::span<Scalar> out) const {
    random::Generator draws = rng;
    switch (kind) {
      case Kind::constant:
        std::ranges::fill(out, convert<Scalar>(first));
        return;
      case Kind::uniform:
        return draws.uniform(out, first, second);
      case Kind::normal:
        return draws.normal(out, 0, first);
      case Kind::truncated:
        return draws.truncated_normal(out, 0, first, -second, second);
    }
  }
};

/// Takes down what a rule does to a tensor of zeros. As long as that is the same for all elements
/// it stays a plan, which is written once, into its place; else it becomes values.
template <class Scalar>
class Planned final : public TargetOf<Scalar> {
  using Kind = typename Plan<Scalar>::Kind;
  using Values = TargetOf<Scalar>;

 public:
  explicit Planned(const Shape& shape) : Values(values_), shape_(shape) {}

  /// The plan; none if there are values instead.
  [[nodiscard]] const std::optional<Plan<Scalar>>& plan() const noexcept { return plan_; }
  /// The values, which are written now if there was a plan.
  [[nodiscard]] Tensor<Scalar> take_values() {
    write_values();
    return std::move(values_);
  }

  [[nodiscard]] const Shape& shape() const override { return shape_; }

  void fill(double value) override { plan_ = {Kind::constant, value, 0}; }
  void set(Index position, double value) override {
    write_values();
    Values::set(position, value);
  }
  void assign(const GivenValues& values) override {
    write_values();
    Values::assign(values);
  }
  void fill_by(const void* custom, std::string_view name, random::Generator& rng) override {
    plan_ = Plan<Scalar>();  // it arrives zero-filled
    write_values();
    Values::fill_by(custom, name, rng);
  }
  void uniform(random::Generator& rng, double low, double high) override {
    remember({Kind::uniform, low, high, rng}, rng);
  }
  void normal(random::Generator& rng, double sigma) override {
    remember({Kind::normal, sigma, 0, rng}, rng);
  }
  void truncated_normal(random::Generator& rng, double sigma, double bound) override {
    remember({Kind::truncated, sigma, bound, rng}, rng);
  }

 private:
  /// Checks the plan as drawing would, and leaves `rng` where drawing would.
  void remember(const Plan<Scalar>& plan, random::Generator& rng) {
    plan.write({});
    rng.seek(rng.position() + static_cast<std::uint64_t>(shape_.size()));
    plan_ = plan;
  }
  void write_values() {
    if (!plan_) return;
    values_ = Tensor<Scalar>::empty(shape_);
    plan_->write({fresh_data(values_), static_cast<std::size_t>(shape_.size())});
    plan_.reset();
  }

  Shape shape_;
  Tensor<Scalar> values_;
  std::optional<Plan<Scalar>> plan_ = Plan<Scalar>();
};

}  // namespace parton::init::detail
