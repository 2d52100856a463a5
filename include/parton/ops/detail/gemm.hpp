// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>

#include <Eigen/Core>

#include <parton/ops/detail/gemm_lanes.hpp>
#include <parton/ops/detail/gemm_library.hpp>
#include <parton/ops/detail/gemm_pairs.hpp>
#include <parton/tensor/memory.hpp>
#include <parton/tensor/scalar.hpp>
#include <parton/tensor/shape.hpp>

/// \file The one seam between this library and whatever multiplies matrices.

namespace parton::detail {

/// How a factor lies in memory: as it enters the product, or transposed.
enum class Order { plain, transposed };

/// Eigen's cache blocking, whose panels come from the pool: products of every step allocate
/// nothing.
template <class Scalar>
class PooledBlocking : public Eigen::internal::level3_blocking<Scalar, Scalar> {
 public:
  PooledBlocking(Index rows, Index cols, Index depth) {
    this->m_mc = rows;
    this->m_nc = cols;
    this->m_kc = depth;
    Eigen::internal::computeProductBlockingSizes<Scalar, Scalar>(this->m_kc, this->m_mc, this->m_nc,
                                                                 Index{1});
    a_ = static_cast<std::size_t>(this->m_mc * this->m_kc);
    b_ = static_cast<std::size_t>(this->m_kc * this->m_nc);
    this->m_blockA = PoolAllocator<Scalar>::allocate(a_);
    try {
      this->m_blockB = PoolAllocator<Scalar>::allocate(b_);
    } catch (...) {
      PoolAllocator<Scalar>::deallocate(this->m_blockA, a_);
      throw;
    }
  }
  PooledBlocking(const PooledBlocking&) = delete;
  PooledBlocking& operator=(const PooledBlocking&) = delete;
  ~PooledBlocking() {
    PoolAllocator<Scalar>::deallocate(this->m_blockA, a_);
    PoolAllocator<Scalar>::deallocate(this->m_blockB, b_);
  }

 private:
  std::size_t a_ = 0, b_ = 0;
};

/// Few rows of c: pairs of them, or a product of a matrix and a vector each, which is twice the
/// speed of a thin matrix. That is Eigen's kernel itself: what leads to it from `matrix * vector`
/// takes long to compile.
template <Order B, class Scalar>
void gemm_rows(Index rows, Index cols, Index depth, const Scalar* a, const Scalar* b, Scalar* c) {
  constexpr bool flipped = B == Order::transposed;
  constexpr int order = flipped ? Eigen::RowMajor : Eigen::ColMajor;
  using Matrix = Eigen::internal::const_blas_data_mapper<Scalar, Index, order>;
  using Vector = Eigen::internal::const_blas_data_mapper<Scalar, Index, 1 - order>;
  using Product = Eigen::internal::general_matrix_vector_product<Index, Scalar, Matrix, order,
                                                                 false, Scalar, Vector, false>;
  Index i = 0;
  if constexpr (flipped) {
    if (GemmPairs<Scalar>::suits(rows, cols, depth)) {
      i = rows - rows % 2;
      GemmPairs<Scalar>::run(i, cols, depth, a, b, c);
    }
  }
  for (; i < rows; ++i)
    Product::run(cols, depth, Matrix(b, flipped ? depth : cols), Vector(a + i * depth, 1),
                 c + i * cols, 1, Scalar(1));
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"  // of packets as template arguments
#endif

/// to = x f, or x f + y g with `Two`, and += with `Add`.
template <bool Two, bool Add, class Scalar>
void add_multiples(Scalar* to, const Scalar* x, Scalar f, const Scalar* y, Scalar g, Index n) {
  using namespace Eigen::internal;
  using Packet = typename packet_traits<Scalar>::type;
  constexpr Index width = packet_traits<Scalar>::size;
  const Packet all_f = pset1<Packet>(f), all_g = pset1<Packet>(g);
  Index i = 0;
  for (; i + width <= n; i += width) {
    Packet sum = pmul(ploadu<Packet>(x + i), all_f);
    if constexpr (Two) sum = padd(sum, pmul(ploadu<Packet>(y + i), all_g));
    if constexpr (Add) sum = padd(ploadu<Packet>(to + i), sum);
    pstoreu(to + i, sum);
  }
  for (; i < n; ++i) {
    Scalar sum = x[i] * f;
    if constexpr (Two) sum += y[i] * g;
    to[i] = Add ? to[i] + sum : sum;
  }
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

/// A sum of few outer products, as the gradient of a weight over a small batch is: row by row of c.
template <class Scalar>
void gemm_outer(Index rows, Index cols, Index depth, const Scalar* a, const Scalar* b, Scalar* c,
                bool add) {
  for (Index i = 0; i < rows; ++i, c += cols) {
    const auto factor = [=](Index k) { return a[k * rows + i]; };
    const auto from = [=](Index k) { return b + k * cols; };
    Index k = 0;
    if (!add && depth >= 2) {
      add_multiples<true, false>(c, from(0), factor(0), from(1), factor(1), cols);
      k = 2;
    } else if (!add) {
      add_multiples<false, false>(c, from(0), factor(0), from(0), Scalar(0), cols);
      k = 1;
    }
    for (; k + 1 < depth; k += 2)
      add_multiples<true, true>(c, from(k), factor(k), from(k + 1), factor(k + 1), cols);
    if (k < depth) add_multiples<false, true>(c, from(k), factor(k), from(k), Scalar(0), cols);
  }
}

/// c = op(a) op(b), or c += with `add`; everything row-major, dense, and c overlaps neither.
///
/// a is stored `(rows, depth)` if plain, `(depth, rows)` if transposed; b `(depth, cols)` if plain,
/// `(cols, depth)` if transposed; c `(rows, cols)`. float and double.
template <Order A, Order B, class Scalar>
requires std::same_as<Scalar, Wide<Scalar>>
void gemm(Index rows, Index cols, Index depth, const Scalar* a, const Scalar* b, Scalar* c,
          bool add) {
  if (rows == 0 || cols == 0) return;
  if constexpr (A == Order::transposed && B == Order::plain) {
    if (depth > 0 && depth <= 4) return gemm_outer(rows, cols, depth, a, b, c, add);
  }
  if (!(A == Order::plain && rows <= 4) && depth > 0 &&
      gemm_by_library(A == Order::transposed, B == Order::transposed, rows, cols, depth, a, b, c,
                      add))
    return;
  if (!add) std::fill_n(c, rows * cols, Scalar(0));
  if (depth == 0) return;
  if constexpr (A == Order::plain) {
    if (rows <= 4) return gemm_rows<B>(rows, cols, depth, a, b, c);
  }
  if constexpr (A == Order::plain && B == Order::transposed && GemmLanes<Scalar>::is_available) {
    if (GemmLanes<Scalar>::suits(rows, cols, depth))
      return GemmLanes<Scalar>::run(rows, cols, depth, a, b, c);
  }
  if constexpr (A == Order::plain && B == Order::transposed) {
    if (GemmPairs<Scalar>::suits(rows, cols, depth))
      return gemm_rows<B>(rows, cols, depth, a, b, c);
  }
  // Eigen's kernel writes column-major results, so it computes the transposed product.
  constexpr int left = B == Order::plain ? Eigen::ColMajor : Eigen::RowMajor;
  constexpr int right = A == Order::plain ? Eigen::ColMajor : Eigen::RowMajor;
  using Product = Eigen::internal::general_matrix_matrix_product<Index, Scalar, left, false, Scalar,
                                                                 right, false, Eigen::ColMajor, 1>;
  PooledBlocking<Scalar> blocking(cols, rows, depth);
  Product::run(cols, rows, depth, b, B == Order::plain ? cols : depth, a,
               A == Order::plain ? depth : rows, c, 1, cols, Scalar(1), blocking, nullptr);
}

}  // namespace parton::detail
