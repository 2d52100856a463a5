// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numbers>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton/optim/detail/option.hpp>

/// \file How the learning rate changes over the steps. A schedule gives, for the number of a step
/// (1 for the first), what the optimizer's learning rate and that of each group is multiplied by.

namespace parton::optim {

/// Any schedule: one of those below, or an own function of the number of the step.
///
///     optim::SGD({.learning_rate = 0.1, .schedule = [](double step) { return 1 / step; }})
class Schedule {
 public:
  Schedule() = default;
  template <class Function>
  requires(std::is_invocable_r_v<double, const Function&, std::uint64_t> &&
           !std::same_as<std::remove_cvref_t<Function>, Schedule>)
      Schedule(Function function)  // NOLINT: implicit on purpose
      : function_(std::move(function)) {
    if (!function_) throw errors::empty_function("schedule");
  }

  /// False for no schedule: then the learning rate is constant until it is set.
  explicit operator bool() const noexcept { return static_cast<bool>(function_); }

  /// The factor for a step, 1 if there is no schedule.
  /// \throws ValueError if an own function gives a negative number, NaN or infinity.
  [[nodiscard]] double operator()(std::uint64_t step) const {
    if (!function_) return 1;
    const double factor = function_(step);
    if (!(factor >= 0) || std::isinf(factor)) throw errors::schedule_value(step, factor);
    return factor;
  }

 private:
  std::function<double(std::uint64_t)> function_;
};

struct StepDecayOptions {
  std::uint64_t every = 1;
  double factor = 0.1;
  /// Where the decay ends, as a share of the learning rate.
  double lowest = 0;
};

/// Multiplies the learning rate by `factor` after every `every` steps.
///
///     max(factor^floor((step - 1) / every), lowest)
///
/// So with every = 2 and factor = 0.1: 1, 1, 0.1, 0.1, 0.01, ... as Gluon's FactorScheduler, whose
/// stop_factor_lr is a rate where `lowest` is a share, and PyTorch's StepLR.
class StepDecay {
 public:
  /// \throws ValueError if `every` is 0, or a number is negative or not finite.
  explicit StepDecay(const StepDecayOptions& options) : options_(options) {
    detail::positive("StepDecay", "every", static_cast<double>(options.every));
    detail::not_negative("StepDecay", "factor", options.factor);
    detail::not_negative("StepDecay", "lowest", options.lowest);
  }
  [[nodiscard]] double operator()(std::uint64_t step) const {
    const auto times = static_cast<double>((step - 1) / options_.every);
    return std::max(std::pow(options_.factor, times), options_.lowest);
  }

 private:
  StepDecayOptions options_;
};

struct MultiStepOptions {
  /// The steps after which the rate changes, ascending.
  std::vector<std::uint64_t> at = {};
  double factor = 0.1;
};

/// Multiplies the learning rate by `factor` after each of the steps in `at`: with at = {5, 10},
/// steps 1 to 5 have the full rate. As Gluon's MultiFactorScheduler and PyTorch's MultiStepLR.
class MultiStep {
 public:
  /// \throws ValueError unless the steps ascend and the factor is finite and at least 0.
  explicit MultiStep(MultiStepOptions options) : options_(std::move(options)) {
    detail::not_negative("MultiStep", "factor", options_.factor);
    std::uint64_t before = 0;
    for (const std::uint64_t at : options_.at) {
      if (at <= before) throw errors::milestones_not_ascending(before, at);
      before = at;
    }
  }
  [[nodiscard]] double operator()(std::uint64_t step) const {
    double factor = 1;
    for (const std::uint64_t at : options_.at)
      if (step > at) factor *= options_.factor;
    return factor;
  }

 private:
  MultiStepOptions options_;
};

struct CosineOptions {
  /// How many steps the descent takes.
  std::uint64_t steps = 1;
  /// What is left after it, as a share of the learning rate.
  double lowest = 0;
};

/// Goes down along half a cosine from the full rate in step 1 to `lowest` after `steps` steps, and
/// stays there.
///
///     lowest + (1 - lowest) (1 + cos(pi t / steps)) / 2 with t = min(step - 1, steps)
///
/// Source: Loshchilov and Hutter 2017, without restarts. PyTorch's CosineAnnealingLR goes up again
/// afterwards; Gluon's CosineScheduler has t = step.
class Cosine {
 public:
  /// \throws ValueError if `steps` is 0, or `lowest` is negative or not finite.
  explicit Cosine(const CosineOptions& options) : options_(options) {
    detail::positive("Cosine", "steps", static_cast<double>(options.steps));
    detail::not_negative("Cosine", "lowest", options.lowest);
  }
  [[nodiscard]] double operator()(std::uint64_t step) const {
    if (step > options_.steps) return options_.lowest;
    const double t = static_cast<double>(step - 1) / static_cast<double>(options_.steps);
    return options_.lowest + (1 - options_.lowest) * (1 + std::cos(std::numbers::pi * t)) / 2;
  }

 private:
  CosineOptions options_;
};

struct WarmUpOptions {
  /// How many steps the rise takes.
  std::uint64_t steps = 1;
  /// Where it begins, as a share of the learning rate.
  double begin = 0;
};

/// Rises linearly to the full rate, which step number `steps` has, and then follows `then`, whose
/// first step is the one after; a constant rate if there is none.
///
///     begin + (1 - begin) step / steps
///
/// As Gluon's linear warm-up, whose FactorScheduler counts the steps of the rise as well.
class WarmUp {
 public:
  /// \throws ValueError if `steps` is 0, or `begin` is negative or not finite.
  explicit WarmUp(const WarmUpOptions& options, Schedule then = {})
      : options_(options), then_(std::move(then)) {
    detail::positive("WarmUp", "steps", static_cast<double>(options.steps));
    detail::not_negative("WarmUp", "begin", options.begin);
  }
  [[nodiscard]] double operator()(std::uint64_t step) const {
    if (step > options_.steps) return then_(step - options_.steps);
    const double t = static_cast<double>(step) / static_cast<double>(options_.steps);
    return options_.begin + (1 - options_.begin) * t;
  }

 private:
  WarmUpOptions options_;
  Schedule then_;
};

}  // namespace parton::optim
