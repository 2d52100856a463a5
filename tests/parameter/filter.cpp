// SPDX-License-Identifier: MIT
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <parton/detail/pattern.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;

using Names = std::vector<std::string>;

namespace {

/// Layers dense0, dense1 and dense10, as in the reference's table of patterns.
nn::Sequential<> three_layers() {
  return nn::Sequential{nn::Dense(2, nn::linear, {.name = "dense0"}),
                        nn::Dense(2, nn::linear, {.name = "dense1"}),
                        nn::Dense(2, nn::linear, {.name = "dense10"})};
}

Names selected(const nn::Sequential<>& net, const Filter<>& filter) {
  return net.collect_params(filter).names();
}

}  // namespace

// The table of section 3.3 of the reference.
TEST_CASE("a pattern matches at the start of the full name and is open at its end") {
  const nn::Sequential net = three_layers();
  const Names weights{"dense0_weight", "dense1_weight", "dense10_weight"};
  const Names biases{"dense0_bias", "dense1_bias", "dense10_bias"};
  const Names layer0{"dense0_weight", "dense0_bias"};
  CHECK(selected(net, ".*weight") == weights);
  CHECK(selected(net, "dense0.*") == layer0);
  CHECK(selected(net, "dense0") == layer0);
  const Names one_and_ten{"dense1_weight", "dense1_bias", "dense10_weight", "dense10_bias"};
  CHECK(selected(net, "dense1") == one_and_ten);
  CHECK(selected(net, "dense1.*") == one_and_ten);
  CHECK(selected(net, "dense1_") == Names{"dense1_weight", "dense1_bias"});
  CHECK(selected(net, "weight").empty());
  CHECK(selected(net, "bias$").empty());
  CHECK(selected(net, ".*bias$") == biases);
  CHECK(selected(net, "dense0|dense1_bias") ==
        Names{"dense0_weight", "dense0_bias", "dense1_bias"});
  CHECK(selected(net, "dense0_weight|bias") == Names{"dense0_weight"});
  CHECK(selected(net, "(dense0|dense1)_bias") == Names{"dense0_bias", "dense1_bias"});
  CHECK(selected(net, "").size() == 6);
}

TEST_CASE("anchors, classes, bounds and look-ahead are those of ECMAScript") {
  const nn::Sequential net = three_layers();
  CHECK(selected(net, "^dense1_weight$") == Names{"dense1_weight"});
  CHECK(selected(net, "dense[0-9]{2}_w") == Names{"dense10_weight"});
  CHECK(selected(net, "dense\\d+_b").size() == 3);
  CHECK(selected(net, "(?!dense1)").size() == 2);
  CHECK_THROWS_AS(selected(net, "(.)\\1"), PatternError);
  CHECK(selected(net, "den(s)e.*").size() == 6);
}

TEST_CASE("a pattern may be a literal, a C string, a string or a view") {
  const nn::Sequential net = three_layers();
  const char* const c_string = "dense0_w";
  const std::string text = "dense0_w";
  const std::string_view view = std::string_view("dense0_weight and more").substr(0, 8);
  CHECK(selected(net, c_string) == Names{"dense0_weight"});
  CHECK(selected(net, text) == Names{"dense0_weight"});
  CHECK(selected(net, std::string("dense0_w")) == Names{"dense0_weight"});
  CHECK(selected(net, view) == Names{"dense0_weight"});
  CHECK(net.collect_params("dense0_w").size() == 1);
  CHECK(net.collect_params(text).size() == 1);
}

TEST_CASE("a predicate on the parameter stands wherever a pattern may") {
  const nn::Sequential net = three_layers();
  const auto is_bias = [](const Parameter<>& p) { return p.shape().rank() == 1; };
  CHECK(selected(net, is_bias) == Names{"dense0_bias", "dense1_bias", "dense10_bias"});
  CHECK(net.collect_params(is_bias).size() == 3);
  CHECK(net.collect_params().filter(is_bias).size() == 3);
  CHECK(net.collect_params([](const auto& p) { return p.key() == "weight"; }).size() == 3);
  const std::function<bool(const Parameter<>&)> function = is_bias;
  CHECK(net.collect_params(function).size() == 3);
  CHECK(net.collect_params([](const ParameterBase&) { return false; }).empty());
}

TEST_CASE("a null pointer and an empty function are errors, not a filter that selects everything") {
  const nn::Sequential net = three_layers();
  const char* const nothing = nullptr;
  CHECK_THROWS_AS(net.collect_params(nothing), PatternError);
  const std::function<bool(const Parameter<>&)> empty;
  check_says(message_of<ValueError>([&] { static_cast<void>(net.collect_params(empty)); }),
             {"predicate", "empty"});
  bool (*const null_function)(const Parameter<>&) = nullptr;
  CHECK_THROWS_AS(net.collect_params(null_function), ValueError);
}

TEST_CASE("a bad pattern is an error that says where, and nothing is selected") {
  const nn::Sequential net = three_layers();
  const auto position = [&](const std::string& pattern) {
    const std::string text =
        message_of<PatternError>([&] { static_cast<void>(net.collect_params(pattern)); });
    check_says(text, {"'" + pattern + "'", "regular expression"});
    const std::string before = "at position ";
    return std::stoi(text.substr(text.find(before) + before.size()));
  };
  CHECK(position("dense(0") == 5);
  CHECK(position("*weight") == 0);
  CHECK(position("dense[0") == 5);
  CHECK(position("a{2,1}") == 1);
  CHECK(position("dense)") == 5);
  CHECK(position("dense\\") == 5);
  CHECK(position("(?<=dense)0") == 0);  // look-behind is not in ECMAScript
  CHECK_THROWS_AS(net.collect_params().filter("("), PatternError);
}

TEST_CASE("a pattern that is too long is an error that gives the limit") {
  const nn::Sequential net = three_layers();
  check_says(message_of<PatternError>(
                 [&] { static_cast<void>(net.collect_params(std::string(100000, '('))); }),
             {"100000", std::to_string(detail::max_pattern_length), "predicate"});
  // As deep as brackets can be nested within the limit.
  const std::string nested = std::string(511, '(') + std::string(511, ')');
  CHECK(selected(net, nested).size() == 6);
}

// Backtracking would take 2^100 steps here.
TEST_CASE("no pattern takes exponential time, and none overflows the stack on the longest name") {
  const std::string longest(max_name_length, 'a');
  const nn::Sequential net{nn::Dense(2, nn::linear, {.name = longest})};
  CHECK(selected(net, "(a*)*b").empty());
  CHECK(selected(net, "(a|aa)+$").empty());
  CHECK(selected(net, "(.*)*x(.*)*y").empty());
  CHECK(selected(net, "(a+)+_") == Names{longest + "_weight", longest + "_bias"});
  CHECK(selected(net, "((((.|x)*)*)*)*$").size() == 2);
}

TEST_CASE("a pattern may hold any byte") {
  const nn::Sequential net = three_layers();
  CHECK(selected(net, std::string("\0", 1)).empty());
  CHECK(selected(net, "\xFF\xFE").empty());
  CHECK(selected(net, "caf\xC3\xA9").empty());
}
