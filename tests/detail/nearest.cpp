// SPDX-License-Identifier: MIT
#include <parton/detail/nearest.hpp>
#include <parton_test/catch.hpp>
#include <string>
#include <vector>

using parton::detail::edit_distance;
using parton::detail::nearest_names;

// Distances counted by hand.
TEST_CASE("the distance counts insertions, deletions, replacements and swaps") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("weight", "weight") == 0);
  CHECK(edit_distance("wieght", "weight") == 1);
  CHECK(edit_distance("wight", "weight") == 1);
  CHECK(edit_distance("weigth", "height") == 2);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest names come first, three at most, none far off") {
  const std::vector<std::string> names = {"normal", "xavier", "zero", "one", "ones"};
  CHECK(nearest_names("xaviar", names) == std::vector<std::string>{"xavier"});
  CHECK(nearest_names("ons", names) == std::vector<std::string>{"one", "ones"});
  CHECK(nearest_names("something_else", names).size() <= 1);
  CHECK(nearest_names("a", std::vector<std::string>(9, "b")).size() == 3);
  CHECK(nearest_names("x", {}).empty());
}

TEST_CASE("a name of any length is compared by its beginning") {
  CHECK(nearest_names(std::string(10000000, 'x'), {"xavier"}).empty());
}
