// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <type_traits>
#include <utility>

#include <Eigen/Core>

#include <parton/tensor/memory.hpp>
#include <parton/tensor/shape.hpp>

/// \file The product of a dense layer, c += a b^T, for batches that are small beside the weight.
/// The batch is copied into panels as wide as the registers hold, with a row to a lane; the weight
/// is read as it lies and its elements are broadcast. Eigen's kernel copies the weight too, which a
/// batch of 64 does not repay, nor one of 256 where the weight is deep.

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
  /// How many elements of a weight stay in the third cache: 12 MiB.
  static constexpr Index most_near = (Index{12} << 20) / static_cast<Index>(sizeof(Scalar));

 public:
  /// Whether it is the faster way, with the packets that the compiler's flags give: those of AVX,
  /// or of AVX-512 with its 32 registers. Eigen's kernel is the faster one where many lanes would
  /// be empty, where the weight has few rows, and from some number of rows on: the deeper the
  /// weight, the more of them. A narrow panel reads the weight so often that it must stay in a
  /// cache.
  static constexpr bool suits(Index rows, Index cols, Index depth) noexcept {
    const Index empty = (lanes - rows % lanes) % lanes;
    const bool filled = empty * 8 <= lanes * 3 || empty * 10 <= rows;
    const bool deep = rows <= 32 || rows * 3 <= (depth - 64) * 2 || (cols >= 512 && depth >= 768);
    const bool near =
        is_512 || rows <= 16 * lanes || cols * std::min(depth, max_depth) <= most_near;
    return is_available && rows * 4 > lanes * 3 && filled && cols >= 64 && depth >= 64 && deep &&
           near;
  }
  static constexpr bool is_available = sizeof(Packet) >= 32 && lanes > 1;

  /// c += a b^T with a `(rows, depth)`, b `(cols, depth)` and c `(rows, cols)`, row-major; depth >
  /// 0.
  static void run(Index rows, Index cols, Index depth, const Scalar* a, const Scalar* b,
                  Scalar* c) {
    constexpr Index width = max_vectors * lanes;
    const Index parts = (depth + max_depth - 1) / max_depth, part = (depth + parts - 1) / parts;
    const Scratch panel(part * width), rest(part * units_of(1));
    for (Index k = 0; k < depth; k += part) {
      const Index n = std::min(part, depth - k);
      for (Index i = 0; i < rows; i += width) {
        const Index m = std::min(rows - i, width);
        unrolled<max_vectors>([&](auto before) {
          constexpr Index vectors = before + 1;
          if ((m + lanes - 1) / lanes != vectors) return;
          pack(m, n, depth, a + i * depth + k, vectors * lanes, panel.data);
          blocks<vectors>(m, cols, n, depth, panel.data, b + k, rest.data, c + i * cols);
        });
      }
    }
  }

 private:
  /// How many rows of b are taken at once, so that their sums fill the registers.
  static constexpr Index units_of(Index vectors) noexcept {
    if (!is_512) return vectors == 1 ? 10 : 6;
    return vectors == 1 ? 12 : (vectors == 2 ? 10 : (vectors == 3 ? 8 : 6));
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

  /// The first `n` rows of to = from^T, a square as wide as a packet, or += with `Add`; `present`
  /// rows of `from` are there, and the others count as zeros.
  template <bool Add>
  static void transpose(Index present, const Scalar* from, Index stride, Index n, Scalar* to,
                        Index to_stride) {
    using namespace Eigen::internal;
    PacketBlock<Packet, static_cast<int>(lanes)> square;
    for (Index r = 0; r < lanes; ++r)
      square.packet[r] = r < present ? ploadu<Packet>(from + r * stride) : pset1<Packet>(Scalar(0));
    ptranspose(square);
    for (Index r = 0; r < n; ++r, to += to_stride) {
      if constexpr (Add) square.packet[r] = padd(ploadu<Packet>(to), square.packet[r]);
      pstoreu(to, square.packet[r]);
    }
  }

  /// panel[k][r] = a[r][k], with zeros for the rows that are missing.
  static void pack(Index rows, Index depth, Index stride, const Scalar* a, Index width,
                   Scalar* panel) {
    for (Index i = 0; i < width; i += lanes, a += lanes * stride, panel += lanes) {
      const Index present = std::min(rows - i, lanes);
      Index k = 0;
      for (; k + lanes <= depth; k += lanes)
        transpose<false>(present, a + k, stride, lanes, panel + k * width, width);
      for (; k < depth; ++k)
        for (Index r = 0; r < lanes; ++r)
          panel[k * width + r] = r < present ? a[r * stride + k] : Scalar(0);
    }
  }

  template <Index Vectors>
  static void blocks(Index rows, Index cols, Index depth, Index stride, const Scalar* panel,
                     const Scalar* b, Scalar* rest, Scalar* c) {
    // As many columns as blocks and the squares in which they are added to c both divide.
    constexpr Index units = units_of(Vectors), width = Vectors * lanes,
                    group = std::lcm(units, lanes);
    alignas(64) Scalar sums[group * width];
    for (Index j = 0; j < cols; j += group) {
      const Index taken = std::min(group, cols - j);
      for (Index u = 0; u < taken; u += units) {
        const Index present = std::min(units, taken - u);
        const Scalar* from = b + (j + u) * stride;
        Index step = stride;
        if (present < units) {
          // Zeros fill it up: a block of its own size were one more to compile.
          std::fill_n(rest, units * depth, Scalar(0));
          for (Index r = 0; r < present; ++r)
            std::copy_n(from + r * stride, depth, rest + r * depth);
          from = rest;
          step = depth;
        }
        block<Vectors>(depth, panel, from, step, sums + u * width);
      }
      add_transposed(rows, taken, sums, width, c + j, cols);
    }
  }

  /// c[r][u] += sums[u][r]
  static void add_transposed(Index rows, Index units, const Scalar* sums, Index width, Scalar* c,
                             Index stride) {
    for (Index i = 0; i < rows; i += lanes, sums += lanes, c += lanes * stride) {
      const Index n = std::min(rows - i, lanes);
      Index u = 0;
      for (; u + lanes <= units; u += lanes)
        transpose<true>(lanes, sums + u * width, width, n, c + u, stride);
      for (; u < units; ++u)
        for (Index r = 0; r < n; ++r) c[r * stride + u] += sums[u * width + r];
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
