// SPDX-License-Identifier: MIT
#pragma once

#include <parton/fwd.hpp>

/// \file Products that are rounded before they are added. A compiler may fuse `a * b + c` into one
/// instruction where the target has it, and then the bits of a value depend on its flags. A
/// function that is not inlined cannot be fused with what its caller does. Double only; the loops
/// vectorise.

namespace parton::detail {

[[gnu::noinline]] inline double rounded_product(double a, double b) { return a * b; }

/// to = a * b, element by element.
[[gnu::noinline]] inline void rounded_products(const double* a, const double* b, double* to,
                                               Index n) {
  for (Index i = 0; i < n; ++i) to[i] = a[i] * b[i];
}

/// to = a * b, with a number b.
[[gnu::noinline]] inline void rounded_products(const double* a, double b, double* to, Index n) {
  for (Index i = 0; i < n; ++i) to[i] = a[i] * b;
}

}  // namespace parton::detail
