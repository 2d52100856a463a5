// SPDX-License-Identifier: MIT
#include <memory>
#include <string>

#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/reduce.hpp>
#include <parton/optim/adam.hpp>
#include <parton/optim/sgd.hpp>
#include <parton/optim/trainer_state.hpp>
#include <parton/random/random.hpp>
#include <parton_test/capture.hpp>

#include "toy.hpp"

using namespace parton;
using parton_test::check_says;
using parton_test::dict_of;
using parton_test::give_gradient;
using parton_test::message_of;
using parton_test::toy;

namespace {

/// A net, its trainer, and a step of it that is the same each time.
struct Training {
  explicit Training(const optim::Adam& adam = optim::Adam({.learning_rate = 0.1}))
      : trainer(prepared(), adam) {}

  ParameterDict<> prepared() {
    net.initialize({.seed = 5});
    return net.collect_params();
  }
  void step() {
    {
      const autograd::Record recording;
      const Tensor y = net(Tensor{{1.F, -2.F, 3.F}});
      const Tensor loss = sum(y * y);
      loss.backward();
    }
    trainer.step(1);
  }

  nn::Sequential<> net{nn::Dense(4, nn::tanh), nn::Dense(2)};
  optim::Trainer<> trainer;
};

}  // namespace

TEST_CASE("training goes on from a saved state to the bit") {
  Training one, two;
  for (int i = 0; i < 3; ++i) one.step();
  one.trainer.set_learning_rate(0.05);
  const optim::TrainerState<float> state = one.trainer.state_dict();
  CHECK(state.optimizer == "adam");
  CHECK(state.steps == 3);
  CHECK(state.counts.at("0.weight") == 3);
  CHECK(state.tensors.size() == 8);
  CHECK(state.tensors.at("1.bias/exp_avg_sq").shape() == Shape{2});

  // The state that was taken is a copy, and the net's values travel on their own.
  two.step();
  for (const auto& [name, parameter] : two.net.collect_params())
    parameter.set_data(one.net.collect_params()[name].data());
  one.step();
  two.trainer.load_state_dict(state);
  CHECK(two.trainer.learning_rate() == 0.05);
  CHECK(two.trainer.steps() == 3);
  two.step();
  for (const auto& [name, parameter] : two.net.collect_params())
    CHECK(parameter.data() == one.net.collect_params()[name].data());
}

// Case 87 of the reference.
TEST_CASE("a load leaves the multipliers of the parameters as they are") {
  const auto x = toy<double>("x", {0});
  optim::Trainer trainer(dict_of<double>({x}), optim::SGD({.learning_rate = 0.1}));
  trainer.load_state_dict(trainer.state_dict());
  x->set_lr_mult(2);
  give_gradient(*x, Tensor<double>{1});
  trainer.step(1);
  CHECK(x->data().item() == -0.2);
}

TEST_CASE("a state brings the schedule to where it was") {
  const auto x = toy<double>("x", {0});
  const optim::SGD sgd({.learning_rate = 1, .schedule = optim::StepDecay({.every = 2})});
  optim::Trainer one(dict_of<double>({x}), sgd), two(dict_of<double>({x}), sgd);
  for (int i = 0; i < 3; ++i) {
    give_gradient(*x, Tensor<double>{1});
    one.step(1);
  }
  two.load_state_dict(one.state_dict());
  CHECK(two.learning_rate() == one.learning_rate());
  CHECK(two.learning_rate() == 0.1);
}

TEST_CASE("a parameter that was never updated has a count of 0 and no tensors") {
  const auto x = toy<double>("x", {0}), y = toy<double>("y", {0});
  optim::Trainer trainer(dict_of<double>({x, y}), optim::Adam());
  y->set_grad_req(GradReq::null);
  give_gradient(*x, Tensor<double>{1});
  trainer.step(1);
  const auto state = trainer.state_dict();
  CHECK(state.counts.at("y") == 0);
  CHECK(state.tensors.size() == 2);
  optim::Trainer other(dict_of<double>({x, y}), optim::Adam());
  other.load_state_dict(state);
  y->set_grad_req(GradReq::write);
  give_gradient(*x, Tensor<double>{1});
  give_gradient(*y, Tensor<double>{1});
  other.step(1);
  CHECK(y->data().item() == Approx(-0.001));
}

TEST_CASE("a state that does not fit is refused whole, with everything that is wrong") {
  Training training;
  training.step();
  const auto before = training.trainer.state_dict();
  auto state = before;
  state.counts.erase("0.bias");
  state.counts["2.bias"] = 1;
  state.tensors.erase("0.weight/exp_avg");
  state.tensors["0.weight/momentum"] = Tensor{1.F};
  state.tensors["1.weight/exp_avg"] = Tensor<>::zeros({2, 7});
  state.steps = 100;
  check_says(message_of<ValueError>([&] { training.trainer.load_state_dict(state); }),
             {"nothing was loaded", "'0.weight/exp_avg'", "'0.bias'", "'2.bias'",
              "'0.weight/momentum'", "'1.weight/exp_avg' (expected (2, 4), found (2, 7))"});
  const auto after = training.trainer.state_dict();
  CHECK(after.steps == before.steps);
  for (const auto& [key, tensor] : before.tensors) CHECK(after.tensors.at(key) == tensor);
}

TEST_CASE("the state of another optimizer and a bad learning rate are refused") {
  const auto x = toy<double>("x", {0});
  optim::Trainer adam(dict_of<double>({x}), optim::Adam());
  optim::Trainer sgd(dict_of<double>({x}), optim::SGD());
  check_says(message_of<ValueError>([&] { sgd.load_state_dict(adam.state_dict()); }),
             {"'adam'", "'sgd'"});
  auto state = sgd.state_dict();
  state.learning_rate = -1;
  check_says(message_of<ValueError>([&] { sgd.load_state_dict(state); }), {"learning_rate", "-1"});
}

TEST_CASE("two parameters of one path cannot be told apart") {
  nn::Sequential one{nn::Dense(2, nn::linear, {.in_units = 2, .name = "one"})};
  nn::Sequential two{nn::Dense(2, nn::linear, {.in_units = 2, .name = "two"})};
  one.initialize();
  two.initialize();
  auto both = one.collect_params();
  both.insert(two.collect_params());
  optim::Trainer trainer(both, optim::SGD());
  check_says(message_of<NameError>([&] { static_cast<void>(trainer.state_dict()); }),
             {"'0.weight'", "Sequential"});
}

TEST_CASE("the state of a bfloat16 net is float") {
  const auto x = toy<Eigen::bfloat16>("x", Tensor<Eigen::bfloat16>::zeros({3}));
  optim::Trainer trainer(dict_of<Eigen::bfloat16>({x}), optim::Adam());
  give_gradient(*x, Tensor<Eigen::bfloat16>::full({3}, 0.5F));
  trainer.step(1);
  const Tensor<float> mean = trainer.state_dict().tensors.at("x/exp_avg");
  CHECK(mean(2) == Approx(0.05));
}
