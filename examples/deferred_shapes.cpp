// SPDX-License-Identifier: MIT
//
// Exercise 3 of the chapter: the parameters after initialize() and before the first forward.
#include <iostream>

#include <parton/parton.hpp>

using namespace parton;

int main() {
  nn::Sequential net{nn::Dense(256, nn::relu), nn::Dense(10)};
  net.initialize();

  std::cout << "Initialized, but the width of the input is not known yet:\n"
            << net << '\n'
            << net.collect_params() << '\n';

  std::cout << "\nThe biases do not need it and are there:\n" << net[1].bias().data() << '\n';
  try {
    static_cast<void>(net[0].weight().data());
  } catch (const DeferredInitializationError& error) {
    std::cout << "\nThe weights do:\n" << error.what() << '\n';
  }

  std::cout << "\nShapes can be told without arithmetic: the output would be "
            << infer_shapes(net, {2, 20}) << '\n';
  std::cout << net << '\n' << net.collect_params() << '\n';
  std::cout << "\nWhat waited is initialized now: " << net[0].weight().is_initialized() << '\n';

  std::cout
      << "\nThe first forward would have done the same, here in a net that was given one size:\n";
  nn::Sequential other{nn::Dense(256, nn::relu, {.in_units = 20}), nn::Dense(10)};
  other.initialize();
  std::cout << "before: " << other[0].weight() << ", " << other[1].weight() << '\n';
  other(random::uniform({2, 20}));
  std::cout << "after:  " << other[0].weight() << ", " << other[1].weight() << '\n';

  std::cout << "\nA known width stays:\n";
  try {
    other(random::uniform({2, 21}));
  } catch (const ShapeError& error) {
    std::cout << error.what() << '\n';
  }
}
