// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <parton/init/fans.hpp>

using namespace parton;

// Expected: fan_in = shape[1] * k and fan_out = shape[0] * k by hand, k the kernel's size.

TEST_CASE("the fans of a Dense are its width and its units") {
  const init::Fans fans = init::fans({256, 20});
  CHECK(fans.in == 20);
  CHECK(fans.out == 256);
}

TEST_CASE("the fans of a convolution count its kernel") {
  CHECK(init::fans({64, 3, 3, 3}).in == 27);
  CHECK(init::fans({64, 3, 3, 3}).out == 576);
  CHECK(init::fans({8, 4, 5}).in == 20);
  CHECK(init::fans({8, 4, 5}).out == 40);
  CHECK(init::fans({2, 3, 4, 5, 6}).in == 360);
}

TEST_CASE("a shape of rank below 2 has no fans, and the message names the parameter") {
  const std::string text =
      parton_test::message_of([] { (void)init::fans({10}, "Xavier", "dense0_bias"); });
  CHECK_THAT(text, ContainsSubstring("init::Xavier") && ContainsSubstring("'dense0_bias'") &&
                       ContainsSubstring("(10,)") && ContainsSubstring("rank 2"));
  CHECK_THROWS_AS(init::fans({}), InitializerError);
}
