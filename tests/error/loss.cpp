// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/loss.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a label is told which classes there are") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(text(errors::not_a_class("3", "(0,)", "(1, 3)", 1, 3))
            .ends_with("they are whole numbers from 0 to 2"));
  CHECK(text(errors::not_a_class("3", "(0,)", "(1, 0)", 1, 0)).ends_with("there are none"));
}
