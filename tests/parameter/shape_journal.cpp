// SPDX-License-Identifier: MIT
#include <parton/parameter/shape_journal.hpp>

#include <stdexcept>
#include <vector>

#include <parton/init/constant.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/infer_shapes.hpp>
#include <parton/nn/lambda.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/random/random.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using detail::ShapeJournal;

TEST_CASE("a journal takes back in reverse order what was not kept, each call its own part") {
  std::vector<int> taken;
  const auto note = [&](int what) {
    ShapeJournal::note(nullptr, [&taken, what] { taken.push_back(what); });
  };
  CHECK_FALSE(ShapeJournal::is_open());
  {
    ShapeJournal outer;
    note(1);
    {
      ShapeJournal inner;
      note(2);
      note(3);
    }
    CHECK(taken == std::vector<int>{3, 2});
    {
      ShapeJournal inner;
      note(4);
      inner.keep();
    }
    CHECK(taken == std::vector<int>{3, 2});
  }
  CHECK(taken == std::vector<int>{3, 2, 4, 1});
  CHECK_FALSE(ShapeJournal::is_open());
  {
    ShapeJournal kept;
    note(5);
    kept.keep();
  }
  CHECK(taken.size() == 4);
}

TEST_CASE("a journal forgets a parameter that ceases to be") {
  bool taken = false;
  const int parameter = 0;
  {
    ShapeJournal journal;
    ShapeJournal::note(&parameter, [&] { taken = true; });
    ShapeJournal::forget(&parameter);
  }
  CHECK_FALSE(taken);
}

TEST_CASE("a forward before initialize() leaves no width behind") {
  nn::Sequential net{nn::Dense(3), nn::Dense(5)};
  CHECK_THROWS_AS(net(random::uniform({2, 20})), UninitializedError);
  CHECK(net[0].weight().shape() == Shape{3, -1});
  net.initialize();
  CHECK(net(random::uniform({2, 7})).shape() == Shape{2, 5});
  CHECK(net[0].weight().shape() == Shape{3, 7});
}

TEST_CASE("a first forward that fails on the way tells no parameter its shape") {
  nn::Sequential net{nn::Dense(3), nn::Dense(4), nn::Dense(5, nn::relu, {.in_units = 9})};
  net.initialize(init::Constant(2), {.seed = 1});
  CHECK_THROWS_AS(net(random::uniform({2, 20})), ShapeError);
  CHECK(net[0].weight().shape() == Shape{3, -1});
  CHECK_FALSE(net[0].weight().is_initialized());
  CHECK(net[0].weight().is_deferred());
  CHECK(net[0].weight().filled_by() == FillSource::none);
  CHECK(net[1].weight().shape() == Shape{4, -1});
  CHECK_THROWS_AS(net[0].weight().data(), DeferredInitializationError);
  CHECK_THROWS_AS(infer_shapes(net, {2, 20}), ShapeError);
  CHECK(net[0].weight().shape() == Shape{3, -1});
  CHECK_THROWS_AS(net(Tensor<>::full({}, 1)), ShapeError);

  net.replace(2, nn::Dense(5));
  net[2].initialize();
  CHECK(net(random::uniform({2, 7})).shape() == Shape{2, 5});
  CHECK(net[0].weight().shape() == Shape{3, 7});
  CHECK(net[0].weight().data()(0, 0) == 2);
}

TEST_CASE("values after a failed forward are those that a net without one would have drawn") {
  const auto make = [] {
    nn::Sequential net{nn::Dense(3), nn::Lambda([](const Tensor<>& x) -> Tensor<> {
                         if (x.shape()[0] == 1) throw std::runtime_error("one row");
                         return x;
                       })};
    net.initialize();
    return net;
  };
  random::seed(11);
  nn::Sequential net = make();
  CHECK_THROWS_AS(net(random::uniform({1, 5})), std::runtime_error);
  CHECK_FALSE(net[0].weight().is_initialized());
  net(random::uniform({2, 5}));
  random::seed(11);
  nn::Sequential other = make();
  other(random::uniform({2, 5}));
  CHECK(net[0].weight().data() == other[0].weight().data());
}

TEST_CASE("what was known before a forward that fails stays as it is") {
  nn::Sequential net{nn::Dense(3, nn::linear, {.in_units = 4}),
                     nn::Dense(5, nn::relu, {.in_units = 9})};
  net.initialize();
  const Tensor<> values = net[0].weight().data();
  CHECK_THROWS_AS(net(random::uniform({2, 4})), ShapeError);
  CHECK(net[0].weight().is_initialized());
  CHECK(net[0].weight().data().data() == values.data());
}
