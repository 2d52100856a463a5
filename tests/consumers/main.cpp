// SPDX-License-Identifier: MIT
// The program of a user who found parton in one of the ways that the folders beside this file show.
#include <iostream>
#include <parton/parton.hpp>

using namespace parton;

int main() {
  nn::Sequential net;
  net.add(nn::Dense(8, nn::relu), nn::Dense(3));
  net.initialize();
  Tensor x = random::uniform({2, 20});
  Tensor y = net(x);
  std::cout << y.shape() << '\n' << net.collect_params();
  return y.shape() == Shape{2, 3} ? 0 : 1;
}
