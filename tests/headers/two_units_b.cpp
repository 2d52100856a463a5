// SPDX-License-Identifier: MIT
// The other half.
#include <cstddef>
#include <parton/parton.hpp>

parton::nn::Sequential<> make_net() {
  return parton::nn::Sequential{parton::nn::Dense(4, parton::nn::relu), parton::nn::Dense(2)};
}

std::size_t count_parameters(parton::nn::Sequential<>& net) {
  return static_cast<std::size_t>(net.collect_params().size());
}
