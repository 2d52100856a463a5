// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/arrange.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("an index is told what it may be, also where there is nothing") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(text(errors::bad_position("take", "7", 0, 3, 1, "(2, 3)")) ==
        "take: the index 7 is not a whole number from 0 to 2 on axis 1 of the shape (2, 3)");
  CHECK(text(errors::bad_position("take", "7", 0, 0, 1, "(2, 0)")) ==
        "take: the index 7 is out of range: there is nothing on axis 1 of the shape (2, 0)");
}
