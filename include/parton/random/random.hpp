// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include <parton/error.hpp>
#include <parton/fwd.hpp>
#include <parton/random/generator.hpp>
#include <parton/random/seed.hpp>
#include <parton/tensor/scalar.hpp>
#include <parton/tensor/shape.hpp>
#include <parton/tensor/tensor.hpp>

/// \file New random tensors: `random::uniform({2, 20})`. They come from one stream of the process,
/// which random::seed() starts anew; each call takes the next numbers of it, and calls may come
/// from many threads at once (in an order that the threads decide).

namespace parton::random {

namespace detail {

/// A generator at `count` positions of the default stream that nobody else gets.
[[nodiscard]] inline Generator reserve(Index count) {
  const auto reserved = Process::instance().reserve(static_cast<std::uint64_t>(count));
  Generator rng(reserved.seed);
  rng.seek(reserved.position);
  return rng;
}

template <class Scalar, class Fill>
Tensor<Scalar> drawn(const Shape& shape, const Fill& fill) {
  Tensor<Scalar> result = Tensor<Scalar>::empty(shape);
  Generator rng = reserve(result.size());
  fill(rng, result);
  return result;
}

}  // namespace detail

/// U[low, high). \throws ShapeError if a dimension is not known, as in each of these.
/// \throws ValueError as Generator::uniform does.
template <FloatingScalar Scalar = float>
[[nodiscard]] Tensor<Scalar> uniform(const Shape& shape, double low = 0, double high = 1) {
  return detail::drawn<Scalar>(shape, [&](auto& rng, auto& to) { rng.uniform(to, low, high); });
}

/// N(mean, stddev^2); stddev is the standard deviation. \throws ValueError as Generator::normal
/// does.
template <FloatingScalar Scalar = float>
[[nodiscard]] Tensor<Scalar> normal(const Shape& shape, double mean = 0, double stddev = 1) {
  return detail::drawn<Scalar>(shape, [&](auto& rng, auto& to) { rng.normal(to, mean, stddev); });
}

/// N(mean, stddev^2) under the condition that the value lies in [low, high]: bounds on the value
/// itself, not in deviations. \throws ValueError as Generator::truncated_normal does.
template <FloatingScalar Scalar = float>
[[nodiscard]] Tensor<Scalar> truncated_normal(const Shape& shape, double mean = 0,
                                              double stddev = 1, double low = -2, double high = 2) {
  return detail::drawn<Scalar>(
      shape, [&](auto& rng, auto& to) { rng.truncated_normal(to, mean, stddev, low, high); });
}

/// 1 with probability p, else 0. \throws ValueError unless 0 <= p <= 1.
template <FloatingScalar Scalar = float>
[[nodiscard]] Tensor<Scalar> bernoulli(const Shape& shape, double p) {
  return detail::drawn<Scalar>(shape, [&](auto& rng, auto& to) { rng.bernoulli(to, p); });
}

/// The numbers 0, ..., n - 1 in random order. \throws ValueError if n is negative.
[[nodiscard]] inline std::vector<Index> permutation(Index n) {
  if (n < 0) throw errors::negative_permutation(n);
  // Its draws are of no fixed number, so they have a stream of their own.
  const Generator key = detail::reserve(1);
  return Generator::for_path(key.seed(), "permutation", key.position()).permutation(n);
}

}  // namespace parton::random
