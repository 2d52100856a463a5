// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>

#include <parton/detail/phrase.hpp>
#include <parton_test/catch.hpp>

using parton::detail::Phrase;

TEST_CASE("a phrase is summed up as a std::string is, from either side") {
  const std::string lasting = "L";
  const Phrase kept("K");
  Phrase sum = "a" + Phrase(std::string_view("b")) + "c" + lasting + std::string("d") +
               std::string_view("e") + Phrase("f") + ("g" + Phrase("h"));
  CHECK(sum == "abcLdefgh");
  CHECK(lasting + Phrase("x") == "Lx");
  CHECK(std::string("y") + Phrase("x") == "yx");
  CHECK("a" + kept + "b" == "aKb");
  CHECK(kept + "b" == "Kb");
  CHECK(kept == "K");
  sum += '!';
  const std::string plain = sum;
  CHECK(plain == "abcLdefgh!");
}

TEST_CASE("numbers are phrases with all their digits") {
  CHECK(Phrase::of(-9223372036854775807LL - 1) == "-9223372036854775808");
  CHECK(Phrase::of(18446744073709551615ULL) == "18446744073709551615");
}
