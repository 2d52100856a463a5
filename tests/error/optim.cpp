// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/optim.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a state that does not fit lists what is wrong, and nothing else") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(errors::all_of({"a", "b"}) == "a, b");
  CHECK(
      text(errors::state_does_not_fit({"a", "b"}, {}, {"c"})) ==
      "the state does not fit the Trainer, and nothing was loaded. Missing in the state: a, b. Of "
      "another shape: c. Load it into a Trainer over the same parameters, with the same options");
}
