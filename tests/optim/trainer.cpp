// SPDX-License-Identifier: MIT
#include <cmath>
#include <string>
#include <vector>

#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/reduce.hpp>
#include <parton/optim/adam.hpp>
#include <parton/optim/sgd.hpp>
#include <parton/optim/trainer.hpp>
#include <parton/random/random.hpp>
#include <parton_test/capture.hpp>

#include "toy.hpp"

using namespace parton;
using parton_test::check_says;
using parton_test::dict_of;
using parton_test::give_gradient;
using parton_test::message_of;
using parton_test::toy;

// Case 86 of the reference.
TEST_CASE(
    "SGD with momentum reads lr_mult at every step, and the batch size divides the gradient") {
  const auto x = toy<float>("x", Tensor<>::zeros({10}));
  optim::Trainer trainer(dict_of<float>({x}), optim::SGD({.learning_rate = 1, .momentum = 0.5}));
  give_gradient(*x, Tensor<>::full({10}, 1));
  trainer.step(1);
  CHECK(x->data() == Tensor<>::full({10}, -1));
  x->set_lr_mult(0.5);
  give_gradient(*x, Tensor<>::full({10}, 1));
  trainer.step(1);
  // PyTorch's momentum: 1.5 at half the rate. (Gluon, with the rate inside: -0.5 - 0.5.)
  CHECK(x->data() == Tensor<>::full({10}, -1.75));
  give_gradient(*x, Tensor<>::full({10}, 1));
  trainer.step(std::size_t{2});
  CHECK(x->data() == Tensor<>::full({10}, -1.75F - 0.5F * (0.75F + 0.5F)));
}

TEST_CASE("wd_mult multiplies the weight decay of a parameter") {
  const auto x = toy<double>("x", {1}), y = toy<double>("y", {1});
  optim::Trainer trainer(dict_of<double>({x, y}),
                         optim::SGD({.learning_rate = 1, .weight_decay = 0.5}));
  y->set_wd_mult(0);
  for (const auto& p : {x, y}) give_gradient(*p, Tensor<double>{0});
  trainer.step(1);
  CHECK(x->data().item() == 0.5);
  CHECK(y->data().item() == 1);
}

TEST_CASE("the chapter's tied net is stepped once for each parameter") {
  auto shared = std::make_shared<nn::Dense<>>(8, nn::relu);
  nn::Sequential net;
  net.add(nn::Dense(8, nn::relu), shared, nn::Dense(8, nn::relu, {.params = shared->params()}),
          nn::Dense(10));
  net.initialize({.seed = 3});
  const Tensor x = random::uniform({2, 20});
  optim::Trainer trainer(net.collect_params(), optim::SGD({.learning_rate = 0.1}));
  CHECK(trainer.parameters().size() == 6);
  {
    const autograd::Record recording;
    const Tensor loss = sum(net(x));
    loss.backward();
  }
  Tensor expected = net[1].weight().data().copy();
  expected.array() -= 0.1F / 2 * net[1].weight().grad().array();
  trainer.step(2);
  CHECK((net[1].weight().data().array() - expected.array()).abs().maxCoeff() < 1e-7F);
  CHECK(net[2].weight().data() == net[1].weight().data());
}

TEST_CASE("a parameter that a dictionary has under two names is stepped once") {
  const auto x = toy<double>("x", {1});
  auto twice = dict_of<double>({x});
  twice.insert(dict_of<double>({x}));
  optim::Trainer trainer(twice, optim::SGD({.learning_rate = 1}));
  give_gradient(*x, Tensor<double>{1});
  trainer.step(1);
  CHECK(x->data().item() == 0);
}

TEST_CASE("a stale gradient lists every stale parameter and changes nothing") {
  const auto x = toy<double>("x", {1}), y = toy<double>("y", {1}), z = toy<double>("z", {1});
  optim::Trainer trainer(dict_of<double>({x, y, z}), optim::SGD({.learning_rate = 1}));
  give_gradient(*y, Tensor<double>{1});
  const std::string text = message_of<GradientError>([&] { trainer.step(1); });
  check_says(text, {"'x', 'z'", "stale", "GradReq::null", "ignore_stale"});
  CHECK(text.find("'y'") == std::string::npos);
  CHECK(y->data().item() == 1);
  CHECK(y->has_fresh_grad());
  CHECK(trainer.steps() == 0);
  // Those before x have not lost their freshness, as they do in Gluon.
  trainer.step(1, {.ignore_stale = true});
  CHECK(y->data().item() == 0);
  CHECK(x->data().item() == 1);
  CHECK_FALSE(y->has_fresh_grad());
}

TEST_CASE("the message of a stale gradient has full names and paths") {
  nn::Sequential net{nn::Dense(2, nn::linear, {.in_units = 2})};
  net.initialize();
  optim::Trainer trainer(net.collect_params(), optim::SGD());
  check_says(message_of<GradientError>([&] { trainer.step(1); }),
             {"'dense0_weight' (path 0.weight), 'dense0_bias' (path 0.bias)"});
}

TEST_CASE("a step leaves gradients as they are, so add goes on adding") {
  const auto x = toy<double>("x", {1});
  x->set_grad_req(GradReq::add);
  optim::Trainer trainer(dict_of<double>({x}), optim::SGD({.learning_rate = 1}));
  for (int i = 0; i < 2; ++i) {
    give_gradient(*x, Tensor<double>{1});
    trainer.step(1);
  }
  CHECK(x->data().item() == 1 - 1 - 2);
}

TEST_CASE("freezing leaves a parameter alone and keeps its state") {
  const auto x = toy<double>("x", {0}), y = toy<double>("y", {0});
  optim::Trainer trainer(dict_of<double>({x, y}),
                         optim::SGD({.learning_rate = 1, .momentum = 0.5}));
  const auto step = [&] {
    give_gradient(*y, Tensor<double>{1});
    if (x->grad_req() != GradReq::null) give_gradient(*x, Tensor<double>{1});
    trainer.step(1);
  };
  step();
  x->set_grad_req(GradReq::null);
  step();
  CHECK(x->data().item() == -1);
  CHECK(y->data().item() == -2.5);
  x->set_grad_req(GradReq::write);
  check_says(message_of<GradientError>([&] { trainer.step(1); }), {"'x'"});
  step();
  CHECK(x->data().item() == -2.5);
}

TEST_CASE("a constant is never trained") {
  auto constant = std::make_shared<Parameter<double>>("c", Tensor<double>{1});
  const auto x = toy<double>("x", {1});
  optim::Trainer trainer(dict_of<double>({x, constant}), optim::SGD({.learning_rate = 1}));
  give_gradient(*x, Tensor<double>{1});
  trainer.step(1);
  CHECK(constant->data().item() == 1);
}

TEST_CASE("parameters may wait for their shapes until the first step, not for initialize()") {
  nn::Sequential net{nn::Dense(2)};
  check_says(
      message_of<UninitializedError>([&] { optim::Trainer(net.collect_params(), optim::SGD()); }),
      {"'dense0_weight' (path 0.weight), 'dense0_bias' (path 0.bias)", "net.initialize()"});
  net.initialize();
  optim::Trainer trainer(net.collect_params(), optim::Adam());
  check_says(message_of<DeferredInitializationError>([&] { trainer.step(1); }),
             {"nothing was updated", "'dense0_weight' (path 0.weight)", "forward"});
  {
    const autograd::Record recording;
    const Tensor loss = sum(net(random::uniform({2, 3})));
    loss.backward();
  }
  const Tensor before = net[0].bias().data().copy();
  trainer.step(2);
  CHECK_FALSE(net[0].bias().data() == before);
}

TEST_CASE("no parameters and a batch size below 1 are errors") {
  check_says(message_of<ValueError>([] { optim::Trainer(ParameterDict<>(), optim::SGD()); }),
             {"at least one parameter", "collect_params()"});
  const auto x = toy<float>("x", {1});
  optim::Trainer trainer(dict_of<float>({x}), optim::SGD());
  give_gradient(*x, Tensor<>{1});
  check_says(message_of<ValueError>([&] { trainer.step(0); }), {"batch size", "not 0"});
  CHECK_THROWS_AS(trainer.step(-3), ValueError);
  CHECK(x->has_fresh_grad());
}

// Case 90 of the reference.
TEST_CASE("a schedule decides on the learning rate, which then cannot be set") {
  const auto x = toy<double>("x", {0});
  const optim::StepDecay decay({.every = 2, .factor = 0.1});
  optim::Trainer trainer(dict_of<double>({x}), optim::SGD({.learning_rate = 1, .schedule = decay}));
  CHECK(trainer.learning_rate() == 1);
  double expected = 0;
  for (int step = 0; step < 10; ++step) {
    give_gradient(*x, Tensor<double>{1});
    trainer.step(1);
    CHECK(trainer.learning_rate() == Approx(std::pow(0.1, step / 2)));
    expected -= std::pow(0.1, step / 2);
  }
  CHECK(x->data().item() == Approx(expected));
  check_says(message_of<ValueError>([&] { trainer.set_learning_rate(5); }), {"schedule", "5"});
  CHECK(trainer.learning_rate() == Approx(1e-4));
}

TEST_CASE("without a schedule a learning rate that is set takes effect at the next step") {
  const auto x = toy<double>("x", {0});
  optim::Trainer trainer(dict_of<double>({x}), optim::SGD({.learning_rate = 1}));
  trainer.set_learning_rate(0.25);
  CHECK(trainer.learning_rate() == 0.25);
  give_gradient(*x, Tensor<double>{1});
  trainer.step(1);
  CHECK(x->data().item() == -0.25);
  CHECK_THROWS_AS(trainer.set_learning_rate(-1), ValueError);
  CHECK(trainer.learning_rate() == 0.25);
}

TEST_CASE("a bad factor of a schedule changes nothing") {
  const auto x = toy<double>("x", {0});
  optim::Trainer trainer(dict_of<double>({x}),
                         optim::SGD({.schedule = [](std::uint64_t) { return NAN; }}));
  give_gradient(*x, Tensor<double>{1});
  CHECK_THROWS_AS(trainer.step(1), ValueError);
  CHECK(x->data().item() == 0);
  CHECK(trainer.steps() == 0);
}

// Case 91 of the reference.
TEST_CASE("values that are set between two steps are where the next one starts") {
  const auto x = toy<double>("x", {0});
  optim::Trainer trainer(dict_of<double>({x}), optim::SGD({.learning_rate = 0.1}));
  for (int i = 0; i < 2; ++i) {
    x->set_data(Tensor<double>{0});
    give_gradient(*x, Tensor<double>{1});
    trainer.step(1);
    CHECK(x->data().item() == -0.1);
  }
}

TEST_CASE("check_finite stops before the update, with the name of the parameter") {
  const auto x = toy<double>("x", {1, 1}), y = toy<double>("y", {1, 1});
  optim::Trainer trainer(dict_of<double>({x, y}), optim::SGD(), {}, {.check_finite = true});
  give_gradient(*x, Tensor<double>{1, 1});
  give_gradient(*y, Tensor<double>{1, INFINITY});
  check_says(message_of<GradientError>([&] { trainer.step(1); }),
             {"nothing was updated", "'y'", "inf at position 1", "clip_global_norm"});
  CHECK(x->data() == Tensor<double>{1, 1});
  CHECK(x->has_fresh_grad());
  give_gradient(*y, Tensor<double>{1, 1});
  trainer.step(1);
  CHECK(trainer.steps() == 1);
}

TEST_CASE("a hook is called after every step until it is detached, also after a move") {
  const auto x = toy<double>("x", {0});
  optim::Trainer first(dict_of<double>({x}), optim::SGD({.learning_rate = 0.5}));
  std::vector<double> seen;
  auto handle = first.on_step([&](const optim::StepInfo<double>& info) {
    seen.push_back(static_cast<double>(info.step) + info.learning_rate);
    CHECK(info.batch_size == 2);
    CHECK(info.parameters["x"].data().item() < 0);
  });
  optim::Trainer trainer = std::move(first);
  for (int i = 0; i < 3; ++i) {
    if (i == 2) handle.detach();
    give_gradient(*x, Tensor<double>{1});
    trainer.step(2);
  }
  CHECK(seen == std::vector<double>{1.5, 2.5});
  check_says(message_of<ValueError>([&] { trainer.on_step({}); }), {"hook", "empty"});
}

TEST_CASE("a step counts as a write: a gradient that needs the old values is found") {
  const auto x = toy<double>("x", {2});
  optim::Trainer trainer(dict_of<double>({x}), optim::SGD());
  Tensor<double> square;
  {
    const autograd::Record recording;
    square = x->data() * x->data();
  }
  give_gradient(*x, Tensor<double>{1});
  trainer.step(1);
  check_says(message_of<GradientError>([&] { square.backward(); }), {"'x'"});
}

TEST_CASE("two trainers may train one parameter") {
  const auto x = toy<double>("x", {0});
  optim::Trainer one(dict_of<double>({x}), optim::SGD({.learning_rate = 1}));
  optim::Trainer two(dict_of<double>({x}), optim::SGD({.learning_rate = 2}));
  give_gradient(*x, Tensor<double>{1});
  one.step(1);
  give_gradient(*x, Tensor<double>{1});
  two.step(1);
  CHECK(x->data().item() == -3);
}

TEST_CASE("a Trainer keeps its parameters alive") {
  auto x = toy<double>("x", {0});
  optim::Trainer trainer(dict_of<double>({x}), optim::SGD());
  const std::weak_ptr<Parameter<double>> watch = x;
  give_gradient(*x, Tensor<double>{1});
  x.reset();
  trainer.step(1);
  CHECK_FALSE(watch.expired());
}
