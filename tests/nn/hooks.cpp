// SPDX-License-Identifier: MIT
#include <string>
#include <utility>
#include <vector>

#include <parton/nn/dense.hpp>
#include <parton/nn/hooks.hpp>
#include <parton/nn/infer_shapes.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/random/random.hpp>
#include <parton_test/capture.hpp>

using namespace parton;

using Calls = std::vector<std::string>;

TEST_CASE("hooks run around forward in the order of their registration, with what they belong to") {
  nn::Sequential net{nn::Dense(4), nn::Dense(2)};
  net.initialize();
  Calls calls;
  net.register_forward_pre_hook(
      [&](const nn::Block<>& b, const Tensor<>&) { calls.push_back("pre " + b.name()); });
  net[1].register_forward_hook([&](const nn::Block<>& b, const Tensor<>& x, const Tensor<>& y) {
    calls.push_back(b.name() + " " + x.shape().to_string() + " " + y.shape().to_string());
  });
  net.register_forward_hook([&](const auto&, const auto&, const auto&) { calls.push_back("1"); });
  net.register_forward_hook([&](const auto&, const auto&, const auto&) { calls.push_back("2"); });
  net(random::uniform({3, 5}));
  CHECK(calls == Calls{"pre sequential0", "dense1 (3, 4) (3, 2)", "1", "2"});
}

TEST_CASE("a hook is one of its own even if the same function was registered before") {
  nn::Dense layer(2);
  layer.initialize();
  int count = 0;
  const auto hook = [&](const auto&, const auto&) { ++count; };
  auto first = layer.register_forward_pre_hook(hook);
  layer.register_forward_pre_hook(hook);
  layer(random::uniform({1, 2}));
  CHECK(count == 2);
  first.detach();
  first.detach();
  layer(random::uniform({1, 2}));
  CHECK(count == 3);
}

TEST_CASE("a handle may be dropped, outlive its block, or detach itself while it runs") {
  nn::HookHandle handle;
  handle.detach();
  {
    nn::Dense layer(2);
    layer.initialize();
    int count = 0;
    handle = layer.register_forward_pre_hook([&](const auto&, const auto&) {
      ++count;
      handle.detach();
    });
    layer(random::uniform({1, 2}));
    layer(random::uniform({1, 2}));
    CHECK(count == 1);
    handle = layer.register_forward_pre_hook([](const auto&, const auto&) {});
  }
  handle.detach();
  SUCCEED("nothing was touched that is gone");
}

TEST_CASE("a scoped hook ends with its scope, and hooks move with their block") {
  nn::Dense layer(2);
  layer.initialize();
  int count = 0;
  {
    const nn::ScopedHook guard(
        layer.register_forward_hook([&](const auto&, const auto&, const auto&) { ++count; }));
    layer(random::uniform({1, 2}));
  }
  layer(random::uniform({1, 2}));
  CHECK(count == 1);
  layer.register_forward_hook([&](const auto&, const auto&, const auto&) { count += 10; });
  nn::Dense moved = std::move(layer);
  moved(random::uniform({1, 2}));
  CHECK(count == 11);
}

TEST_CASE("a hook that throws stops the forward; an empty one is refused") {
  nn::Dense layer(2);
  layer.initialize();
  const nn::ScopedHook guard(
      layer.register_forward_pre_hook([](const auto&, const auto&) { throw ValueError("stop"); }));
  CHECK_THROWS_AS(layer(random::uniform({1, 2})), ValueError);
  CHECK_THROWS_AS(layer.register_forward_hook({}), ValueError);
  CHECK_THROWS_AS(layer.register_forward_pre_hook(nullptr), ValueError);
}

TEST_CASE("inferring shapes runs no hook") {
  nn::Sequential net{nn::Dense(4), nn::Dense(2)};
  int count = 0;
  net.register_forward_pre_hook([&](const auto&, const auto&) { ++count; });
  infer_shapes(net, {2, 20});
  CHECK(count == 0);
}
