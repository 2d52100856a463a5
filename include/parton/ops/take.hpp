// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstdio>
#include <string>
#include <type_traits>
#include <utility>

#include <parton/autograd/record.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/operand.hpp>
#include <parton/ops/detail/scatter.hpp>

namespace parton {

namespace detail {

/// A number as the index of a row. \throws IndexError outside [0, rows), or for a fraction or NaN.
template <class T>
Index row_index(T value, Index rows) {
  if constexpr (FloatingScalar<T>) {
    const auto real = static_cast<double>(value);
    if (!(real >= 0 && real < static_cast<double>(rows) && real == std::floor(real))) {
      char text[32];
      std::snprintf(text, sizeof text, "%g", real);
      throw errors::bad_row_index(text, rows);
    }
    return static_cast<Index>(real);
  } else {
    if (!std::in_range<Index>(value) || value < 0 || static_cast<Index>(value) >= rows)
      throw errors::bad_row_index(std::to_string(value), rows);
    return static_cast<Index>(value);
  }
}

/// Each row gets the sum over the places that it was taken to.
template <class Scalar, class Number>
void take_backward(Gradients<Scalar>& gradients, const Shape& table,
                   const Tensor<Number>& indices) {
  const Index width = table.product(1);
  add_scattered(gradients, 0, table, [&](Wide<Scalar>* sums) {
    const Scalar* g = gradients.result().data();
    for (const Number index : indices.span()) {
      Wide<Scalar>* const row = sums + static_cast<Index>(index) * width;
      store(row, load(row, width) + load(g, width));
      g += width;
    }
  });
}

template <class Scalar, class Number>
Tensor<Scalar> take(const Tensor<Scalar>& table, const Tensor<Number>& indices) {
  if (table.rank() == 0) throw errors::take_of_scalar();
  const std::size_t rank = indices.rank(), row_rank = table.rank() - 1;
  if (rank + row_rank > Shape::max_rank)
    throw errors::rank_too_large(rank + row_rank, Shape::max_rank);
  std::array<Index, Shape::max_rank> dims{};
  std::copy_n(indices.shape().begin(), rank, dims.begin());
  std::copy_n(table.shape().begin() + 1, row_rank, dims.begin() + rank);
  const Shape shape(std::span<const Index>(dims.data(), rank + row_rank));
  if (any_shape_only(table, indices)) return Tensor<Scalar>::shape_only(shape);
  Tensor<Scalar> result = Tensor<Scalar>::empty(shape);
  const Index rows = table.shape()[0], width = table.shape().product(1);
  Scalar* to = fresh_data(result);
  for (const Number index : indices.span()) {
    std::copy_n(table.data() + row_index(index, rows) * width, width, to);
    to += width;
  }
  if constexpr (FloatingScalar<Scalar>) {
    if (must_record(table))
      record("take", result, inputs(table), saved(indices),
             [whole = table.shape()](Gradients<Scalar>& gradients, const Tensor<Number>& taken) {
               take_backward(gradients, whole, taken);
             });
  }
  if (tracer != nullptr) trace("take", {table, indices}, {result});
  return result;
}

}  // namespace detail

/// The rows of `table` that `indices` names: a table of `(rows, ...)` and indices of shape `(...)`
/// give the shape of the indices followed by that of a row. What Embedding does.
///
/// The gradient of a row is the sum over all places that it was taken to.
/// The indices are whole numbers of any scalar but bool. \throws IndexError for one that is not a
/// whole number in [0, rows); ShapeError for a table of rank 0.
template <detail::Operand Table, detail::Operand Indices>
requires(!std::same_as<detail::scalar_of<Indices>, bool>)
    [[nodiscard]] auto take(const Table& table, const Indices& indices) {
  return detail::take(detail::as_tensor(table), detail::as_tensor(indices));
}

}  // namespace parton
