// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/io.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a name from a file is shown without what would upset a terminal, and cut off") {
  CHECK(errors::shown_name("0.weight") == "'0.weight'");
  CHECK(errors::shown_name(std::string("a\0b\n\x1B\x7F", 6)) == "'a?b" + std::string(3, '?') + "'");
  CHECK(errors::shown_name("\xC3\xA9") == "'\xC3\xA9'");
  CHECK(errors::shown_name(std::string(100, 'a')) == "'" + std::string(100, 'a') + "'");
  CHECK(errors::shown_name(std::string(101, 'a')) == "'" + std::string(100, 'a') + "...'");
  // Not within a character: the last byte that fits is the first one of an e with an accent.
  CHECK(errors::shown_name(std::string(99, 'a') + "\xC3\xA9").ends_with("a\xC3...'"));
}

TEST_CASE("a place in a file is told by file, tensor and byte") {
  CHECK(errors::at({"f", "t", 7}) == "the file 'f', tensor 't', byte 7: ");
  CHECK(errors::at({"f", "", 0}) == "the file 'f', byte 0: ");
}

TEST_CASE("a hole and an overlap are told apart") {
  const errors::FilePlace place{"f", "t", 0};
  CHECK(std::string(errors::hole_or_overlap(place, 8, 4).what())
            .ends_with("overlap those of another tensor"));
  CHECK(std::string(errors::hole_or_overlap(place, 4, 8).what())
            .ends_with("a hole that no tensor uses"));
}
