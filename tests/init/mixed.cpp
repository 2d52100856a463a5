// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <parton/init/constant.hpp>
#include <parton/init/mixed.hpp>
#include <parton/init/registry.hpp>
#include <parton/init/uniform.hpp>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;

namespace {

struct Sevens : init::Initializer<> {
  void init_weight(std::string_view, Tensor<>& data, random::Generator&) const override {
    data.fill(7);
  }
};

}  // namespace

TEST_CASE("Mixed takes the first pattern that matches from the start of the name") {
  const init::AnyInitializer<float> mixed = init::Mixed(
      {{".*bias", init::Constant(1)}, {"dense1", init::Constant(2)}, {".*", init::Constant(3)}});
  CHECK(sample(mixed, {1}, "dense1_bias").item() == 1);
  CHECK(sample(mixed, {1}, "dense1_weight").item() == 2);
  CHECK(sample(mixed, {1}, "dense10_weight").item() == 2);  // the end is open
  CHECK(sample(mixed, {1}, "outer_dense1_weight").item() == 3);
}

TEST_CASE("Mixed takes whatever initialize() takes") {
  const init::AnyInitializer<float> mixed = init::Mixed(
      {{"a", init::Constant<double>(1)}, {"b", "ones"}, {"c", Sevens()}, {"d", [](Tensor<>& data) {
                                                                            data.fill(4);
                                                                          }}});
  CHECK(sample(mixed, {1}, "a").item() == 1);
  CHECK(sample(mixed, {1}, "b").item() == 1);
  CHECK(sample(mixed, {1}, "c").item() == 7);
  CHECK(sample(mixed, {1}, "d").item() == 4);
}

TEST_CASE("Mixed of one entry, in braces, or from a vector") {
  CHECK(sample(init::Mixed({{".*", init::One()}}), {1}).item() == 1);
  CHECK(sample(init::Mixed{{".*", init::One()}}, {1}).item() == 1);
  const std::vector<std::pair<std::string, init::AnyInitializer<float>>> entries = {
      {".*", init::One()}};
  CHECK(sample(init::Mixed(entries), {1}).item() == 1);
}

TEST_CASE("Mixed works in nets of other scalars, custom initializers included") {
  const init::AnyInitializer<float> mixed =
      init::Mixed({{"a", init::Constant(0.1)}, {"c", Sevens()}});
  CHECK(sample(mixed.cast<double>(), {1}, "a").item() == 0.1);
  CHECK(sample(mixed.cast<double>(), {1}, "c").item() == 7);
}

TEST_CASE("a parameter that no pattern matches is an error that lists them") {
  CHECK_THAT(message_of([] {
               sample(init::Mixed({{"weight", init::Zero()}, {"bias", init::Zero()}}), {1},
                      "dense0_weight");
             }),
             ContainsSubstring("'dense0_weight'") && ContainsSubstring("'weight', 'bias'"));
  CHECK_THROWS_AS(sample(init::AnyInitializer<float>(init::Mixed<>({})), {1}), InitializerError);
}

TEST_CASE("a bad pattern or an empty initializer is found at once") {
  CHECK_THROWS_AS(init::Mixed({{"(", init::Zero()}}), PatternError);
  CHECK_THAT(message_of([] {
               init::Mixed({{"x", init::AnyInitializer<float>()}});
             }),
             ContainsSubstring("'x'") && ContainsSubstring("empty"));
}

TEST_CASE("Mixed dumps its patterns and initializers") {
  CHECK(init::Mixed({{".*bias", init::Zero()}, {".*", init::Uniform(0.1)}}).dump() ==
        R"(["mixed", {"patterns": [".*bias", ".*"], )"
        R"("initializers": [["zero", {}], ["uniform", {"scale": 0.1}]]}])");
}
