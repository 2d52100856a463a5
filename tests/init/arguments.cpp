// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <parton/init/arguments.hpp>

using namespace parton;
using parton_test::message_of;
using Kind = init::Arguments::Value::Kind;

TEST_CASE("an option that is not given has its default") {
  const init::Arguments none("rule");
  CHECK(none.rule() == "rule");
  CHECK(none.number("sigma", 0.5) == 0.5);
  CHECK(none.text("type", "uniform") == "uniform");
  CHECK(none.flag("symmetric", true));
  CHECK_FALSE(none.has("sigma"));
}

TEST_CASE("an option that is given is read as what it is") {
  init::Arguments arguments("rule");
  arguments.set("n", {.number = 3});
  arguments.set("t", {.kind = Kind::text, .text = "abc"});
  arguments.set("inf", {.kind = Kind::text, .text = "-Infinity"});
  arguments.set("l", {.kind = Kind::texts, .texts = {"a", "b"}});
  arguments.set("a", {.kind = Kind::array, .array = Tensor<double>{1, 2}});
  arguments.set("o", {.kind = Kind::arrays, .arrays = {{"x", Tensor<double>{1}}}});
  CHECK(arguments.has("n"));
  CHECK(arguments.number("n", 0) == 3);
  CHECK(arguments.text("t", "") == "abc");
  CHECK(arguments.number("inf") == -std::numeric_limits<double>::infinity());
  CHECK(arguments.texts("l") == std::vector<std::string>{"a", "b"});
  CHECK(arguments.array("a") == Tensor<double>{1, 2});
  CHECK(arguments.array("n").shape() == Shape{});
  CHECK(arguments.arrays("o").at(0).first == "x");
  CHECK_NOTHROW(arguments.check_all_asked_for());
}

TEST_CASE("an option of the wrong kind is an error that names rule, option and both kinds") {
  init::Arguments arguments("normal");
  arguments.set("sigma", {.kind = Kind::text, .text = "big"});
  arguments.set("mode", {.number = 1});
  arguments.set("flag", {.number = 2});
  CHECK_THAT(message_of([&] { (void)arguments.number("sigma", 1); }),
             ContainsSubstring("normal: sigma must be a number, not a text"));
  CHECK_THAT(message_of([&] { (void)arguments.text("mode", ""); }),
             ContainsSubstring("must be a text, not a number"));
  CHECK_THAT(message_of([&] { (void)arguments.flag("flag", false); }),
             ContainsSubstring("must be true or false"));
  CHECK_THROWS_AS(arguments.texts("mode"), InitializerError);
  CHECK_THROWS_AS(arguments.array("sigma"), InitializerError);
  CHECK_THROWS_AS(arguments.arrays("mode"), InitializerError);
}

TEST_CASE("an option that must be given and is not is an error") {
  CHECK_THAT(message_of([] { (void)init::Arguments("constant").number("value"); }),
             ContainsSubstring("'value'") && ContainsSubstring("must be given"));
}

TEST_CASE("an option that the rule never asked for is an error that lists those it has") {
  init::Arguments arguments("normal");
  arguments.set("sgima", {.number = 1});
  (void)arguments.number("sigma", 1);
  CHECK_THAT(message_of([&] { arguments.check_all_asked_for(); }),
             ContainsSubstring("'normal' has no option 'sgima'; it has 'sigma'"));
  init::Arguments other("zero");
  other.set("x", {.number = 1});
  CHECK_THAT(message_of([&] { other.check_all_asked_for(); }), ContainsSubstring("it has none"));
}
