#include <iostream>
#include <parton/parton.hpp>
using namespace parton;

int main() {
  nn::Sequential net{nn::Dense(256, nn::relu), nn::Dense(10)};
  net.initialize({.seed = 7});               // weights U(-0.07, 0.07), biases 0
  Tensor y = net(random::uniform({2, 20}));  // the first forward tells the shapes

  std::cout << net << "\n\n" << net.collect_params(".*weight") << "\n\n";
  std::cout << net[0].weight().data()[0].slice(0, 3) << "\n\n";  // a view: three numbers of a row

  // Fill again: by rule, by layer, by parameter. Then ask who filled what, and why.
  net.initialize(init::Normal(0.01), {.force_reinit = true});
  net[0].weight().initialize(init::Xavier(), {.force_reinit = true});
  net[1].initialize(init::Constant(42), {.force_reinit = true});
  std::cout << explain(net) << '\n';

  // Two layers, one parameter; a deep copy keeps the tie.
  auto shared = std::make_shared<nn::Dense<>>(10, nn::relu);
  net.add(shared, nn::Dense(10, nn::relu, {.params = shared->params()}));
  nn::Sequential copy = net.clone();
  std::cout << (&copy[2].weight() == &copy[3].weight()) << '\n';

  // Eigen works on the parameters themselves.
  net[1].weight().data().matrix().row(0).setZero();
  for (auto& [path, p] : net.named_parameters()) std::cout << path << ' ' << p.shape() << '\n';

  try {
    net.collect_params()["dense1_wieght"];
  } catch (const Error& error) {
    std::cout << error.what() << '\n';
  }
}
