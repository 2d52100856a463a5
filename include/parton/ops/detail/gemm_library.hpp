// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <limits>

#include <parton/tensor/shape.hpp>

#if defined(PARTON_GEMM_BLAS) && defined(PARTON_GEMM_ONEDNN)
#error "parton: define PARTON_GEMM_BLAS or PARTON_GEMM_ONEDNN, not both"
#elif defined(PARTON_GEMM_BLAS)
#include <cblas.h>
#elif defined(PARTON_GEMM_ONEDNN)
#include <oneapi/dnnl/dnnl.h>
#endif

/// \file The product of matrices by another library than Eigen. A program is compiled as a whole
/// with PARTON_GEMM_BLAS and linked with any BLAS that has the C interface, or with
/// PARTON_GEMM_ONEDNN and linked with oneDNN, which has it for float only; CMake's PARTON_GEMM does
/// both. Their threads are their own affair. Products with four rows or fewer stay on the paths for
/// them.

namespace parton::detail {

/// c = op(a) op(b), or c += with `add`, as gemm() takes them; false if this program has no other
/// library for it, or that one cannot.
template <class Scalar>
bool gemm_by_library([[maybe_unused]] bool a_transposed, [[maybe_unused]] bool b_transposed,
                     [[maybe_unused]] Index rows, [[maybe_unused]] Index cols,
                     [[maybe_unused]] Index depth, [[maybe_unused]] const Scalar* a,
                     [[maybe_unused]] const Scalar* b, [[maybe_unused]] Scalar* c,
                     [[maybe_unused]] bool add) {
#if defined(PARTON_GEMM_BLAS)
  constexpr Index limit = std::numeric_limits<int>::max();
  if (rows > limit || cols > limit || depth > limit) return false;
  const auto m = static_cast<int>(rows), n = static_cast<int>(cols), k = static_cast<int>(depth);
  const auto order = [](bool transposed) { return transposed ? CblasTrans : CblasNoTrans; };
  const int a_stride = a_transposed ? m : k, b_stride = b_transposed ? k : n;
  if constexpr (std::same_as<Scalar, float>)
    cblas_sgemm(CblasRowMajor, order(a_transposed), order(b_transposed), m, n, k, 1, a, a_stride, b,
                b_stride, add ? 1 : 0, c, n);
  else
    cblas_dgemm(CblasRowMajor, order(a_transposed), order(b_transposed), m, n, k, 1, a, a_stride, b,
                b_stride, add ? 1 : 0, c, n);
  return true;
#elif defined(PARTON_GEMM_ONEDNN)
  if constexpr (std::same_as<Scalar, float>) {
    const auto order = [](bool transposed) { return transposed ? 'T' : 'N'; };
    return dnnl_sgemm(order(a_transposed), order(b_transposed), rows, cols, depth, 1, a,
                      a_transposed ? rows : depth, b, b_transposed ? depth : cols, add ? 1 : 0, c,
                      cols) == dnnl_success;
  } else {
    return false;
  }
#else
  return false;
#endif
}

}  // namespace parton::detail
