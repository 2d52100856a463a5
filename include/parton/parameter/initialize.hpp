// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <parton/random/seed.hpp>

namespace parton {

/// How an initialization goes about its work.
struct InitializeOptions {
  /// Fill also what is initialized already, in place: earlier handles and views stay valid.
  bool force_reinit = false;
  /// Let the initializer of this call beat the parameters' own ones (those of a bias, a BatchNorm).
  /// Constants keep their values.
  bool override_own = false;
  /// Fixes the values: with one seed a parameter of one path always gets the same ones.
  std::optional<std::uint64_t> seed = std::nullopt;
  /// Tell on std::clog what every parameter was filled with.
  bool verbose = false;
};

/// Which rule filled a parameter, weakest first (see explain()).
enum class FillSource : std::uint8_t {
  none,            ///< nothing did yet
  default_rule,    ///< Uniform(0.07), for want of any other
  net_rule,        ///< the initializer given to initialize() of a net or a dictionary
  own_rule,        ///< the parameter's own initializer, from its layer's constructor
  constant_value,  ///< a Constant's value
  parameter_rule,  ///< the initializer given to initialize() of the parameter itself
  set_data,        ///< values that the user gave
  loaded           ///< values from a file
};

[[nodiscard]] constexpr std::string_view to_string(FillSource source) {
  switch (source) {
    case FillSource::none:
      return "not initialized";
    case FillSource::default_rule:
      return "the default: no initializer was given";
    case FillSource::net_rule:
      return "given to net.initialize()";
    case FillSource::own_rule:
      return "its own initializer, which beats that of net.initialize()";
    case FillSource::constant_value:
      return "a constant keeps its value";
    case FillSource::parameter_rule:
      return "given to its own initialize()";
    case FillSource::set_data:
      return "set by set_data()";
    case FillSource::loaded:
      return "loaded from a file";
  }
  return "";
}

namespace detail {

/// Guards first-time initialization, so that a const net may run its first forward in many threads.
/// Recursive, because a custom initializer may initialize something else.
inline std::recursive_mutex& initialization_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

/// Where one call of initialize() takes its randomness from; shared by all parameters that it
/// fills.
struct DrawSource {
  std::uint64_t seed = 0;
  std::uint64_t epoch = 0;
  /// The draw; empty if each parameter counts its own draws since random::seed().
  std::optional<std::uint64_t> draw;

  static DrawSource of(const InitializeOptions& options) {
    if (options.seed) return {*options.seed, 0, 0};
    const auto state = random::detail::seed_state();
    if (state.epoch != 0) return {state.seed, state.epoch, std::nullopt};
    // Nobody asked for reproducible values: every call draws new ones.
    return {state.seed, 0, random::detail::Process::instance().count_initialization()};
  }
};

}  // namespace detail

}  // namespace parton
