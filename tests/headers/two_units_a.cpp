// SPDX-License-Identifier: MIT
// Half of a program whose two translation units both include everything.
#include <cstddef>
#include <iostream>
#include <parton/parton.hpp>

parton::nn::Sequential<> make_net();
std::size_t count_parameters(parton::nn::Sequential<>& net);

int main() {
  parton::nn::Sequential<> net = make_net();
  net.initialize({}, {.seed = 7});
  parton::Tensor<> y = net(parton::random::uniform({2, 3}));
  std::cout << y.shape() << '\n' << net.collect_params();
  return count_parameters(net) == 4 && net.collect_params().size() == 4 ? 0 : 1;
}
