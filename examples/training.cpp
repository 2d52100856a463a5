#include <cstdint>
#include <cstdio>
#include <iostream>
#include <parton/parton.hpp>
using namespace parton;

// An own block is a forward(). The layer in the middle is used twice: one weight, one gradient.
class Net : public nn::Block<float> {
 public:
  Tensor<> forward(const Tensor<>& x) const override { return last(middle(middle(first(x)))); }
  nn::Dense<>& first = add_child("first", nn::Dense(16, nn::relu));
  nn::Dense<>& middle = add_child("middle", nn::Dense(16, nn::relu));
  nn::Dense<>& last = add_child("last", nn::Dense(2));
};

int main() {
  random::seed(1);
  const Tensor x = random::normal({500, 2});  // points of the plane: outside of a circle or inside?
  const Tensor labels = greater(norm(x, 1), 1.f).cast<std::int64_t>();

  Net net;
  net.initialize(init::Xavier());
  optim::Trainer trainer(net.collect_params(), optim::SGD({.learning_rate = 0.2, .momentum = 0.9}));
  loss::SoftmaxCrossEntropy cross_entropy;

  for (int epoch = 1; epoch <= 100; ++epoch) {
    autograd::Record recording;
    Tensor loss = cross_entropy(net(x), labels);
    loss.backward();
    if (epoch == 1) std::cout << statistics(net.collect_params("dense1.*")) << '\n';
    trainer.step(500);
    if (epoch % 25 == 0) std::printf("epoch %3d  loss %.2f\n", epoch, mean(loss).item());
  }
  std::cout << "right: " << sum(equal(argmax(net(x)), labels)).item() << " of 500\n";
}
