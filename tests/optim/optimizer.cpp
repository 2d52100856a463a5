// SPDX-License-Identifier: MIT
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <parton/optim/optimizer.hpp>
#include <parton_test/capture.hpp>

#include "toy.hpp"

using namespace parton;
using parton_test::check_says;
using parton_test::give_gradient;
using parton_test::message_of;

namespace {

/// The docstring's own optimizer.
struct SignSGD : optim::Optimizer<> {
  explicit SignSGD(double rate) : Optimizer({.learning_rate = rate, .clip_gradient = 0.5}) {}
  void update(const optim::Update<>& u) override {
    u.data.array() -= static_cast<float>(u.learning_rate) * u.rescaled_gradient().sign();
  }
};

/// Adds up what it is given, in a state tensor.
struct Summing : optim::Optimizer<double> {
  Summing() : Optimizer({.learning_rate = 1, .weight_decay = 0.25, .clip_gradient = 3}) {}
  void update(const optim::Update<double>& u) override {
    u.state[0].array() += u.rescaled_gradient();
    u.data.assign(u.state[0] * u.learning_rate);
    seen.push_back(u.parameter.name() + std::to_string(u.count));
    CHECK_FALSE(autograd::is_recording());
  }
  [[nodiscard]] std::vector<std::string> state_names() const override { return {"total"}; }
  [[nodiscard]] double initial_state(std::size_t) const override { return 10; }
  std::vector<std::string> seen;
};

}  // namespace

TEST_CASE("an own optimizer is a class with an update, copied when handed over") {
  const auto w = parton_test::toy<float>("w", {1, 2, 3});
  optim::Trainer trainer(parton_test::dict_of<float>({w}), SignSGD(0.5));
  give_gradient<float>(*w, {-7, 0, 0.125F});
  trainer.step(4);
  CHECK(w->data() == Tensor{1.5F, 2.F, 2.5F});
}

TEST_CASE("an own optimizer keeps named state tensors and is told count, rescale and clip") {
  const auto optimizer = std::make_shared<Summing>();
  const auto w = parton_test::toy<double>("w", {1, 2});
  optim::Trainer trainer(parton_test::dict_of<double>({w}), optimizer);
  for (int i = 0; i < 2; ++i) {
    give_gradient<double>(*w, {1, -100});
    const autograd::Record recording;  // a step inside of it is not recorded
    trainer.step(2);
  }
  CHECK(w->data() == Tensor<double>{11, 4});
  CHECK(optimizer->seen == std::vector<std::string>{"w1", "w2"});
  CHECK(trainer.state_dict().optimizer == "summing");
  CHECK(trainer.state_dict().tensors.at("w/total") == Tensor<double>{11, 4});
}

TEST_CASE("a rescaled gradient keeps NaN, and without a clip infinity") {
  const auto w = parton_test::toy<float>("w", {1, 2});
  Tensor<> data = w->data(), gradient{NAN, INFINITY};
  const optim::Update<float> update{*w, data, gradient, {}, 1, 0.5, 1, 0, 0};
  const Eigen::ArrayXf g = update.rescaled_gradient();
  CHECK(std::isnan(g(0)));
  CHECK(std::isinf(g(1)));
}

TEST_CASE("a null pointer is no optimizer, and an own one's options are checked") {
  const auto w = parton_test::toy<float>("w", {1});
  check_says(message_of<ValueError>([&] {
               optim::Trainer(parton_test::dict_of<float>({w}), std::shared_ptr<SignSGD>());
             }),
             {"null pointer", "optim::SGD"});
  check_says(message_of<ValueError>([] { SignSGD(-1); }), {"learning_rate", "-1"});
}
