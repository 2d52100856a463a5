// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <map>
#include <parton/init/constant.hpp>
#include <parton/init/load.hpp>
#include <string>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;

TEST_CASE("Load fills by full name, and others by the default") {
  const Tensor w = {{1, 2}, {3, 4}};
  const init::AnyInitializer<float> load = init::Load({{"dense0_weight", w}}, init::One());
  CHECK(sample(load, {2, 2}, "dense0_weight") == w);
  CHECK(sample(load, {2}, "dense0_bias") == Tensor{1, 1});
}

TEST_CASE("Load takes a map, and serves nets of other scalars") {
  const std::map<std::string, Tensor<double>> values = {{"w", Tensor<double>{0.1, 0.2}}};
  const init::Load load(values);
  CHECK(sample<double>(load, {2}, "w") == values.at("w"));
  CHECK(sample<float>(load, {2}, "w") == Tensor{0.1f, 0.2f});
}

TEST_CASE("a value of another shape is an error with both shapes and the parameter") {
  CHECK_THAT(message_of([] {
               sample(init::Load({{"w", Tensor{1, 2, 3}}}), {1, 3}, "w");
             }),
             ContainsSubstring("init::Load") && ContainsSubstring("'w'") &&
                 ContainsSubstring("(1, 3)") && ContainsSubstring("(3,)"));
}

TEST_CASE("a parameter without value and default is an error with the nearest name") {
  CHECK_THAT(
      message_of([] {
        sample(init::Load({{"dense0_weight", Tensor{1}}}), {1}, "dense0_wieght");
      }),
      ContainsSubstring("'dense0_wieght'") && ContainsSubstring("Did you mean 'dense0_weight'?"));
}

TEST_CASE("Load dumps its values") {
  CHECK(init::Load({{"b", Tensor{{1, 2}}}, {"a", Tensor{0.5f}}}, init::Zero()).dump() ==
        R"(["load", {"params": {"a": [0.5], "b": [[1, 2]]}, "default_init": ["zero", {}]}])");
}
