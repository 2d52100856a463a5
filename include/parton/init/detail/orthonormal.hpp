// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include <parton/detail/rounded.hpp>
#include <parton/fwd.hpp>

/// \file Orthonormal vectors whose bits depend on the input alone: products rounded before they are
/// added, sums in an order that the source fixes. A library's QR is faster and promises neither.

namespace parton::init::detail {

/// Vectors are worked on in blocks, so that the rounded products stay in the first-level cache.
inline constexpr Index block_length = 256;

/// The inner product, summed in eight lanes that compilers may keep in one register.
inline double dot(const double* a, const double* b, Index n) {
  constexpr Index lanes = 8;
  std::array<double, lanes> sum{};
  std::array<double, block_length> products{};
  for (Index begin = 0; begin < n; begin += block_length) {
    const Index length = std::min(block_length, n - begin);
    parton::detail::rounded_products(a + begin, b + begin, products.data(), length);
    const Index padded = (length + lanes - 1) / lanes * lanes;
    std::fill(products.begin() + length, products.begin() + padded, 0.0);
    const double* from = products.data();
    for (Index i = 0; i < padded; i += lanes)
      for (Index lane = 0; lane < lanes; ++lane)
        sum[static_cast<std::size_t>(lane)] += from[i + lane];
  }
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

/// to -= factor * from
inline void subtract_multiple(double* to, double factor, const double* from, Index n) {
  std::array<double, block_length> products;  // NOLINT: written before it is read
  for (Index begin = 0; begin < n; begin += block_length) {
    const Index length = std::min(block_length, n - begin);
    parton::detail::rounded_products(from + begin, factor, products.data(), length);
    double* destination = to + begin;
    const double* product = products.data();
    for (Index i = 0; i < length; ++i) destination[i] -= product[i];
  }
}

/// Takes from `vector` what lies along the first `count` rows; returns the length of the rest.
inline double project_out(const double* rows, Index count, double* vector, Index length) {
  for (Index j = 0; j < count; ++j) {
    const double* row = rows + j * length;
    subtract_multiple(vector, dot(row, vector, length), row, length);
  }
  return std::sqrt(dot(vector, vector, length));
}

/// Makes the `count` rows of length `length` >= `count` orthonormal, each from itself and those
/// before it: modified Gram-Schmidt, repeated where a vector loses much of its length (Kahan's
/// "twice is enough"; Giraud et al. 2005). A row that lies within those before it, such as a row of
/// zeros, becomes a unit vector that does not.
inline void orthonormalise(double* rows, Index count, Index length) {
  Index axis = 0;
  for (Index k = 0; k < count; ++k) {
    double* row = rows + k * length;
    double before = std::sqrt(dot(row, row, length));
    while (true) {
      double after = project_out(rows, k, row, length);
      if (after > 0.5 * before) {
        for (Index i = 0; i < length; ++i) row[i] /= after;
        break;
      }
      if (after > 1e-12 * before && after > 0) {
        before = after;
      } else {
        std::fill(row, row + length, 0.0);
        row[axis++] = 1;
        before = 1;
      }
    }
  }
}

}  // namespace parton::init::detail
