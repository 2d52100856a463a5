// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iostream>
#include <limits>
#include <vector>

#include <parton/tensor/shape.hpp>

namespace parton_test {

/// A product c + op(a) op(b) of arbitrary numbers, and what it must be by its definition.
template <class Scalar>
class Product {
 public:
  using Index = parton::Index;

  Product(Index rows, Index cols, Index depth, bool a_transposed, bool b_transposed)
      : a(size(rows, depth)),
        b(size(depth, cols)),
        c(size(rows, cols)),
        rows_(rows),
        cols_(cols),
        depth_(depth),
        a_transposed_(a_transposed),
        b_transposed_(b_transposed) {
    unsigned state = 1;
    const auto next = [&state] {
      state = state * 1664525U + 1013904223U;
      return static_cast<Scalar>(static_cast<int>(state >> 16U) - 32768) / Scalar(32768);
    };
    for (std::vector<Scalar>* values : {&a, &b, &c})
      std::generate(values->begin(), values->end(), next);
    before_ = c;
  }

  /// Whether c is what it was plus the product, or else the product alone, within the rounding of
  /// `depth` products (Higham 2002, section 3.1); says where it is not.
  [[nodiscard]] bool is_right(bool added) const {
    const long double bound =
        static_cast<long double>(depth_ + 1) * std::numeric_limits<Scalar>::epsilon();
    for (Index i = 0; i < rows_; ++i)
      for (Index j = 0; j < cols_; ++j) {
        const auto at = static_cast<std::size_t>(i * cols_ + j);
        long double sum = added ? before_[at] : Scalar(0), total = std::abs(sum);
        for (Index k = 0; k < depth_; ++k) {
          const long double p =
              static_cast<long double>(
                  a[static_cast<std::size_t>(a_transposed_ ? k * rows_ + i : i * depth_ + k)]) *
              b[static_cast<std::size_t>(b_transposed_ ? j * depth_ + k : k * cols_ + j)];
          sum += p;
          total += std::abs(p);
        }
        if (!(std::abs(c[at] - sum) <= bound * total)) {
          std::cout << rows_ << " x " << cols_ << " x " << depth_ << (a_transposed_ ? " a^T" : "")
                    << (b_transposed_ ? " b^T" : "") << ": c(" << i << ", " << j << ") is " << c[at]
                    << ", not " << sum << '\n';
          return false;
        }
      }
    return true;
  }

  std::vector<Scalar> a, b, c;

 private:
  static std::size_t size(Index m, Index n) { return static_cast<std::size_t>(m * n); }

  Index rows_, cols_, depth_;
  bool a_transposed_, b_transposed_;
  std::vector<Scalar> before_;
};

/// Whether Kernel adds a right a b^T to c.
template <template <class> class Kernel, class Scalar>
bool kernel_agrees(parton::Index rows, parton::Index cols, parton::Index depth) {
  Product<Scalar> product(rows, cols, depth, false, true);
  Kernel<Scalar>::run(rows, cols, depth, product.a.data(), product.b.data(), product.c.data());
  return product.is_right(true);
}

/// What main() returns for a kernel's test, which is run if this processor has the instructions
/// that the program is compiled for.
template <class Test>
int run_where_possible(const Test& all_is_right) {
#if defined(__AVX512F__)
  const bool present = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
#elif defined(__AVX2__)
  const bool present = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  const bool present = true;
#endif
  if (!present) {
    std::cout << "Skipped: this processor lacks the instructions.\n";
    return 0;
  }
  const bool good = all_is_right();
  std::cout << (good ? "All products agree.\n" : "Wrong.\n");
  return good ? 0 : 1;
}

}  // namespace parton_test
