// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/op.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("an unknown name is told which there are") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(text(errors::unknown_activation("rely", {"relu", "tanh"})) ==
        "there is no activation 'rely'; there are relu, tanh, or pass any function of a Tensor");
}
