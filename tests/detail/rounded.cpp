// SPDX-License-Identifier: MIT
#include <parton/detail/rounded.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

// (1 + 2^-27)^2 - 1 = 2^-26 + 2^-54 exactly; the product rounded to double first loses the 2^-54,
// a fused operation keeps it.
TEST_CASE("a product is rounded before it is added, with FMA too") {
  const double a = 1 + 0x1p-27;
  CHECK(detail::rounded_product(a, a) - 1 == 0x1p-26);
  const double from[] = {a, a, a, a, a};
  double to[5] = {}, sum[5] = {};
  detail::rounded_products(from, from, to, 5);
  for (int i = 0; i < 5; ++i) sum[i] = to[i] - 1;
  for (const double x : sum) CHECK(x == 0x1p-26);
  detail::rounded_products(from, a, to, 5);
  for (int i = 0; i < 5; ++i) sum[i] = to[i] - 1;
  for (const double x : sum) CHECK(x == 0x1p-26);
}
