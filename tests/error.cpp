// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("whoever catches parton::Error or std::runtime_error catches every error") {
  CHECK_THROWS_AS(throw errors::shape_overflows("(9,)"), ShapeError);
  CHECK_THROWS_AS(throw errors::shape_overflows("(9,)"), Error);
  CHECK_THROWS_AS(throw errors::cannot_open("a", "b"), std::runtime_error);
}

TEST_CASE("an error says where in the tree it came from, once") {
  FormatError error("bad");
  error.say_where("");
  CHECK(std::string(error.what()) == "bad");
  error.say_where("0.1");
  CHECK(std::string(error.what()) == "bad (path 0.1)");
  error.say_where("0");
  CHECK(std::string(error.what()) == "bad (path 0.1)");
  // A text that has the path already, or one below it.
  ShapeError knows("the block at '0.1' is odd");
  knows.say_where("0");
  CHECK(std::string(knows.what()) == "the block at '0.1' is odd");
}
