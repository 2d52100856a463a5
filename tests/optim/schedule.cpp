// SPDX-License-Identifier: MIT
#include <cmath>
#include <functional>
#include <vector>

#include <parton/optim/schedule.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;

namespace {

/// The factors of steps 1 to n.
std::vector<double> factors(const optim::Schedule& schedule, std::uint64_t n) {
  std::vector<double> result;
  for (std::uint64_t step = 1; step <= n; ++step) result.push_back(schedule(step));
  return result;
}

void check_close(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    CHECK(found[i] == Approx(expected[i]).margin(1e-15));
}

}  // namespace

TEST_CASE("no schedule is a constant rate") {
  CHECK_FALSE(optim::Schedule());
  check_close(factors({}, 3), {1, 1, 1});
}

// Section 8 of the reference: step 2, factor 0.1.
TEST_CASE("StepDecay is Gluon's FactorScheduler") {
  check_close(factors(optim::StepDecay({.every = 2, .factor = 0.1}), 6),
              {1, 1, 0.1, 0.1, 0.01, 0.01});
  check_close(factors(optim::StepDecay({.every = 1, .factor = 0.5, .lowest = 0.2}), 5),
              {1, 0.5, 0.25, 0.2, 0.2});
}

TEST_CASE("MultiStep changes the rate after each milestone") {
  check_close(factors(optim::MultiStep({.at = {2, 3}, .factor = 0.5}), 5), {1, 1, 0.5, 0.25, 0.25});
}

TEST_CASE("Cosine goes down along half a cosine and stays") {
  const double low = 0.1, at_1 = low + 0.9 * (1 + std::cos(std::acos(-1.0) / 4)) / 2;
  check_close(factors(optim::Cosine({.steps = 4, .lowest = low}), 7),
              {1, at_1, 0.55, 1.1 - at_1, low, low, low});
}

TEST_CASE("WarmUp rises to the full rate and hands over to another schedule") {
  check_close(factors(optim::WarmUp({.steps = 4}), 6), {0.25, 0.5, 0.75, 1, 1, 1});
  check_close(factors(optim::WarmUp({.steps = 2, .begin = 0.5},
                                    optim::StepDecay({.every = 2, .factor = 0.1})),
                      6),
              {0.75, 1, 1, 1, 0.1, 0.1});
}

TEST_CASE("an own function is a schedule; what it gives is checked") {
  check_close(factors([](double step) { return 1 / step; }, 3), {1, 0.5, 1.0 / 3});
  const optim::Schedule bad = [](std::uint64_t step) { return step == 2 ? -1.0 : 1.0; };
  CHECK(bad(1) == 1);
  check_says(message_of<ValueError>([&] { static_cast<void>(bad(2)); }),
             {"step 2", "-1", "nothing was updated"});
  CHECK_THROWS_AS(optim::Schedule([](double) { return INFINITY; })(1), ValueError);
  check_says(message_of<ValueError>([] { optim::Schedule(std::function<double(double)>()); }),
             {"schedule", "empty"});
}

TEST_CASE("the options of schedules are checked when they are made") {
  check_says(message_of<ValueError>([] { optim::StepDecay({.every = 0}); }), {"StepDecay: every"});
  check_says(message_of<ValueError>([] { optim::StepDecay({.factor = -1}); }), {"factor", "-1"});
  check_says(message_of<ValueError>([] { optim::StepDecay({.lowest = NAN}); }), {"lowest"});
  check_says(message_of<ValueError>([] {
               optim::MultiStep({.at = {5, 5}});
             }),
             {"MultiStep", "5 follows 5"});
  check_says(message_of<ValueError>([] { optim::MultiStep({.at = {0}}); }), {"at least 1"});
  check_says(message_of<ValueError>([] { optim::Cosine({.steps = 0}); }), {"Cosine: steps"});
  check_says(message_of<ValueError>([] { optim::WarmUp({.steps = 0}); }), {"WarmUp: steps"});
  check_says(message_of<ValueError>([] { optim::WarmUp({.begin = -1}); }), {"WarmUp: begin"});
}
