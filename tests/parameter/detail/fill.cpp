// SPDX-License-Identifier: MIT
#include <parton/parameter/detail/fill.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE(
    "What fills a parameter for want of a rule is Gluon's Uniform(0.07), one object for all") {
  const auto& rule = detail::default_rule<float>();
  CHECK(rule->dump() == "[\"uniform\", {\"scale\": 0.07}]");
  CHECK(&rule == &detail::default_rule<float>());
}

TEST_CASE("A filling that was not decided has no rule, and one that was not drawn no memory") {
  const detail::Fill<double> fill{};
  CHECK_FALSE(fill.rule);
  CHECK(fill.source == FillSource::none);
  const detail::Drawn<double> drawn;
  CHECK((!drawn.plan && !drawn.leaf && !drawn.past));
  CHECK(drawn.values.size() == 0);
}
