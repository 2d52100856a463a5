// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/init.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("an unknown option is told which there are") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(text(errors::unknown_initializer_option("zero", "sigma", {})) ==
        "the initializer 'zero' has no option 'sigma'; it has none");
  CHECK(text(errors::unknown_initializer_option("normal", "sigm", {"sigma"}))
            .ends_with("it has 'sigma'"));
}
