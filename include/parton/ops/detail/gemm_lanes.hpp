// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <Eigen/Core>

#include <parton/tensor/memory.hpp>
#include <parton/tensor/shape.hpp>

/// \file The product of a dense layer, c += a b^T, for batches that are small beside the weight.
/// The batch is copied into panels as wide as the registers hold, with a row to a lane; the weight
/// is read as it lies and its elements are broadcast. Eigen's kernel copies the weight too, which a
/// batch of 64 does not repay.

namespace parton::detail {

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"  // of packets as template arguments
#endif

template <class Scalar>
class GemmLanes {
  using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
  static constexpr Index lanes = Eigen::internal::packet_traits<Scalar>::size;
  static constexpr bool is_512 = sizeof(Packet) == 64;
  static constexpr Index max_vectors = is_512 ? 4 : 2;
  /// A panel is at most this deep, so that it stays in the second cache.
  static constexpr Index max_depth = 1024;

 public:
  /// Whether it is the faster way, with the packets that the compiler's flags give: those of AVX,
  /// or of AVX-512 with its 32 registers. Eigen's kernel is where a tenth of the panels would be
  /// empty, and from some hundred rows on.
  static constexpr bool suits(Index rows, Index cols, Index depth) noexcept {
    const Index left = rows % (max_vectors * lanes);
    const Index filled =
        left == 0 ? 0 : (left <= 2 * lanes ? (left + lanes - 1) / lanes : max_vectors) * lanes;
    return is_available && rows <= 192 && (rows - left + filled) * 10 <= rows * 11 && cols >= 64 &&
           depth >= 64;
  }
  static constexpr bool is_available = sizeof(Packet) >= 32 && lanes > 1;

  /// c += a b^T with a `(rows, depth)`, b `(cols, depth)` and c `(rows, cols)`, row-major.
  static void run(Index rows, Index cols, Index depth, const Scalar* a, const Scalar* b,
                  Scalar* c) {
    const Index parts = (depth + max_depth - 1) / max_depth, part = (depth + parts - 1) / parts;
    const Scratch panel(part * max_vectors * lanes), rest(part * units_of(1));
    for (Index k = 0; k < depth; k += part) {
      const Index n = std::min(part, depth - k);
      for (Index i = 0; i < rows; i += max_vectors * lanes) {
        const Index m = std::min(rows - i, max_vectors * lanes);
        const auto take = [&](auto vectors) {
          pack(m, n, depth, a + i * depth + k, vectors * lanes, panel.data);
          blocks<vectors>(m, cols, n, depth, panel.data, b + k, rest.data, c + i * cols);
        };
        if (m <= lanes)
          take(std::integral_constant<Index, 1>());
        else if (m <= 2 * lanes)
          take(std::integral_constant<Index, 2>());
        else
          take(std::integral_constant<Index, max_vectors>());
      }
    }
  }

 private:
  /// How many rows of b are taken at once, so that their sums fill the registers.
  static constexpr Index units_of(Index vectors) noexcept {
    if (vectors == 1) return is_512 ? 12 : 10;
    return is_512 ? (vectors == 2 ? 10 : 6) : 6;
  }

  struct Scratch {
    explicit Scratch(Index size)
        : n(static_cast<std::size_t>(size)), data(PoolAllocator<Scalar>::allocate(n)) {}
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { PoolAllocator<Scalar>::deallocate(data, n); }
    std::size_t n;
    Scalar* data;
  };

  /// panel[k][r] = a[r][k], with zeros for the rows that are missing.
  static void pack(Index rows, Index depth, Index stride, const Scalar* a, Index width,
                   Scalar* panel) {
    using namespace Eigen::internal;
    for (Index i = 0; i < width; i += lanes) {
      const Index present = std::clamp<Index>(rows - i, 0, lanes);
      Index k = 0;
      for (; present == lanes && k + lanes <= depth; k += lanes) {
        PacketBlock<Packet, static_cast<int>(lanes)> square;
        for (Index r = 0; r < lanes; ++r)
          square.packet[r] = ploadu<Packet>(a + (i + r) * stride + k);
        ptranspose(square);
        for (Index r = 0; r < lanes; ++r) pstore(panel + (k + r) * width + i, square.packet[r]);
      }
      for (; k < depth; ++k)
        for (Index r = 0; r < lanes; ++r)
          panel[k * width + i + r] = r < present ? a[(i + r) * stride + k] : Scalar(0);
    }
  }

  template <Index Vectors>
  static void blocks(Index rows, Index cols, Index depth, Index stride, const Scalar* panel,
                     const Scalar* b, Scalar* rest, Scalar* c) {
    constexpr Index units = units_of(Vectors), width = Vectors * lanes;
    alignas(64) Scalar sums[units * width];
    for (Index j = 0; j < cols; j += units) {
      const Index present = std::min(units, cols - j);
      const Scalar* from = b + j * stride;
      Index step = stride;
      if (present < units) {  // zeros fill it up: a block of its own size were one more to compile
        std::fill_n(rest, units * depth, Scalar(0));
        for (Index u = 0; u < present; ++u) std::copy_n(from + u * stride, depth, rest + u * depth);
        from = rest;
        step = depth;
      }
      block<Vectors>(depth, panel, from, step, sums);
      for (Index r = 0; r < rows; ++r)
        for (Index u = 0; u < present; ++u) c[r * cols + j + u] += sums[u * width + r];
    }
  }

  /// f(0), ..., f(N - 1) with constants, so that what they index stays in registers.
  template <Index N, class Function>
  [[gnu::always_inline]] static void unrolled(const Function& f) {
    each(f, std::make_integer_sequence<Index, N>());
  }
  template <class Function, Index... I>
  [[gnu::always_inline]] static void each(const Function& f, std::integer_sequence<Index, I...>) {
    (f(std::integral_constant<Index, I>()), ...);
  }

#define PARTON_INLINED __attribute__((always_inline))
  template <Index Vectors>
  static void block(Index depth, const Scalar* panel, const Scalar* b, Index stride,
                    Scalar* result) {
    using namespace Eigen::internal;
    constexpr Index units = units_of(Vectors);
    Packet sum[units * Vectors];
    unrolled<units * Vectors>([&](auto i) PARTON_INLINED { sum[i] = pset1<Packet>(Scalar(0)); });
    for (Index k = 0; k < depth; ++k, panel += Vectors * lanes, ++b) {
      Packet x[Vectors];
      unrolled<Vectors>([&](auto v) PARTON_INLINED { x[v] = pload<Packet>(panel + v * lanes); });
      unrolled<units>([&](auto u) PARTON_INLINED {
        const Packet w = pset1<Packet>(b[u * stride]);
        unrolled<Vectors>([&](auto v) PARTON_INLINED {
          sum[u * Vectors + v] = pmadd(w, x[v], sum[u * Vectors + v]);
        });
      });
    }
    unrolled<units * Vectors>([&](auto i) PARTON_INLINED { pstore(result + i * lanes, sum[i]); });
  }
#undef PARTON_INLINED
};

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

}  // namespace parton::detail
