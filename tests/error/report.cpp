// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/report.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a range that is none is shown") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(
      text(errors::histogram_range(2, 1)) ==
      "histogram: low and high must be finite and low not above high, but low is 2 and high is 1");
}
