// SPDX-License-Identifier: MIT
#include <string>

#include <parton/detail/pattern_parser.hpp>
#include <parton_test/catch.hpp>

using parton::detail::PatternFault;
using parton::detail::PatternNode;
using parton::detail::PatternParser;

TEST_CASE("a pattern becomes a tree of its parts") {
  const PatternParser parser("a|[bc]{2,}$");
  const auto& nodes = parser.nodes;
  const PatternNode& choice = nodes[parser.root];
  REQUIRE(choice.kind == PatternNode::choice);
  const PatternNode& first = nodes[choice.first];
  REQUIRE(first.kind == PatternNode::sequence);
  CHECK(parser.sets[nodes[first.first].set].contains('a'));
  const PatternNode& second = nodes[first.sibling];
  CHECK(second.sibling == PatternNode::none);
  const PatternNode& repeat = nodes[second.first];
  REQUIRE(repeat.kind == PatternNode::repeat);
  CHECK(repeat.least == 2);
  CHECK(repeat.most == PatternNode::none);
  const auto& set = parser.sets[nodes[repeat.first].set];
  CHECK((set.contains('b') && set.contains('c') && !set.contains('a')));
  CHECK(nodes[repeat.sibling].kind == PatternNode::line_end);
}

TEST_CASE("what is no pattern is a fault that says why") {
  const auto fault = [](const char* text) -> std::string {
    try {
      PatternParser{text};
      return {};
    } catch (const PatternFault& error) {
      return error.what;
    }
  };
  CHECK(fault("a(b") == "Mismatched '(' and ')' in regular expression");
  CHECK(fault("a{2,1}") == "Invalid range in '{}' in regular expression");
  CHECK(fault("[z-a]") == "Invalid range in bracket expression.");
  CHECK(fault("(a)\\1") == "Unexpected back-reference in polynomial mode.");
  CHECK(fault("a{2}b??|(?:c)").empty());
}
