// SPDX-License-Identifier: MIT
#include <cctype>

#include <parton/detail/character_set.hpp>
#include <parton_test/catch.hpp>

using parton::detail::add_class;
using parton::detail::add_equivalents;
using parton::detail::CharacterSet;
using parton::detail::named_character;

// The classes of <cctype> are those of the locale "C", which is the program's unless it says else.
TEST_CASE("classes are those of <cctype>, whatever the case of their names") {
  CharacterSet alpha, digit, word, not_space;
  CHECK(add_class(alpha, "ALPHA", false));
  CHECK(add_class(digit, "d", false));
  CHECK(add_class(word, "w", false));
  CHECK(add_class(not_space, "S", true));
  for (int i = 0; i < 256; ++i) {
    const auto c = static_cast<char>(i);
    CAPTURE(i);
    CHECK(alpha.contains(c) == (std::isalpha(i) != 0));
    CHECK(digit.contains(c) == (std::isdigit(i) != 0));
    CHECK(word.contains(c) == (std::isalnum(i) != 0 || c == '_'));
    CHECK(not_space.contains(c) == (std::isspace(i) == 0));
  }
  CHECK_FALSE(add_class(alpha, "alphas", false));
  CHECK_FALSE(add_class(alpha, "", false));
}

// POSIX.1-2017, XBD 6.1; the codes are those of ASCII.
TEST_CASE("characters have the names of POSIX") {
  CHECK(named_character("NUL") == 0);
  CHECK(named_character("tab") == '\t');
  CHECK(named_character("space") == ' ');
  CHECK(named_character("hyphen") == '-');
  CHECK(named_character("nine") == '9');
  CHECK(named_character("commercial-at") == '@');
  CHECK(named_character("Z") == 'Z');
  CHECK(named_character("underscore") == '_');
  CHECK(named_character("grave-accent") == '`');
  CHECK(named_character("q") == 'q');
  CHECK(named_character("left-curly-bracket") == '{');
  CHECK(named_character("DEL") == 127);
  for (const char* name : {"", "-", "9", "Hyphen", "NUL SOH", "~"})
    CHECK(named_character(name) == -1);
}

TEST_CASE("equivalent characters differ by their case alone") {
  CharacterSet set;
  add_equivalents(set, 'b');
  for (int i = 0; i < 256; ++i) CHECK(set.contains(static_cast<char>(i)) == (i == 'b' || i == 'B'));
  set.flip();
  CHECK_FALSE(set.contains('B'));
  CHECK(set.contains('\xff'));
}
