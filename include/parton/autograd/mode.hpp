// SPDX-License-Identifier: MIT
#pragma once

#include <parton/tensor/detail/write_watch.hpp>

/// \file Whether this thread records, and whether layers behave as in training: `Record`, `Pause`,
/// `TrainMode`, `PredictMode`. Scopes nest, end in the state before, also by an exception, and are
/// of one thread; a new thread neither records nor trains.

namespace parton::autograd {

/// True where ops whose inputs need a gradient go on the tape.
[[nodiscard]] inline bool is_recording() noexcept { return parton::detail::mode.recording; }

/// True where Dropout drops, and BatchNorm takes the statistics of the batch.
[[nodiscard]] inline bool is_training() noexcept { return parton::detail::mode.training; }

namespace detail {

/// Sets this thread's mode and restores it.
class ModeScope {
 public:
  ModeScope(const ModeScope&) = delete;
  ModeScope& operator=(const ModeScope&) = delete;

 protected:
  ModeScope(bool recording, bool training) noexcept {
    parton::detail::mode = {recording, training};
  }
  ~ModeScope() { parton::detail::mode = before_; }

 private:
  const parton::detail::Mode before_ = parton::detail::mode;
};

}  // namespace detail

/// Records until the end of the scope, with training behaviour unless `train_mode` is false.
class Record : detail::ModeScope {
 public:
  [[nodiscard]] explicit Record(bool train_mode = true) noexcept : ModeScope(true, train_mode) {}
};

/// Neither records nor trains until the end of the scope; with `train_mode` layers train.
class Pause : detail::ModeScope {
 public:
  [[nodiscard]] explicit Pause(bool train_mode = false) noexcept : ModeScope(false, train_mode) {}
};

/// Training behaviour of this thread's layers until the end of the scope; recording stays as it is.
class TrainMode : detail::ModeScope {
 public:
  [[nodiscard]] TrainMode() noexcept : ModeScope(is_recording(), true) {}
};

/// Prediction behaviour of this thread's layers until the end of the scope; recording stays as it
/// is.
class PredictMode : detail::ModeScope {
 public:
  [[nodiscard]] PredictMode() noexcept : ModeScope(is_recording(), false) {}
};

}  // namespace parton::autograd
