// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <limits>

#include <Eigen/Core>

#include <parton/autograd/mode.hpp>
#include <parton/init/constant.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/reduce.hpp>
#include <parton/report/statistics.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using parton_test::printed;

// By hand: mean 2, deviation sqrt((4 + 1 + 1 + 4) / 4).
TEST_CASE("statistics of a tensor are its moments, extremes, norm and zeros") {
  const Statistics s = statistics(Tensor{{0, 1}, {3, 4}});
  CHECK(s.size == 4);
  CHECK(s.finite() == 4);
  CHECK(s.zeros == 1);
  CHECK(s.zero_share() == 0.25);
  CHECK(s.mean == 2);
  CHECK(s.deviation == Approx(std::sqrt(2.5)));
  CHECK(s.min == 0);
  CHECK(s.max == 4);
  CHECK(s.norm == Approx(std::sqrt(26.0)));
  CHECK(printed(s) == "mean 2, deviation 1.581, from 0 to 4, norm 5.099, zero 25.0%");
}

TEST_CASE("statistics count NaN and Inf and leave them out of all else") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  const Statistics s = statistics(Tensor{nan, 1.f, -inf, 3.f, inf, nan, nan});
  CHECK(s.nan == 3);
  CHECK(s.inf == 2);
  CHECK(s.finite() == 2);
  CHECK(s.mean == 2);
  CHECK(s.deviation == 1);
  CHECK(s.min == 1);
  CHECK(s.max == 3);
  CHECK(printed(s) == "mean 2, deviation 1, from 1 to 3, norm 3.162, zero 0.0%, 3 NaN, 2 Inf");
  CHECK(printed(statistics(Tensor{nan, inf})) == "no finite values, 1 NaN, 1 Inf");
  CHECK(std::isnan(statistics(Tensor{nan}).mean));
}

TEST_CASE("statistics of an empty tensor have no moments, those of a scalar and a constant do") {
  const Statistics empty = statistics(Tensor<>::zeros({0, 3}));
  CHECK(empty.size == 0);
  CHECK(empty.zero_share() == 0);
  CHECK(std::isnan(empty.mean));
  CHECK(printed(empty) == "no finite values");
  CHECK(statistics(Tensor<>::full({}, 3)).mean == 3);
  const Statistics constant = statistics(Tensor<>::full({1000}, 0.1f));
  CHECK(constant.mean == static_cast<double>(0.1f));
  CHECK(constant.deviation == 0);
  CHECK_THROWS_AS(statistics(Tensor<>::shape_only({2})), Error);
}

TEST_CASE("statistics accumulate in double, far from zero and at the ends of its range") {
  // In float the squares of these would hide their spread.
  Tensor far = Tensor<>::full({100000}, 4096);
  for (Index i = 0; i < far.size(); i += 2) far(i) = 4097;
  CHECK(statistics(far).mean == 4096.5);
  CHECK(statistics(far).deviation == Approx(0.5));
  for (const double unit : {1e308, 1e-310}) {
    const Statistics s = statistics(Tensor<double>{unit, -unit, unit, unit});
    CHECK(s.mean == Approx(unit / 2));
    CHECK(s.deviation / unit == Approx(std::sqrt(0.75)));
    CHECK(std::isinf(s.norm) == (unit > 1));  // 2e308 is beyond double
  }
}

TEST_CASE("statistics take integers, masks, half and Eigen's matrices") {
  CHECK(statistics(Tensor<std::int64_t>{1, 2, 3}).mean == 2);
  CHECK(statistics(Tensor<bool>{true, false}).zeros == 1);
  CHECK(statistics(Tensor<Eigen::half>::full({3000}, 1)).norm == Approx(std::sqrt(3000.0)));
  CHECK(statistics(Eigen::MatrixXd::Identity(4, 4)).zero_share() == 0.75);
}

TEST_CASE("statistics of a net tell data of what is initialized and grad where there is one") {
  nn::Sequential net{nn::Dense(2, nn::relu, {.in_units = 3}), nn::Dense(1)};
  for (const auto& row : statistics(net).rows) CHECK_FALSE(row.data);
  net.initialize(init::Constant(0.5));
  const StatisticsTable waiting = statistics(net.collect_params());
  REQUIRE(waiting.rows.size() == 4);
  CHECK(waiting.rows[0].data->mean == 0.5);
  CHECK_FALSE(waiting.rows[0].grad);
  CHECK_FALSE(net[0].weight().has_grad());  // looking made none
  CHECK(waiting.rows[2].state == ParameterState::declared);
  CHECK(waiting.rows[2].waiting);
  CHECK_FALSE(waiting.rows[2].data);

  {
    autograd::Record recording;
    sum(net(Tensor{{1, 2, 3}})).backward();
  }
  net[1].bias().set_grad_req(GradReq::null);
  const auto rows = statistics(net).rows;
  CHECK(rows[0].name == "dense0_weight");
  CHECK(rows[0].layer == "dense0");
  CHECK(rows[0].key == "weight");
  CHECK(rows[0].grad->max == 1.5);
  CHECK(rows[2].grad->mean == 3);
  CHECK_FALSE(rows[3].grad);
}

TEST_CASE("statistics print as an aligned table, layer by layer") {
  nn::Sequential net{nn::Dense(2, nn::linear, {.in_units = 3}), nn::Dense(10)};
  CHECK(printed(statistics(net.collect_params(".*0_bias"))) ==
        "             mean  deviation  min  max  norm  zero  NaN  Inf\n"
        "dense0\n"
        "  bias (2,)  is not initialized\n");
  net.initialize(init::Constant(-0.125));
  static_cast<void>(net[0].weight().grad());
  net[0].bias().data()(0) = std::numeric_limits<float>::quiet_NaN();
  CHECK(printed(statistics(net)) ==
        "                     mean  deviation     min     max    norm    zero  NaN  Inf\n"
        "dense0\n"
        "  weight (2, 3)    -0.125          0  -0.125  -0.125  0.3062    0.0%    0    0\n"
        "    grad                0          0       0       0       0  100.0%    0    0\n"
        "  bias (2,)             0          0       0       0       0   50.0%    1    0\n"
        "dense1\n"
        "  weight (10, -1)  waits for its shape\n"
        "  bias (10,)            0          0       0       0       0  100.0%    0    0\n");
  net[0].bias().data()(1) = std::numeric_limits<float>::infinity();
  parton_test::check_says(printed(statistics(net)), {"bias (2,)             -          -"});
}

TEST_CASE("statistics of a parameter of no net stand under its own name") {
  Parameter<> lone("gain", {.shape = Shape{2}});
  lone.initialize(init::Constant(2));
  const ParameterStatistics row = statistics(lone);
  CHECK(row.layer.empty());
  CHECK(row.name == "gain");
  CHECK(printed(StatisticsTable{{row}}) ==
        "           mean  deviation  min  max   norm  zero  NaN  Inf\n"
        "gain (2,)     2          0    2    2  2.828  0.0%    0    0\n");
}
