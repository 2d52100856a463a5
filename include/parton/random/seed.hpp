// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>

namespace parton::random {

/// Where the randomness of the process stands: what state() gives and set_state() takes.
struct State {
  std::uint64_t seed = 0;
  /// How many numbers random::uniform and its like, and the Dropouts, have taken since seed().
  std::uint64_t position = 0;
  /// Whether there was a seed().
  bool seeded = false;
  /// How many initializations drew values of their own because there was none.
  std::uint64_t initializations = 0;

  friend bool operator==(const State&, const State&) = default;
};

namespace detail {

/// The process-wide seed; the epoch counts the calls of seed(), and is 0 before the first.
struct SeedState {
  std::uint64_t seed = 0;
  std::uint64_t epoch = 0;
};

/// The state that all draws without a seed of their own come from: the one global of
/// parton::random.
class Process {
 public:
  static Process& instance() {
    static Process process;
    return process;
  }

  void seed(std::uint64_t seed) {
    const std::lock_guard lock(mutex_);
    state_ = {seed, ++last_epoch_};
    position_ = 0;
  }
  [[nodiscard]] State whole() {
    const std::lock_guard lock(mutex_);
    return {state_.seed, position_, state_.epoch != 0, initializations_};
  }
  void set_whole(const State& state) {
    const std::lock_guard lock(mutex_);
    state_ = {state.seed, state.seeded ? ++last_epoch_ : 0};
    position_ = state.position;
    initializations_ = state.initializations;
  }
  /// Counts an initialization without a seed: 1 for the first.
  [[nodiscard]] std::uint64_t count_initialization() {
    const std::lock_guard lock(mutex_);
    return ++initializations_;
  }
  [[nodiscard]] SeedState state() {
    const std::lock_guard lock(mutex_);
    return state_;
  }
  /// Sets `count` positions of the default stream aside for the caller.
  struct Reserved {
    std::uint64_t seed, position;
  };
  [[nodiscard]] Reserved reserve(std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    const Reserved result{state_.seed, position_};
    position_ += count;
    return result;
  }

 private:
  std::mutex mutex_;
  SeedState state_;
  std::uint64_t position_ = 0;
  std::uint64_t last_epoch_ = 0;
  std::uint64_t initializations_ = 0;
};

[[nodiscard]] inline SeedState seed_state() { return Process::instance().state(); }

}  // namespace detail

/// Starts all randomness of the process anew from this seed: initial values of parameters, and
/// random::uniform and its like. May be called from any thread. Without a call, the seed is 0.
inline void seed(std::uint64_t seed) { detail::Process::instance().seed(seed); }

/// Where all randomness of the process stands. No other state is kept, for a thread or elsewhere,
/// but for this one: after a seed() each parameter counts how often it was filled
/// (Parameter::draws()).
[[nodiscard]] inline State state() { return detail::Process::instance().whole(); }

/// Goes on from where state() was taken, in this process or an earlier one: what is drawn next is
/// what was drawn next then. As after seed(), the next filling of each parameter is its first one.
inline void set_state(const State& state) { detail::Process::instance().set_whole(state); }

}  // namespace parton::random
