// SPDX-License-Identifier: MIT
// A part of a program, or a plugin, that links parton::compiled.
#include <cstddef>

#include <parton/nn/dense.hpp>
#include <parton/parameter/filter.hpp>

#ifndef PARTON_COMPILED
#error "parton::compiled does not say that parton is compiled"
#endif

std::size_t count_weights(const parton::nn::Dense<>& layer) {
  return layer.collect_params(".*weight").size();
}
