// SPDX-License-Identifier: MIT
#pragma once

#include <iostream>
#include <ostream>

#if defined(_WIN32)
#include <io.h>
#else
#include <unistd.h>
#endif

namespace parton::detail {

/// True if what is written there is read on a terminal: std::cout, std::cerr or std::clog that was
/// not sent into a file or a pipe.
inline bool is_terminal(const std::ostream& stream) {
  const auto* target = stream.rdbuf();
  const int descriptor = target == std::cout.rdbuf()                                  ? 1
                         : target == std::cerr.rdbuf() || target == std::clog.rdbuf() ? 2
                                                                                      : -1;
  if (target == nullptr || descriptor < 0) return false;
#if defined(_WIN32)
  return _isatty(descriptor) != 0;
#else
  return isatty(descriptor) != 0;
#endif
}

}  // namespace parton::detail
