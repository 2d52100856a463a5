// SPDX-License-Identifier: MIT
#include <parton_test/catch.hpp>

#include <cstdint>
#include <limits>
#include <parton/init/detail/planned.hpp>
#include <parton/init/identity.hpp>
#include <parton/init/load.hpp>
#include <parton/init/lstm_bias.hpp>
#include <parton/init/mixed.hpp>
#include <parton/init/normal.hpp>
#include <parton/init/orthogonal.hpp>
#include <parton/init/sparse.hpp>
#include <parton/init/uniform.hpp>
#include <parton/init/xavier.hpp>
#include <parton/parameter/parameter.hpp>

using namespace parton;
using init::detail::Planned;

// Drawing at once, into zeros, is what Initializer::init_weight says; planning must not differ.
TEST_CASE("what is planned is what drawing at once gives, and so is the generator after it") {
  struct Case {
    init::AnyInitializer<float> initializer;
    Shape shape;
    bool plan;  // whether all elements are treated alike
  };
  const Case cases[] = {
      {init::Uniform(), {3, 5}, true},
      {init::Uniform(1, 1), {3, 5}, true},
      {init::Normal(), {3, 5}, true},
      {init::TruncatedNormal(), {3, 5}, true},
      {init::Xavier({.rnd_type = init::gaussian}), {3, 5}, true},
      {init::Constant(42), {3, 5}, true},
      {init::Constant(Tensor<>{1, 2, 3, 4, 5}), {3, 5}, false},
      {init::Zero(), {3, 5}, true},
      {init::One(), {0, 5}, true},
      {init::Mixed({{".*", init::One()}}), {3, 5}, true},
      {init::Sparse(0.5), {4, 3}, false},
      {init::Identity(), {3, 3}, false},
      {init::Orthogonal(), {3, 3}, false},
      {init::LSTMBias(), {8}, false},
      // A custom rule is handed zeros.
      {init::Mixed({{".*", [](std::string_view, Tensor<float>& data,
                              random::Generator&) { data(0, 1) = 7; }}}),
       {3, 5},
       false},
  };
  for (const Case& one : cases) {
    INFO(one.initializer->dump());
    random::Generator rng(5, 6), expected_rng(5, 6);
    Tensor<float> expected = Tensor<float>::zeros(one.shape);
    one.initializer->init_weight("weight", expected, expected_rng);

    Planned<float> planned(one.shape);
    one.initializer->rule()->fill("weight", planned, rng);
    CHECK(planned.plan().has_value() == one.plan);
    if (planned.plan()) {
      // Over what was there before.
      Tensor<float> values =
          Tensor<float>::full(one.shape, std::numeric_limits<float>::quiet_NaN());
      planned.plan()->write(values.span());
      CHECK(values == expected);
    }
    CHECK(planned.take_values() == expected);
    CHECK(rng == expected_rng);
  }
}

TEST_CASE("what a plan sets before it sets elements is kept") {
  Planned<double> planned({2, 2});
  CHECK(planned.plan().has_value());
  planned.fill(3);
  planned.set(2, 4);
  CHECK(!planned.plan());
  planned.fill(5);
  CHECK(planned.plan().has_value());
  planned.set(0, 6);
  CHECK(planned.take_values() == Tensor<double>{{6, 5}, {5, 5}});
}

TEST_CASE("a plan that cannot be carried out is refused when it is made") {
  random::Generator rng(1);
  Planned<float> planned({2});
  CHECK_THROWS_AS(planned.uniform(rng, 1, 0), ValueError);
  CHECK_THROWS_AS(planned.uniform(rng, -1e300, 0), ValueError);
  CHECK_THROWS_AS(planned.normal(rng, 1e38), ValueError);
  CHECK_THROWS_AS(planned.truncated_normal(rng, -1, 1), ValueError);
  CHECK(rng == random::Generator(1));
}

TEST_CASE("values are drawn in place, at first and again") {
  Parameter<float> parameter("weight", {4, 4});
  parameter.initialize(init::Uniform(), {.seed = 3});
  const Tensor<float> first = parameter.data().copy();
  const float* const place = parameter.data().data();
  parameter.initialize(init::Normal(), {.force_reinit = true, .seed = 3});
  CHECK(!(parameter.data() == first));
  parameter.initialize(init::Uniform(), {.force_reinit = true, .seed = 3});
  CHECK(parameter.data() == first);
  CHECK(parameter.data().data() == place);
}
