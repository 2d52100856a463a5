// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <Eigen/Core>

#include <parton/fwd.hpp>

/// \file The two inner loops of a convolution, on Eigen's packets.
///
/// A tap is a run of numbers in memory that begins at an offset of its own; runs may overlap. So
/// the columns of im2col are taps of the padded image itself, and neither that matrix nor a packed
/// copy of it is ever made. Both loops keep a block of rows times packets in registers.

namespace parton::detail {

/// How far beyond the last column the loops may read and write.
inline constexpr Index tap_overrun = 64;

template <class Scalar>
using TapPacket = typename Eigen::internal::packet_traits<Scalar>::type;
template <class Scalar>
inline constexpr Index tap_packet = Eigen::internal::packet_traits<Scalar>::size;

/// A block is this many rows and columns of packets: with the columns it fills the registers.
inline constexpr int tap_rows = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32 ? 8 : 4;
inline constexpr int tap_columns = 3;

/// Calls `f(first, std::integral_constant<int, n>)` for blocks of rows that cover [0, rows).
template <int Rows = tap_rows, class F>
void for_row_blocks(Index rows, const F& f, Index first = 0) {
  for (; rows - first >= Rows; first += Rows) f(first, std::integral_constant<int, Rows>());
  if constexpr (Rows > 1) for_row_blocks<Rows / 2>(rows, f, first);
}

template <class Scalar, std::size_t... C>
EIGEN_ALWAYS_INLINE void add_products(TapPacket<Scalar>* sums, const TapPacket<Scalar>& factor,
                                      const TapPacket<Scalar>* x, std::index_sequence<C...>) {
  ((sums[C] = Eigen::internal::pmadd(factor, x[C], sums[C])), ...);
}

template <class Scalar, std::size_t... I>
EIGEN_ALWAYS_INLINE void set_all(TapPacket<Scalar>* sums, Scalar value, std::index_sequence<I...>) {
  ((sums[I] = Eigen::internal::pset1<TapPacket<Scalar>>(value)), ...);
}

/// to[r][i] = starts[r] + sum over t of weights[t][r] * from[offsets[t] + i] for one block.
template <class Scalar, std::size_t... R, std::size_t... C>
EIGEN_ALWAYS_INLINE void tap_block(Index taps, const Index* offsets, const Scalar* weights,
                                   const Scalar* starts, const Scalar* from, Scalar* to,
                                   Index pitch, std::index_sequence<R...>,
                                   std::index_sequence<C...> columns) {
  using Packet = TapPacket<Scalar>;
  constexpr Index size = tap_packet<Scalar>;
  constexpr std::size_t cols = sizeof...(C);
  Packet sums[sizeof...(R) * cols];
  (set_all(sums + R * cols, starts[R], columns), ...);
  for (Index t = 0; t < taps; ++t, weights += sizeof...(R)) {
    const Scalar* x = from + offsets[t];
    const Packet run[] = {Eigen::internal::ploadu<Packet>(x + static_cast<Index>(C) * size)...};
    (add_products<Scalar>(sums + R * cols, Eigen::internal::pset1<Packet>(weights[R]), run,
                          columns),
     ...);
  }
  const auto write = [&](Scalar* row, const Packet* sum) {
    (Eigen::internal::pstoreu(row + static_cast<Index>(C) * size, sum[C]), ...);
  };
  (write(to + static_cast<Index>(R) * pitch, sums + R * cols), ...);
}

/// to[r][i] = starts[r] + sum over t of weights[t][r] * from[offsets[t] + i] for Rows rows and all
/// columns.
template <int Rows, class Scalar>
void tap_product(Index taps, const Index* offsets, const Scalar* weights, const Scalar* starts,
                 const Scalar* from, Index columns, Scalar* to, Index pitch) {
  constexpr Index size = tap_packet<Scalar>;
  Index at = 0;
  for (; columns - at > (tap_columns - 1) * size; at += tap_columns * size)
    tap_block(taps, offsets, weights, starts, from + at, to + at, pitch,
              std::make_index_sequence<Rows>(), std::make_index_sequence<tap_columns>());
  for (; at < columns; at += size)
    tap_block(taps, offsets, weights, starts, from + at, to + at, pitch,
              std::make_index_sequence<Rows>(), std::make_index_sequence<1>());
}

/// to[r][t] += sum over i of rows[r][i] * from[offsets[t] + i], over several images, for a block of
/// rows and taps. The rows are aligned, and 0 from `columns` to the end of the last packet.
template <class Scalar, std::size_t... R, std::size_t... T>
EIGEN_ALWAYS_INLINE void tap_gradient_block(Index images, Index columns, const Scalar* rows,
                                            Index plane, Index rows_step, const Scalar* from,
                                            Index from_step, const Index* offsets, Scalar* to,
                                            Index pitch, std::index_sequence<R...>,
                                            std::index_sequence<T...> taps) {
  using Packet = TapPacket<Scalar>;
  constexpr std::size_t count = sizeof...(T);
  Packet sums[sizeof...(R) * count];
  set_all(sums, Scalar(0), std::make_index_sequence<sizeof...(R) * count>());
  for (Index image = 0; image < images; ++image) {
    const Scalar* const starts[] = {(from + image * from_step + offsets[T])...};
    const Scalar* row = rows + image * rows_step;
    for (Index i = 0; i < columns; i += tap_packet<Scalar>) {
      const Packet x[] = {Eigen::internal::ploadu<Packet>(starts[T] + i)...};
      (add_products<Scalar>(sums + R * count,
                            Eigen::internal::pload<Packet>(row + static_cast<Index>(R) * plane + i),
                            x, taps),
       ...);
    }
  }
  const auto add = [&](Scalar* row, const Packet* sum) {
    ((row[T] += Eigen::internal::predux(sum[T])), ...);
  };
  (add(to + static_cast<Index>(R) * pitch, sums + R * count), ...);
}

/// to[r][t] += sum over images and i of rows[r][i] * from[offsets[t] + i] for Rows rows, all taps.
template <int Rows, class Scalar>
void tap_gradient(Index images, Index columns, const Scalar* rows, Index plane, Index rows_step,
                  const Scalar* from, Index from_step, Index taps, const Index* offsets, Scalar* to,
                  Index pitch) {
  Index t = 0;
  for (; taps - t >= tap_columns; t += tap_columns)
    tap_gradient_block(images, columns, rows, plane, rows_step, from, from_step, offsets + t,
                       to + t, pitch, std::make_index_sequence<Rows>(),
                       std::make_index_sequence<tap_columns>());
  for (; t < taps; ++t)
    tap_gradient_block(images, columns, rows, plane, rows_step, from, from_step, offsets + t,
                       to + t, pitch, std::make_index_sequence<Rows>(),
                       std::make_index_sequence<1>());
}

}  // namespace parton::detail
