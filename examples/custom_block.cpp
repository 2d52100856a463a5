// SPDX-License-Identifier: MIT
//
// Exercise 1 of the chapter: the FancyMLP, and how to reach the parameters of its layers.
#include <iostream>
#include <utility>

#include <parton/parton.hpp>

using namespace parton;

// A block of one's own is a forward() and the registration of what it owns.
class FancyMLP : public nn::Block<float> {
 public:
  Tensor<> forward(const Tensor<>& input) const override {
    Tensor x = dense(input);
    x = relu(dot(x, rand_weight.data()) + 1.f);
    x = dense(x);  // the same layer again: one parameter
    while (norm(x).item() > 1) x = x / 2.f;
    return sum(x);
  }
  nn::Dense<>& dense = add_child("dense", nn::Dense(20, nn::relu));
  Parameter<>& rand_weight = add_constant("rand_weight", random::uniform({20, 20}));
};

int main() {
  random::seed(1);

  FancyMLP net;
  net.initialize();
  const Tensor y = net(random::uniform({2, 20}));
  std::cout << "a sum has the shape " << y.shape() << '\n';

  std::cout << "\nthe structure:\n" << net << '\n';
  std::cout << "\nits own parameters:\n" << net.params() << '\n';
  std::cout << "\nall of them:\n" << net.collect_params() << '\n';
  std::cout << "\nthe weights, a constant among them:\n" << net.collect_params(".*weight") << '\n';

  std::cout << "\nby path:\n";
  for (auto& [path, p] : net.named_parameters()) std::cout << path << ' ' << p.shape() << '\n';

  std::cout << "\nby member:\n"
            << net.rand_weight.data()(0, 0) << ' ' << net.dense.weight().shape() << '\n';
  try {
    static_cast<void>(net.rand_weight.grad());
  } catch (const GradientError& error) {
    std::cout << "\na constant has no gradient:\n" << error.what() << '\n';
  }

  // It is a block like any other: moved into a Sequential, cloned, summarized.
  nn::Sequential outer;
  outer.add(nn::Dense(20), std::move(net));
  outer.initialize({.force_reinit = true, .seed = 2});
  nn::Sequential copy = outer.clone();
  const Tensor x = random::uniform({2, 20});
  std::cout << "\nthe same output from a clone: " << (outer(x) == copy(x)) << '\n';
  std::cout << '\n' << summary(outer, x);
}
