// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include <parton/init/initializer.hpp>
#include <parton_test/catch.hpp>

/// \file What the tests of initializers share: values from a fixed seed, and their statistics.

namespace parton_test {

using namespace parton;

/// A new parameter's values.
template <class Scalar>
Tensor<Scalar> sample(const init::AnyInitializer<Scalar>& initializer, const Shape& shape,
                      std::string_view name = "dense0_weight", std::uint64_t seed = 7) {
  Tensor<Scalar> data = Tensor<Scalar>::zeros(shape);
  auto rng = random::Generator::for_path(seed, name);
  initializer->init_weight(name, data, rng);
  return data;
}

template <class T>
inline constexpr bool is_any_initializer = false;
template <class Scalar>
inline constexpr bool is_any_initializer<init::AnyInitializer<Scalar>> = true;

/// The same from whatever initialize() takes.
template <class Scalar = float, class Given>
requires(!is_any_initializer<Given>) Tensor<Scalar> sample(const Given& given, const Shape& shape,
                                                           std::string_view name = "dense0_weight",
                                                           std::uint64_t seed = 7) {
  return sample(init::AnyInitializer<Scalar>(given), shape, name, seed);
}

template <class Scalar>
double mean(const Tensor<Scalar>& values) {
  return values.template cast<double>().array().mean();
}

/// The root of the mean square: the standard deviation of what has mean 0.
template <class Scalar>
double deviation(const Tensor<Scalar>& values) {
  return std::sqrt(values.template cast<double>().array().square().mean());
}

template <class Scalar>
double largest(const Tensor<Scalar>& values) {
  return values.template cast<double>().array().abs().maxCoeff();
}

/// The text of the error that `f` throws; empty if it throws none.
template <class Function>
std::string message_of(Function f) {
  try {
    f();
  } catch (const InitializerError& error) {
    return error.what();
  }
  return {};
}

}  // namespace parton_test

using Catch::Matchers::ContainsSubstring;
