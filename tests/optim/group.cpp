// SPDX-License-Identifier: MIT
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/optim/group.hpp>
#include <parton/optim/sgd.hpp>
#include <parton_test/capture.hpp>

#include "toy.hpp"

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;

namespace {

nn::Sequential<double> two_dense_layers() {
  nn::Sequential net{nn::Dense<double>(2, nn::linear, {.in_units = 3}),
                     nn::Dense<double>(1, nn::linear, {.in_units = 2})};
  net.initialize(init::Constant(1), {.override_own = true});
  return net;
}

/// One step with all gradients 1.
void step_once(const nn::Sequential<double>& net, optim::Trainer<double>& trainer) {
  for (const auto& [name, parameter] : net.collect_params())
    parton_test::give_gradient(parameter, Tensor<double>::full(parameter.shape(), 1.0));
  trainer.step(1);
}

}  // namespace

TEST_CASE("a group overrides options for the parameters of a pattern or a predicate") {
  const auto net = two_dense_layers();
  optim::Trainer trainer(
      net.collect_params(), optim::SGD({.learning_rate = 0.1, .weight_decay = 1}),
      {{".*bias", {.weight_decay = 0}},
       {[](const Parameter<double>& p) { return p.shape().rank() == 2; }, {.learning_rate = 0.2}},
       {"dense1_weight", {.weight_decay = 2.0, .clip_gradient = 0.5}}});
  step_once(net, trainer);
  CHECK(net[0].bias().data()(0) == Approx(1 - 0.1));
  CHECK(net[0].weight().data()(0, 0) == Approx(1 - 0.2 * (1 + 1)));
  CHECK(net[1].weight().data()(0, 0) == Approx(1 - 0.2 * (0.5 + 2)));
}

TEST_CASE("later groups win, option by option") {
  const auto net = two_dense_layers();
  optim::Trainer trainer(
      net.collect_params(), optim::SGD({.learning_rate = 0.1}),
      {{".*bias", {.learning_rate = 0.5, .weight_decay = 1}}, {"dense0", {.learning_rate = 0.25}}});
  step_once(net, trainer);
  CHECK(net[0].bias().data()(0) == Approx(1 - 0.25 * 2));
  CHECK(net[0].weight().data()(0, 0) == Approx(1 - 0.25));
  CHECK(net[1].bias().data()(0) == Approx(1 - 0.5 * 2));
  trainer.set_learning_rate(0.3);  // groups keep theirs
  step_once(net, trainer);
  CHECK(net[1].weight().data()(0, 0) == Approx(1 - 0.1 - 0.3));
  CHECK(net[0].weight().data()(0, 0) == Approx(1 - 0.25 - 0.25));
}

TEST_CASE("a group that selects nothing is an error with the nearest names") {
  const auto net = two_dense_layers();
  const auto with = [&](const optim::Group<double>& group) {
    return [&net, group] {
      optim::Trainer(net.collect_params(), optim::SGD(), {{".*", {}}, group});
    };
  };
  check_says(message_of<KeyError>(with({".*bais", {}})), {"group 2", "'.*bais'", "'bias'"});
  check_says(message_of<KeyError>(with({"dense0_wieght", {}})), {"'dense0_weight'"});
  check_says(message_of<KeyError>(with({[](const Parameter<double>&) { return false; }, {}})),
             {"group 2", "predicate"});
  CHECK_THROWS_AS(with({"(", {}})(), PatternError);
}

TEST_CASE("a group's options are checked") {
  const auto net = two_dense_layers();
  const auto with = [&](const optim::GroupOptions& options) {
    return [&net, options] {
      optim::Trainer(net.collect_params(), optim::SGD(), {{".*bias", options}});
    };
  };
  check_says(message_of<ValueError>(with({.learning_rate = -1})), {"group 1", "learning_rate"});
  check_says(message_of<ValueError>(with({.weight_decay = -1})), {"weight_decay", "-1"});
  check_says(message_of<ValueError>(with({.clip_gradient = -1})), {"clip_gradient"});
}
