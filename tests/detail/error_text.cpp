// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <parton/detail/error_text.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a list of eight names or more is told by its beginning and end") {
  std::vector<std::string> names = {"a", "b", "c", "d", "e", "f", "g"};
  CHECK(detail::brief_list({}).empty());
  CHECK(detail::brief_list(names) == "'a', 'b', 'c', 'd', 'e', 'f', 'g'");
  names.push_back("h");
  CHECK(detail::brief_list(names) == "'a', 'b', 'c', ..., 'e', 'f', 'g', 'h'");
  CHECK(detail::did_you_mean({}).empty());
  CHECK(detail::did_you_mean({"a"}) == " Did you mean 'a'?");
}

TEST_CASE("numbers and places are shown as a reader writes them") {
  CHECK(errors::shown(0.1) == "0.1");
  CHECK(errors::shown(-1e300) == "-1e+300");
  CHECK(errors::place_in_tree("") == "the outermost block");
  CHECK(errors::place_in_tree("0.a") == "'0.a'");
}
