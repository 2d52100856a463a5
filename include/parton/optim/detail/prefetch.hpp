// SPDX-License-Identifier: MIT
#pragma once

#include <parton/tensor/storage.hpp>

/// \file Asking memory for what will be needed soon. It changes no result.

namespace parton::optim::detail {

inline void prefetch(const void* address) noexcept {
#ifdef __GNUC__
  __builtin_prefetch(address);
#else
  static_cast<void>(address);
#endif
}

/// The header and the beginning of the values; from there on the machine sees the pattern itself.
inline void prefetch_values(const parton::detail::TensorRecord* record) noexcept {
  if (record == nullptr) return;
  const auto* const values = static_cast<const char*>(record->data);
  prefetch(record->buffer.get());
  for (int line = 0; line < 4; ++line) prefetch(values + 64 * line);
}

}  // namespace parton::optim::detail
