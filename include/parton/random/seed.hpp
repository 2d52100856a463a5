// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>

namespace parton::random {

namespace detail {

/// The process-wide seed; the epoch counts the calls of seed().
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
    state_ = {seed, state_.epoch + 1};
    position_ = 0;
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
};

[[nodiscard]] inline SeedState seed_state() { return Process::instance().state(); }

}  // namespace detail

/// Starts all randomness of the process anew from this seed: initial values of parameters, and
/// random::uniform and its like. May be called from any thread. Without a call, the seed is 0.
inline void seed(std::uint64_t seed) { detail::Process::instance().seed(seed); }

}  // namespace parton::random
