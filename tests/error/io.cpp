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
  CHECK(errors::shown_name(std::string(99, 'a') + "\xC3\xA9") ==
        "'" + std::string(99, 'a') + "...'");
  CHECK(errors::shown_name(std::string(98, 'a') + "\xC3\xA9z") ==
        "'" + std::string(98, 'a') + "\xC3\xA9...'");
  // U+009B begins a command as ESC [ does.
  CHECK(errors::shown_name("a\xC2\x9B"
                           "2Jb\xC2\xA9") == "'a?2Jb\xC2\xA9'");
}

TEST_CASE("a place in a file is told by file, tensor and byte") {
  CHECK(errors::at({"f", "t", 7}) == "the file 'f', tensor 't', byte 7: ");
  CHECK(errors::at({"f", "", 0}) == "the file 'f', byte 0: ");
}

TEST_CASE("what can only be held as infinity, and options that select nothing, name the way out") {
  CHECK(
      std::string(errors::too_large_to_write("t", 5, -1e6, "float16").what()) ==
      "the tensor 't' has -1e+06 as element 5, which float16 can only hold as infinity: bound the "
      "values, or choose a wider .dtype for the file");
  CHECK(std::string(errors::too_large_to_read("f", "t", 5, 1e39, "float32").what()) ==
        "the file 'f': the tensor 't' has 1e+39 as element 5, which float32 can only hold as "
        "infinity: read it as a wider scalar, or bound the values where the file was made");
  CHECK(std::string(errors::option_selects_nothing("select", "weight", {"0.weight"}).what()) ==
        ".select selects no parameter: the pattern 'weight' must match a path from its start, as "
        "'.*bias' matches '0.bias', and the net has '0.weight'");
}

TEST_CASE("a hole and an overlap are told apart") {
  const errors::FilePlace place{"f", "t", 0};
  CHECK(std::string(errors::hole_or_overlap(place, 8, 4).what())
            .ends_with("overlap those of another tensor"));
  CHECK(std::string(errors::hole_or_overlap(place, 4, 8).what())
            .ends_with("a hole that no tensor uses"));
}
