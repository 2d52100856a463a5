// SPDX-License-Identifier: MIT
#include <limits>

#include <parton/init/checks.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("options that must not be negative") {
  CHECK(init::detail::not_negative("Normal", "sigma", 0) == 0);
  CHECK(init::detail::not_negative("Normal", "sigma", 0.5) == 0.5);
  for (const double bad : {-1e-300, -inf, inf, not_a_number})
    CHECK_THROWS_AS(init::detail::not_negative("Normal", "sigma", bad), InitializerError);
  check_says(
      message_of<InitializerError>([] { init::detail::not_negative("Normal", "sigma", -0.25); }),
      {"init::Normal", "sigma", "finite and at least 0", "-0.25"});
}

TEST_CASE("options that must be finite") {
  CHECK(init::detail::finite("Constant", "value", -3) == -3);
  for (const double bad : {inf, -inf, not_a_number})
    CHECK_THROWS_AS(init::detail::finite("Constant", "value", bad), InitializerError);
}

TEST_CASE("options that count") {
  CHECK(init::detail::whole("X", "n", 1e15) == 1000000000000000);
  CHECK(init::detail::whole("X", "n", -2) == -2);
  for (const double bad : {0.5, 1.0000001, 2e15, inf, not_a_number})
    CHECK_THROWS_AS(init::detail::whole("X", "n", bad), InitializerError);
}
