// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/window.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a window that does not fit is told how far it reaches") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(text(errors::window_does_not_fit("conv2d", "height", 3, 5, "(1, 1, 3, 3)")) ==
        "conv2d: the height of the input of shape (1, 1, 3, 3) is 3 with its padding, but a window "
        "reaches over 5: pad more, or make kernel or dilation smaller");
}
