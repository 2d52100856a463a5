// SPDX-License-Identifier: MIT
#pragma once

/// \file Whether layers behave as in training: `autograd::TrainMode`, `PredictMode`, `is_training`.

namespace parton::autograd {

namespace detail {

/// This thread's mode. A new thread predicts.
inline thread_local bool training = false;

}  // namespace detail

/// True where Dropout drops, and BatchNorm takes the statistics of the batch.
[[nodiscard]] inline bool is_training() noexcept { return detail::training; }

/// Training behaviour of this thread's layers until the end of the scope. Scopes nest, and an
/// exception restores as well.
class TrainMode {
 public:
  [[nodiscard]] TrainMode() noexcept { detail::training = true; }
  ~TrainMode() { detail::training = before_; }
  TrainMode(const TrainMode&) = delete;
  TrainMode& operator=(const TrainMode&) = delete;

 private:
  const bool before_ = detail::training;
};

/// Prediction behaviour of this thread's layers until the end of the scope, as outside any scope.
class PredictMode {
 public:
  [[nodiscard]] PredictMode() noexcept { detail::training = false; }
  ~PredictMode() { detail::training = before_; }
  PredictMode(const PredictMode&) = delete;
  PredictMode& operator=(const PredictMode&) = delete;

 private:
  const bool before_ = detail::training;
};

}  // namespace parton::autograd
