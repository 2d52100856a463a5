// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/autograd.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a tensor without a gradient is told how it gets one") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(text(errors::no_gradient_here("(2,)", false)) ==
        "a tensor of shape (2,) has no gradient: call attach_grad() before recording");
  CHECK(
      text(errors::no_gradient_here("(2,)", true)).starts_with("a recorded result of shape (2,)"));
}
