// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <utility>

#include <Eigen/Core>

#include <parton/tensor/shape.hpp>

/// \file c += a b^T for an even and small number of rows. A product of b and a vector for each row
/// would read b as often, which takes longer than to compute: here it is read once, four of its
/// rows at a time, which stay in the first cache for all pairs of rows of a.

namespace parton::detail {

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"  // of packets as template arguments
#endif

template <class Scalar>
class GemmPairs {
  using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
  static constexpr Index units = 4;

 public:
  /// Whether it is faster than a product of a matrix and a vector for each row, or than Eigen's
  /// kernel for matrices from five rows on. Here sums lie in lanes and have to be added up in the
  /// end, which short rows do not repay; and columns that are missing from four cost as much.
  static constexpr bool suits(Index rows, Index cols, Index depth) noexcept {
    return rows >= 2 && rows <= 16 && cols >= units && depth >= (rows <= 4 ? 64 : 128);
  }

  /// c += a b^T with a `(rows, depth)`, b `(cols, depth)` and c `(rows, cols)`, row-major; the
  /// number of rows is even.
  static void run(Index rows, Index cols, Index depth, const Scalar* a, const Scalar* b,
                  Scalar* c) {
    // In pieces that leave the first cache room for four rows of b; few rows of a read it anyway.
    const Index part = rows <= 4 ? depth : max_depth;
    for (Index k = 0; k < depth; k += part)
      run_part(rows, cols, depth, std::min(part, depth - k), a + k, b + k, c);
  }

 private:
  static constexpr Index max_depth = 4096 / static_cast<Index>(sizeof(Scalar));

  /// The same of `depth` columns of a and b, whose rows are `stride` apart.
  static void run_part(Index rows, Index cols, Index stride, Index depth, const Scalar* a,
                       const Scalar* b, Scalar* c) {
    for (Index j = 0; j < cols; j += units) {
      // The last row stands for those that are missing.
      const auto row = [&](Index u) { return b + std::min(j + u, cols - 1) * stride; };
      const Scalar* const y[units] = {row(0), row(1), row(2), row(3)};
      const Index present = std::min(units, cols - j);
      for (Index i = 0; i < rows; i += 2) {
        const Scalar* const x[2] = {a + i * stride, a + (i + 1) * stride};
        Scalar sums[2 * units];
        multiply(depth, x, y, sums, std::make_integer_sequence<Index, 2 * units>());
        Scalar* const to = c + i * cols + j;
        for (Index u = 0; u < present; ++u) {
          to[u] += sums[u];
          to[cols + u] += sums[units + u];
        }
      }
    }
  }

  template <Index... I>
  static void multiply(Index depth, const Scalar* const* x, const Scalar* const* y, Scalar* sums,
                       std::integer_sequence<Index, I...> all) {
    using namespace Eigen::internal;
    constexpr Index size = unpacket_traits<Packet>::size;
    Packet sum[] = {pset1<Packet>(Scalar(I * 0))...};
    Index k = 0;
    for (; k + size <= depth; k += size) add(k, x, y, sum, all);
    finish(k, depth, x, y, sum, sums, all);
  }

  template <class P, Index... I>
  [[gnu::always_inline]] static void add(Index k, const Scalar* const* x, const Scalar* const* y,
                                         P* sum, std::integer_sequence<Index, I...>) {
    using namespace Eigen::internal;
    const P v[] = {ploadu<P>(x[0] + k), ploadu<P>(x[1] + k)};
    P w[] = {ploadu<P>(y[0] + k), ploadu<P>(y[1] + k), ploadu<P>(y[2] + k), ploadu<P>(y[3] + k)};
    // Or g++ loads each of them twice, as an operand of the multiplication, and the loads limit it.
    // (clang does not, and would put them into memory for it.)
#if !defined(__clang__)
    EIGEN_OPTIMIZATION_BARRIER(w[0])
    EIGEN_OPTIMIZATION_BARRIER(w[1])
    EIGEN_OPTIMIZATION_BARRIER(w[2])
    EIGEN_OPTIMIZATION_BARRIER(w[3])
#endif
    ((sum[I] = pmadd(v[I / units], w[I % units], sum[I])), ...);
  }

  /// What is left of the depth by ever smaller packets, to which the sums are folded.
  template <class P, Index... I>
  [[gnu::always_inline]] static void finish(Index k, Index depth, const Scalar* const* x,
                                            const Scalar* const* y, const P* sum, Scalar* sums,
                                            std::integer_sequence<Index, I...> all) {
    using namespace Eigen::internal;
    constexpr Index half = unpacket_traits<P>::size / 2;
    if constexpr (half >= 4) {
      typename unpacket_traits<P>::half halves[] = {predux_half_dowto4(sum[I])...};
      if (k + half <= depth) {
        add(k, x, y, halves, all);
        k += half;
      }
      finish(k, depth, x, y, halves, sums, all);
    } else {
      ((sums[I] = predux(sum[I])), ...);
      for (; k < depth; ++k) ((sums[I] += x[I / units][k] * y[I % units][k]), ...);
    }
  }
};

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

}  // namespace parton::detail
