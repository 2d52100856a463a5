// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <parton/tensor/tensor.hpp>

namespace parton_test {

/// A function of any number of tensors.
using DoubleFunction =
    std::function<parton::Tensor<double>(const std::vector<parton::Tensor<double>>&)>;

/// The tape's gradients of `f` at `inputs` against central differences, (f(x + h) - f(x - h)) / 2h,
/// of the sum of the result times a fixed random head gradient. Checks every element of every
/// input, that a second backward through a fresh recording adds with GradReq::add, and that
/// without recording the value is the same.
void check_gradients(const DoubleFunction& f, const std::vector<parton::Tensor<double>>& inputs,
                     double tolerance = 1e-6, double step = 1e-5);

/// Values between low and high that depend on the shape and the seed alone.
parton::Tensor<double> random_input(const parton::Shape& shape, std::uint64_t seed = 1,
                                    double low = -1, double high = 1);

}  // namespace parton_test
