// SPDX-License-Identifier: MIT
// API.md "Training" and "Own blocks", rules 7 to 9, as a user types them.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <parton/parton.hpp>
#include <parton_test/catch.hpp>
#include <parton_test/fancy_mlp.hpp>

using namespace parton;
using Catch::Matchers::ContainsSubstring;
using parton_test::FancyMLP;

TEST_CASE("The lines of API.md train a net") {
  random::seed(1);
  nn::Sequential net{nn::Dense(32, nn::relu), nn::Dense(3)};
  net.initialize();
  const Tensor x = random::uniform({30, 4});
  Tensor labels = zeros({30});
  for (Index i = 0; i < 30; ++i) labels(i) = static_cast<float>(i % 3);
  const Index batch_size = 30;

  optim::Trainer trainer(net.collect_params(), optim::SGD({.learning_rate = 0.1, .momentum = 0.9}));
  loss::SoftmaxCrossEntropy cross_entropy;
  const auto step = [&] {
    autograd::Record recording;  // also autograd::Pause; both nest
    Tensor loss = cross_entropy(net(x), labels);
    loss.backward();
    return mean(loss).item();
  };
  const float first = step();
  trainer.step(batch_size);
  for (int i = 0; i < 300; ++i) {
    step();
    trainer.step(batch_size);
  }
  CHECK(step() < 0.5f * first);

  net.collect_params(".*bias").set_grad_req(GradReq::null);
  const Tensor<> bias = net[1].bias().data().copy(), weight = net[1].weight().data().copy();
  step();
  trainer.step(batch_size);
  CHECK(net[1].bias().data() == bias);
  CHECK_FALSE(net[1].weight().data() == weight);
}

TEST_CASE("The chapter's tied layers add their gradients, and are stepped once") {
  // Two nets with the same values: one whose layers 1 and 2 share their parameters, one untied.
  auto shared = std::make_shared<nn::Dense<>>(8, nn::relu);
  nn::Sequential tied;
  tied.add(nn::Dense(8, nn::relu), shared, nn::Dense(8, nn::relu, {.params = shared->params()}),
           nn::Dense(10));
  nn::Sequential untied{nn::Dense(8, nn::relu), nn::Dense(8, nn::relu), nn::Dense(8, nn::relu),
                        nn::Dense(10)};
  const Tensor x = random::uniform({2, 20});
  for (nn::Sequential<>* net : {&tied, &untied}) {
    net->initialize(init::Xavier(), {.seed = 4});
    static_cast<void>((*net)(x));
  }
  for (int i = 0; i < 4; ++i) untied[i].weight().set_data(tied[i].weight().data());
  for (nn::Sequential<>* net : {&tied, &untied}) {
    autograd::Record recording;
    sum((*net)(x)).backward();
  }
  CHECK(&tied[1].weight() == &tied[2].weight());
  const Tensor<> both = untied[1].weight().grad() + untied[2].weight().grad();
  CHECK(allclose(tied[1].weight().grad(), both, 1e-5, 1e-7));
  CHECK(norm(both).item() > 0);
  CHECK(allclose(tied[0].weight().grad(), untied[0].weight().grad(), 1e-5, 1e-7));

  const Tensor<> before = tied[1].weight().data().copy();
  optim::Trainer trainer(tied.collect_params(), optim::SGD({.learning_rate = 0.5}));
  trainer.step(1);
  CHECK(allclose(tied[1].weight().data(), before - both * 0.5, 1e-5, 1e-7));
}

TEST_CASE("FancyMLP trains through its loop, its constant stays, its layer is used twice") {
  FancyMLP net;
  net.initialize(init::Xavier(), {.seed = 2});
  const Tensor x = random::uniform({2, 20});
  static_cast<void>(net(x));
  const Tensor<> constant = net.rand_weight.data().copy();
  const Tensor<> before = net.dense.weight().data().copy();
  optim::Trainer trainer(net.collect_params(), optim::SGD({.learning_rate = 0.01}));
  std::vector<float> values;
  for (int i = 0; i < 20; ++i) {
    autograd::Record recording;
    const Tensor<> y = net(x);
    values.push_back(y.item());
    y.backward();
    trainer.step(1);
  }
  CHECK(values.back() < values.front());
  CHECK(net.rand_weight.data() == constant);
  CHECK_FALSE(net.dense.weight().data() == before);
}

TEST_CASE("A net inside a Sequential, moved and cloned, trains as it did") {
  nn::Sequential net;
  net.add(FancyMLP(), nn::Lambda([](const Tensor<>& x) { return x * 2.f; }));
  net.initialize({.seed = 1});
  const Tensor x = random::uniform({2, 20});
  nn::Sequential moved = std::move(net);
  const auto gradient = [&](const nn::Sequential<>& of) {
    autograd::Record recording;
    of(x).backward();
    return of[0].collect_params(".*dense.*weight").begin()->parameter().grad();
  };
  const Tensor<> first = gradient(moved);
  const nn::Sequential copy = moved.clone();
  CHECK(gradient(copy) == first);
}

TEST_CASE("A step with a stale gradient lists every stale parameter and changes nothing") {
  nn::Sequential net{nn::Dense(3), nn::Dense(2)};
  net.initialize({.seed = 1});
  const Tensor x = random::uniform({2, 4});
  static_cast<void>(net(x));
  const Tensor<> before = net[0].weight().data().copy();
  optim::Trainer trainer(net.collect_params(), optim::SGD({.learning_rate = 0.1}));
  {
    autograd::Record recording;
    net[0](x).backward();
  }
  CHECK_THROWS_WITH(trainer.step(2), ContainsSubstring("1.weight") && ContainsSubstring("1.bias") &&
                                         !ContainsSubstring("0.weight"));
  CHECK(net[0].weight().data() == before);
  {
    autograd::Record recording;
    net(x).backward();
  }
  CHECK_NOTHROW(trainer.step(2));
}

TEST_CASE("Eigen arguments and other scalars train too") {
  nn::Sequential net{nn::Dense<double>(3, nn::tanh), nn::Dense<double>(2)};
  net.initialize({.seed = 1});
  const Eigen::MatrixXd x = Eigen::MatrixXd::Constant(4, 5, 0.5);
  const Tensor<double> labels{1.0, 1.0, 0.0, 1.0};
  optim::Trainer trainer(net.collect_params(), optim::Adam({.learning_rate = 0.05}));
  const loss::SoftmaxCrossEntropy cross_entropy;
  double first = 0, last = 0;
  for (int i = 0; i < 30; ++i) {
    autograd::Record recording;
    const Tensor<double> loss = cross_entropy(net(x), labels);
    loss.backward();
    trainer.step(4);
    last = mean(loss).item();
    if (i == 0) first = last;
  }
  CHECK(last < first);
}
