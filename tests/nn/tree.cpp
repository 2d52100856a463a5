// SPDX-License-Identifier: MIT
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/nn/tree.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;

namespace {

nn::Dense<> named(const std::string& name) { return nn::Dense(2, nn::linear, {.name = name}); }

}  // namespace

// Rule 1 of API.md.
TEST_CASE("blocks are numbered by kind in pre-order, anew when a tree joins a larger one") {
  nn::Sequential inner{nn::Dense(2), nn::Dense(2)};
  const auto params = inner.collect_params();
  const auto& second = inner[1].weight();
  CHECK(params.names()[2] == "dense1_weight");
  nn::Sequential outer{nn::Dense(2), nn::Sequential{nn::Dense(2)}};
  outer.add(std::move(inner), nn::Dense(2));
  CHECK(outer[1].name() == "sequential1");
  CHECK(outer[2].name() == "sequential2");
  CHECK(outer[1][0].name() == "dense1");
  CHECK(outer[3].name() == "dense4");
  CHECK(second.name() == "dense3_weight");
  CHECK(second.path() == "2.1.weight");
  CHECK(params.names()[2] == "dense3_weight");
}

TEST_CASE("the same net built twice has the same names, whatever else the process built") {
  const auto build = [] {
    return nn::Sequential{nn::Dense(2), nn::Sequential{nn::Dense(2), nn::Dense(2)}}
        .collect_params()
        .names();
  };
  const auto first = build();
  const nn::Sequential others{nn::Dense(2), nn::Dense(2)};
  CHECK(build() == first);
}

TEST_CASE("a given name takes no number, and a clash gives both paths at the add") {
  nn::Sequential net{named("decoder"), nn::Dense(2)};
  CHECK(net[1].name() == "dense0");
  check_says(message_of<NameError>([&] { net.add(named("decoder")); }),
             {"'decoder'", "'0'", "'2'"});
  check_says(message_of<NameError>([&] { net.add(named("dense0")); }), {"'dense0'", "'1'", "'2'"});
  CHECK(net.size() == 2);
  // One that would clash later, when the numbers reach it.
  net.add(named("dense2"), nn::Dense(2));
  CHECK_THROWS_AS(net.add(nn::Dense(2)), NameError);
  CHECK(net.size() == 4);
  CHECK(net.collect_params().names().back() == "dense1_bias");
}

TEST_CASE("a tree has no cycle, no null and an end to its depth") {
  auto a = std::make_shared<nn::Sequential<>>();
  auto b = std::make_shared<nn::Sequential<>>();
  a->add(b);
  check_says(message_of<NameError>([&] { b->add(a); }), {"no cycles"});
  CHECK_THROWS_AS(a->add(a), NameError);
  CHECK_THROWS_AS(a->add(std::shared_ptr<nn::Dense<>>()), NameError);

  nn::Sequential<> deep;
  std::size_t levels = 1;
  const std::string text = message_of<NameError>([&] {
    for (;; ++levels) {
      nn::Sequential<> outer;
      outer.add(std::move(deep));
      deep = std::move(outer);
    }
  });
  check_says(text, {"levels", std::to_string(levels + 1)});
  CHECK(levels >= 100);
}

TEST_CASE("keys are checked: no dot, no blank, none twice, not too long") {
  nn::Sequential<> net;
  for (const char* key : {"", "a.b", "a b", "a/b", "\xC3\xA4"})
    CHECK_THROWS_AS(net.add(key, nn::Dense(1)), NameError);
  CHECK_THROWS_AS(net.add(std::string(100000, 'a'), nn::Dense(1)), NameError);
  net.add("a", nn::Dense(1));
  check_says(message_of<NameError>([&] { net.add("a", nn::Dense(1)); }), {"'a'", "Sequential"});
  CHECK(net.size() == 1);
}

TEST_CASE("a layer in two trees is named by each, and its parameter by the first") {
  auto shared = std::make_shared<nn::Dense<>>(2);
  nn::Sequential one, two;
  one.add(shared);
  two.add(nn::Dense(2), shared);
  CHECK(one.collect_params().names()[0] == "dense0_weight");
  CHECK(two.collect_params().names()[2] == "dense1_weight");
  CHECK(one.collect_params().names()[0] == "dense0_weight");
  CHECK(shared->weight().name() == "dense0_weight");
}

TEST_CASE("a block that moved out of its tree leaves a place that says so and can be filled") {
  nn::Sequential net{nn::Dense(2), nn::Dense(3)};
  nn::Dense<> taken = std::move(net.at<nn::Dense>(0));
  CHECK(taken.units() == 2);
  CHECK(taken.path().empty());
  check_says(message_of<Error>([&] { static_cast<void>(net.collect_params()); }),
             {"'0'", "moved from"});
  net.at<nn::Dense>(0) = std::move(taken);
  CHECK(net.collect_params().size() == 4);
  CHECK(net[0].weight().path() == "0.weight");
  check_says(message_of<Error>([&] { static_cast<void>(taken.params()); }), {"moved from"});
}

TEST_CASE("a net may be replaced by one of its own layers") {
  nn::Sequential<> net;
  net.add(nn::Sequential{nn::Dense(5)}, nn::Dense(2));
  net = std::move(net.at<nn::Sequential>(0));
  REQUIRE(net.size() == 1);
  CHECK(net.at<nn::Dense>(0).units() == 5);
  CHECK(net[0].name() == "dense0");
}

TEST_CASE("Children are found by key among many as among few, and keys stay unique") {
  nn::Sequential<> net;
  for (int i = 0; i < 100; ++i) net.add(nn::Dense(i + 1));
  net.add("named", nn::Dense(1000));
  CHECK(net.child("99").describe() == net[99].describe());
  CHECK(&net.child("0") == &net[0]);
  CHECK(&net.child("named") == &net[100]);
  CHECK_THROWS_AS(net.add("57", nn::Dense(1)), NameError);
  CHECK_THROWS_AS(net.child("100"), KeyError);
  // What failed, and what is taken back, leaves no trace.
  CHECK_THROWS_AS(net.add(nn::Dense(2), nn::Dense(3, nn::linear, {.name = "dense4"})), NameError);
  CHECK(net.size() == 101);
  CHECK_THROWS_AS(net.child("101"), KeyError);
  net.add(nn::Dense(7));
  CHECK(&net.child("101") == &net[101]);
  net.replace(5, nn::Dense(77));
  CHECK(&net.child("5") == &net[5]);
  const nn::Sequential<> copy = net.clone();
  CHECK(&copy.child("named") == &copy[100]);
}
