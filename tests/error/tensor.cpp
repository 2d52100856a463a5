// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/tensor.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("an axis is told the shape that lacks it") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(text(errors::axis_out_of_range(-3, "(2, 2)")) ==
        "axis -3 is out of range for the shape (2, 2)");
}
