// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <parton/tensor/tensor.hpp>
#include <parton_test/catch.hpp>

/// \file What the tests of the ops share: inputs, and slow but plain references.

namespace parton_test {

using parton::Index;
using parton::Shape;
using parton::Tensor;

/// Values between -2 and 2 without a pattern, other ones for another phase.
template <class Scalar = float>
Tensor<Scalar> sample(const Shape& shape, double phase = 0) {
  auto result = Tensor<Scalar>::empty(shape);
  for (Index i = 0; i < shape.size(); ++i)
    result.mutable_data()[i] =
        parton::detail::convert<Scalar>(2 * std::sin(1.7 * static_cast<double>(i + 1) + phase));
  return result;
}

/// Every kind of shape: rank 0 to 4, ones in each place, empty ones.
inline const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {
      {},        {1},          {3},          {2, 3},    {1, 3},       {2, 1},      {1, 1},
      {4, 2, 3}, {4, 1, 3},    {4, 2, 1},    {1, 2, 1}, {1, 1, 3},    {0},         {0, 3},
      {2, 0},    {5, 4, 2, 3}, {5, 1, 2, 1}, {2, 0, 3}, {5, 4, 1, 3}, {5, 4, 2, 1}};
  return all;
}

/// The position of each axis for the element at `at` in row-major order.
inline std::vector<Index> position(Index at, const Shape& shape) {
  std::vector<Index> result(shape.rank());
  for (std::size_t i = shape.rank(); i-- > 0;) {
    result[i] = at % shape.dims()[i];
    at /= shape.dims()[i];
  }
  return result;
}

/// The element of x that stands at a position of the result when x is broadcast: NumPy's rule.
template <class Scalar>
Scalar broadcast_at(const Tensor<Scalar>& x, const std::vector<Index>& result) {
  Index offset = 0;
  for (std::size_t i = 0; i < x.rank(); ++i) {
    const Index n = x.shape().dims()[i];
    offset = offset * n + (n == 1 ? 0 : result[result.size() - x.rank() + i]);
  }
  return x.data()[offset];
}

/// The shape of the result by NumPy's rule, or nothing if the two do not fit.
inline std::optional<Shape> broadcast_shape(const Shape& a, const Shape& b) {
  std::vector<Index> dims(std::max(a.rank(), b.rank()));
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const auto from_back = [i](const Shape& s) {
      return i < s.rank() ? s.dims()[s.rank() - 1 - i] : 1;
    };
    const Index n = from_back(a), m = from_back(b);
    if (n != m && n != 1 && m != 1) return std::nullopt;
    dims[dims.size() - 1 - i] = n == 1 ? m : n;
  }
  return Shape(dims);
}

/// What a result may differ by in a scalar, relative to 1 or to its size.
template <class Scalar>
constexpr double tolerance() {
  if constexpr (std::is_same_v<Scalar, double>) return 1e-12;
  if constexpr (std::is_same_v<Scalar, float>) return 4e-6;
  if constexpr (std::is_same_v<Scalar, Eigen::half>) return 2e-3;
  return 1.6e-2;
}

/// Compares values in double; equal infinities and two NaN are the same.
inline bool same(double found, double expected, double limit) {
  if (std::isnan(expected)) return std::isnan(found);
  if (std::isinf(expected) || std::isinf(found)) return found == expected;
  return std::abs(found - expected) <= limit * std::max(1.0, std::abs(expected));
}

/// Checks shape and values.
template <class Scalar>
void check_values(const Tensor<Scalar>& found, const Shape& shape,
                  const std::vector<double>& expected, double limit = tolerance<Scalar>()) {
  REQUIRE(found.shape() == shape);
  REQUIRE(static_cast<std::size_t>(found.size()) == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto value = static_cast<double>(found.data()[i]);
    INFO("at " << i << ": " << value << ", expected " << expected[i]);
    CHECK(same(value, expected[i], limit));
  }
}

/// Checks that an op told its shape without values.
template <class Scalar>
void check_shape_only(const Tensor<Scalar>& found, const Shape& shape) {
  CHECK_FALSE(found.has_values());
  CHECK(found.shape() == shape);
}

}  // namespace parton_test
