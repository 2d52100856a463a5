// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <iostream>
#include <mutex>
#include <string>
#include <utility>

namespace parton {

/// What becomes of a warning; it gets the whole text, without a line end.
using WarningHandler = std::function<void(const std::string&)>;

namespace detail {

struct WarningState {
  std::mutex mutex;
  WarningHandler handler;
};

inline WarningState& warning_state() {
  static WarningState state;
  return state;
}

}  // namespace detail

/// Sends warnings to `handler` instead of standard error and returns the one before; an empty
/// handler restores standard error.
inline WarningHandler set_warning_handler(WarningHandler handler) {
  const std::lock_guard lock(detail::warning_state().mutex);
  return std::exchange(detail::warning_state().handler, std::move(handler));
}

/// Tells the user of something that is allowed but may not be what was meant.
inline void warn(const std::string& text) {
  WarningHandler handler;
  {
    const std::lock_guard lock(detail::warning_state().mutex);
    handler = detail::warning_state().handler;
  }
  if (handler) {
    handler(text);
  } else {
    std::cerr << "parton warning: " << text << '\n';
  }
}

}  // namespace parton
