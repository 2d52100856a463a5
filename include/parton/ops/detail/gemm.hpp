// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>

#include <Eigen/Core>

#include <parton/ops/detail/gemm_lanes.hpp>
#include <parton/ops/detail/gemm_library.hpp>
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

/// Few rows of c: a product of a matrix and a vector each, which is twice the speed of a thin
/// matrix.
template <Order B, class Scalar>
void gemm_rows(Index rows, Index cols, Index depth, const Scalar* a, const Scalar* b, Scalar* c) {
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  const bool flipped = B == Order::transposed;
  const Eigen::Map<const Matrix> right(b, flipped ? cols : depth, flipped ? depth : cols);
  for (Index i = 0; i < rows; ++i) {
    const Eigen::Map<const Vector> row(a + i * depth, depth);
    Eigen::Map<Vector> result(c + i * cols, cols);
    if constexpr (B == Order::transposed)
      result.noalias() += right * row;
    else
      result.noalias() += right.transpose() * row;
  }
}

/// A sum of few outer products, as the gradient of a weight over a small batch is: row by row of c.
template <class Scalar>
void gemm_outer(Index rows, Index cols, Index depth, const Scalar* a, const Scalar* b, Scalar* c,
                bool add) {
  using Array = Eigen::Array<Scalar, Eigen::Dynamic, 1>;
  const auto row = [cols](const Scalar* from) { return Eigen::Map<const Array>(from, cols); };
  for (Index i = 0; i < rows; ++i) {
    Eigen::Map<Array> to(c + i * cols, cols);
    Index k = 0;
    if (!add && depth >= 2) {
      to = row(b) * a[i] + row(b + cols) * a[rows + i];
      k = 2;
    } else if (!add) {
      to = row(b) * a[i];
      k = 1;
    }
    for (; k + 1 < depth; k += 2)
      to += row(b + k * cols) * a[k * rows + i] + row(b + (k + 1) * cols) * a[(k + 1) * rows + i];
    if (k < depth) to += row(b + k * cols) * a[k * rows + i];
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
