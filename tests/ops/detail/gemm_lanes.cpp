// SPDX-License-Identifier: MIT
// Compiled with the flags for wide packets, in a program of its own; see tests/CMakeLists.txt.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <parton/ops/detail/gemm.hpp>
#include <vector>

using namespace parton::detail;
using parton::Index;

namespace {

/// c0 + a b^T by its definition, in long double, within the rounding of `depth` products.
template <class Scalar>
bool agrees(Index rows, Index cols, Index depth) {
  std::vector<Scalar> a(static_cast<std::size_t>(rows * depth)),
      b(static_cast<std::size_t>(cols * depth)), c(static_cast<std::size_t>(rows * cols));
  unsigned state = 1;
  const auto next = [&state] {
    state = state * 1664525U + 1013904223U;
    return static_cast<Scalar>(static_cast<int>(state >> 16U) - 32768) / Scalar(32768);
  };
  std::generate(a.begin(), a.end(), next);
  std::generate(b.begin(), b.end(), next);
  std::generate(c.begin(), c.end(), next);
  const std::vector<Scalar> before = c;
  GemmLanes<Scalar>::run(rows, cols, depth, a.data(), b.data(), c.data());
  const long double bound =
      static_cast<long double>(depth + 1) * std::numeric_limits<Scalar>::epsilon();
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) {
      const auto at = static_cast<std::size_t>(i * cols + j);
      long double sum = before[at], size = std::abs(sum);
      for (Index k = 0; k < depth; ++k) {
        const auto p = static_cast<long double>(a[static_cast<std::size_t>(i * depth + k)]) *
                       b[static_cast<std::size_t>(j * depth + k)];
        sum += p;
        size += std::abs(p);
      }
      if (!(std::abs(c[at] - sum) <= bound * size)) {
        std::cout << rows << " x " << cols << " x " << depth << ": c(" << i << ", " << j << ") is "
                  << c[at] << ", not " << sum << '\n';
        return false;
      }
    }
  return true;
}

template <class Scalar>
bool all_agree() {
  static_assert(GemmLanes<Scalar>::is_available);
  for (const Index rows : {1, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 97, 130})
    for (const Index cols : {1, 5, 6, 7, 10, 13, 24, 25, 64})
      for (const Index depth : {1, 2, 7, 16, 17, 64, 100})
        if (!agrees<Scalar>(rows, cols, depth)) return false;
  // Deeper than one panel, which then are of nearly one depth.
  return agrees<Scalar>(17, 11, 1025) && agrees<Scalar>(64, 8, 2050);
}

/// Where it is chosen: full panels of a batch that is not large.
template <class Scalar>
bool is_chosen_where_it_should_be() {
  using Lanes = GemmLanes<Scalar>;
  return Lanes::suits(64, 512, 784) && Lanes::suits(16, 256, 512) && !Lanes::suits(3, 512, 784) &&
         !Lanes::suits(64, 10, 256) && !Lanes::suits(64, 256, 20) && !Lanes::suits(256, 512, 784);
}

}  // namespace

int main() {
#if defined(__AVX512F__)
  const bool present = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
#else
  const bool present = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  if (!present) {
    std::cout << "Skipped: this processor lacks the instructions.\n";
    return 0;
  }
  const bool good = all_agree<float>() && all_agree<double>() &&
                    is_chosen_where_it_should_be<float>() && is_chosen_where_it_should_be<double>();
  std::cout << (good ? "All products agree.\n" : "Wrong.\n");
  return good ? 0 : 1;
}
