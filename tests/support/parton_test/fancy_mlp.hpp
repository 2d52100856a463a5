// SPDX-License-Identifier: MIT
#pragma once

#include <parton/parton.hpp>

namespace parton_test {

/// The own block of API.md, whose loop runs as often as the values ask for.
class FancyMLP : public parton::nn::Block<float> {
 public:
  parton::Tensor<> forward(const parton::Tensor<>& input) const override {
    parton::Tensor x = dense(input);
    x = relu(dot(x, rand_weight.data()) + 1.f);
    x = dense(x);
    while (norm(x).item() > 1) x = x / 2.f;
    return sum(x);
  }
  parton::nn::Dense<>& dense = add_child("dense", parton::nn::Dense(20, parton::nn::relu));
  parton::Parameter<>& rand_weight = add_constant("rand_weight", parton::random::uniform({20, 20}));
};

}  // namespace parton_test
