// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/random.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("bounds are shown as they were given") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(text(errors::bad_bounds("uniform", 1, -0.5)) ==
        "uniform: low must not be above high, but low is 1 and high is -0.5");
}
