// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <limits>
#include <parton/init/lstm_bias.hpp>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;

// Gluon's case 61.
TEST_CASE("LSTMBias is 0 but for the forget gate, the second quarter") {
  CHECK(sample(init::LSTMBias(), {8}) == Tensor{0, 0, 1, 1, 0, 0, 0, 0});
  CHECK(sample<double>(init::LSTMBias(2.5), {4}) == Tensor<double>{0, 2.5, 0, 0});
}

TEST_CASE("LSTMBias needs four gates") {
  CHECK_THAT(message_of([] { sample(init::LSTMBias(), {6}, "lstm0_i2h_bias"); }),
             ContainsSubstring("init::LSTMBias") && ContainsSubstring("'lstm0_i2h_bias'") &&
                 ContainsSubstring("(6,)") && ContainsSubstring("multiple of 4"));
  CHECK_THROWS_AS(sample(init::LSTMBias(), {4, 4}), InitializerError);
  CHECK_THROWS_AS(init::LSTMBias(std::numeric_limits<double>::infinity()), InitializerError);
}

TEST_CASE("LSTMBias dumps as in Gluon") {
  CHECK(init::LSTMBias().dump() == R"(["lstmbias", {"forget_bias": 1.0}])");
  CHECK(init::LSTMBias(0.5).dump() == R"(["lstmbias", {"forget_bias": 0.5}])");
}
