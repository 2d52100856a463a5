// SPDX-License-Identifier: MIT
#include <sstream>
#include <string>

#include <parton/init/constant.hpp>
#include <parton/init/normal.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/random/random.hpp>
#include <parton/report/explain.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("explain tells which rule filled each parameter, and why a bias stayed 0") {
  nn::Sequential net{
      nn::Dense(3, nn::relu, {.in_units = 2}),
      nn::Dense(2, nn::linear, {.in_units = 3, .weight_initializer = init::Normal(0.5)})};
  net.initialize(init::Constant(1));
  const auto rows = explain(net).rows;
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].name == "dense0_weight");
  CHECK(rows[0].source == FillSource::net_rule);
  CHECK(rows[0].rule == "[\"constant\", {\"value\": 1}]");
  CHECK(rows[1].source == FillSource::own_rule);
  CHECK(rows[1].rule == "[\"zero\", {}]");
  CHECK(rows[2].source == FillSource::own_rule);
  CHECK(rows[2].rule == "[\"normal\", {\"sigma\": 0.5}]");

  net[0].weight().initialize(init::Normal(1), {.force_reinit = true});
  net[0].bias().set_data({1, 2, 3});
  const auto later = explain(net).rows;
  CHECK(later[0].source == FillSource::parameter_rule);
  CHECK(later[1].source == FillSource::set_data);
  CHECK(later[1].rule.empty());
}

TEST_CASE("explain tells what waits for its shape and what nobody initialized") {
  nn::Sequential net{nn::Dense(3)};
  CHECK(explain(net).rows.at(0).source == FillSource::none);
  net.initialize();
  const auto rows = explain(net).rows;
  CHECK(rows[0].waiting);
  CHECK(rows[0].source == FillSource::default_rule);
  CHECK_FALSE(rows[1].waiting);
}

TEST_CASE("explain prints one line a parameter, in columns") {
  nn::Sequential net{nn::Dense(3, nn::linear, {.in_units = 2})};
  net.initialize(init::Constant(1));
  std::ostringstream os;
  os << explain(net);
  CHECK(os.str() ==
        "dense0_weight (3, 2)  [\"constant\", {\"value\": 1}]  given to net.initialize()\n"
        "dense0_bias (3,)      [\"zero\", {}]                its own initializer, which beats "
        "that of net.initialize()\n");
}
