// SPDX-License-Identifier: MIT
#include <parton/init/normal.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/random/random.hpp>
#include <parton/threads.hpp>
#include <parton_test/capture.hpp>

using namespace parton;

namespace {

nn::Sequential<> known_net() {
  return nn::Sequential{nn::Dense(6, nn::relu, {.in_units = 4}),
                        nn::Dense(5, nn::relu, {.in_units = 6}),
                        nn::Dense(3, nn::linear, {.in_units = 5})};
}

void check_equal(const nn::Sequential<>& a, const nn::Sequential<>& b) {
  const auto left = a.named_parameters(), right = b.named_parameters();
  REQUIRE(left.size() == right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    INFO(left[i].name());
    CHECK(left[i].parameter().data() == right[i].parameter().data());
  }
}

}  // namespace

TEST_CASE("one seed gives the same values to a net, its sub-blocks and its single parameters") {
  nn::Sequential whole = known_net();
  whole.initialize({.seed = 7});
  SECTION("block by block, last first") {
    nn::Sequential net = known_net();
    for (const int i : {2, 0, 1}) net[i].initialize({.seed = 7});
    check_equal(whole, net);
  }
  SECTION("parameter by parameter, last first") {
    nn::Sequential net = known_net();
    const auto all = net.named_parameters();
    for (auto at = all.rbegin(); at != all.rend(); ++at) at->parameter().initialize({.seed = 7});
    check_equal(whole, net);
  }
  SECTION("by a selection of a dictionary") {
    nn::Sequential net = known_net();
    net.collect_params(".*bias").initialize({.seed = 7});
    net.collect_params(".*weight").initialize({.seed = 7});
    check_equal(whole, net);
  }
  SECTION("deferred, and forced after other values") {
    nn::Sequential net{nn::Dense(6, nn::relu), nn::Dense(5, nn::relu), nn::Dense(3)};
    net.initialize({.seed = 7});
    net(random::uniform({2, 4}));
    check_equal(whole, net);
    net.initialize(init::Normal(3), {.force_reinit = true});
    net.initialize({.force_reinit = true, .seed = 7});
    check_equal(whole, net);
  }
}

TEST_CASE("the path of the outermost block counts for the seed, not where a layer was made") {
  nn::Sequential outer;
  outer.add(known_net());
  outer.initialize({.seed = 7});
  nn::Sequential alone = known_net();
  alone.initialize({.seed = 7});
  CHECK_FALSE(outer[0][0].weight().data() == alone[0].weight().data());
  // The same paths again, though the process has made many blocks since.
  nn::Sequential again;
  again.add(known_net());
  again[0][0].initialize({.seed = 7});
  CHECK(again[0][0].weight().path() == "0.0.weight");
  CHECK(again[0][0].weight().data() == outer[0][0].weight().data());
}

TEST_CASE("a single unattached layer has the path weight") {
  nn::Dense a(4, nn::linear, {.in_units = 3}), b(4, nn::relu, {.in_units = 3, .name = "other"});
  a.initialize({.seed = 7});
  b.initialize({.seed = 7});
  CHECK(a.weight().path() == "weight");
  CHECK(a.weight().data() == b.weight().data());
}

TEST_CASE(
    "different seeds, different parameters and different nets' parameters have other values") {
  nn::Sequential net{nn::Dense(4, nn::linear, {.in_units = 4}),
                     nn::Dense(4, nn::linear, {.in_units = 4})};
  net.initialize({.seed = 7});
  CHECK_FALSE(net[0].weight().data() == net[1].weight().data());
  const Tensor before = net[0].weight().data().copy();
  net.initialize({.force_reinit = true, .seed = 8});
  CHECK_FALSE(net[0].weight().data() == before);
}

TEST_CASE("random::seed fixes values, and further forced initializations draw new ones") {
  const auto run = [] {
    random::seed(7);
    nn::Sequential net = known_net();
    net.initialize();
    const Tensor first = net[0].weight().data().copy();
    net.initialize({.force_reinit = true});
    return std::make_pair(first, net[0].weight().data().copy());
  };
  const auto [first, second] = run();
  const auto [first_again, second_again] = run();
  CHECK(first == first_again);
  CHECK(second == second_again);
  CHECK_FALSE(first == second);
}

TEST_CASE("random::seed fixes values independently of the order of initialization") {
  random::seed(7);
  nn::Sequential whole = known_net();
  whole.initialize();
  whole.initialize({.force_reinit = true});
  random::seed(7);
  nn::Sequential net = known_net();
  for (int round = 0; round < 2; ++round)
    for (const int i : {1, 2, 0}) net[i].initialize({.force_reinit = true});
  check_equal(whole, net);
}

TEST_CASE("an initialization with a seed of its own does not disturb those by random::seed") {
  random::seed(7);
  nn::Dense a(4, nn::linear, {.in_units = 3});
  a.initialize();
  a.initialize({.force_reinit = true});
  const Tensor second = a.weight().data().copy();
  random::seed(7);
  nn::Dense b(4, nn::linear, {.in_units = 3});
  b.initialize();
  b.initialize({.force_reinit = true, .seed = 123});
  b.initialize({.force_reinit = true});
  CHECK(b.weight().data() == second);
}

TEST_CASE("an initialization that waited uses the seed of the time when it was asked for") {
  random::seed(7);
  nn::Dense known(4, nn::linear, {.in_units = 3});
  known.initialize();
  random::seed(7);
  nn::Dense waiting(4);
  waiting.initialize();
  random::seed(8);
  waiting(random::uniform({1, 3}));
  CHECK(waiting.weight().data() == known.weight().data());
}

TEST_CASE("without a seed a second forced initialization draws new values") {
  nn::Dense layer(4, nn::linear, {.in_units = 3});
  layer.initialize();
  const Tensor first = layer.weight().data().copy();
  layer.initialize({.force_reinit = true});
  CHECK_FALSE(layer.weight().data() == first);
}

TEST_CASE("values do not depend on the number of threads") {
  nn::Dense a(700, nn::linear, {.in_units = 700}), b(700, nn::linear, {.in_units = 700});
  const int before = num_threads();
  set_num_threads(1);
  a.initialize(init::Normal(1), {.seed = 7});
  set_num_threads(3);
  b.initialize(init::Normal(1), {.seed = 7});
  set_num_threads(before);
  CHECK(a.weight().data() == b.weight().data());
}

TEST_CASE("verbose tells on std::clog what every parameter was filled with, and why") {
  nn::Sequential net{nn::Dense(2, nn::linear, {.in_units = 3})};
  std::ostringstream log;
  std::streambuf* const real = std::clog.rdbuf(log.rdbuf());
  net.initialize(init::Constant(1), {.verbose = true});
  std::clog.rdbuf(real);
  parton_test::check_says(log.str(), {"dense0_weight (2, 3)", "constant", "net.initialize()",
                                      "dense0_bias (2,)", "zero", "its own"});
}

TEST_CASE("every source of values has words of its own") {
  CHECK(to_string(FillSource::none) != to_string(FillSource::default_rule));
  for (const FillSource source :
       {FillSource::none, FillSource::default_rule, FillSource::net_rule, FillSource::own_rule,
        FillSource::constant_value, FillSource::parameter_rule, FillSource::set_data,
        FillSource::loaded})
    CHECK_FALSE(to_string(source).empty());
}
