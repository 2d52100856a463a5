// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/parameter.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a tie that shares nothing says what it was given") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(text(errors::nothing_to_tie("Dense", {})).find("parameters (it is empty) has a key") !=
        std::string::npos);
  CHECK(text(errors::nothing_to_tie("Dense", {"a"})).find("parameters ('a') has") !=
        std::string::npos);
}
