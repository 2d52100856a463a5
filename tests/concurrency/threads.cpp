// SPDX-License-Identifier: MIT
// API.md rule 11: a const net may run forward in many threads at once, and recording is per thread.
// Run under ThreadSanitizer by the preset tsan.
#include <cmath>
#include <thread>
#include <vector>

#include <parton/parton.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

template <class Function>
void in_threads(int count, const Function& f) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([&f, i] { f(i); });
  for (std::thread& one : threads) one.join();
}

nn::Sequential<> small_net() {
  nn::Sequential net{nn::Dense(16, nn::relu), nn::Dropout(0.5), nn::BatchNorm(), nn::Dense(4)};
  net.initialize({.seed = 3});
  return net;
}

}  // namespace

TEST_CASE("One const net runs forward in many threads, also while its shapes are deferred") {
  const nn::Sequential<> net = small_net();
  const Tensor<> x = random::uniform({8, 5});
  std::vector<Tensor<>> results(4);
  in_threads(4, [&](int i) {
    for (int step = 0; step < 20; ++step) results[static_cast<std::size_t>(i)] = net(x);
  });
  for (const Tensor<>& one : results) CHECK(one == results[0]);
}

TEST_CASE("Each thread records for itself, and the gradients of a shared net are summed with add") {
  nn::Sequential own{nn::Dense(6, nn::tanh), nn::Dense(3)};
  own.initialize({.seed = 5});
  const nn::Sequential<>& net = own;
  const Tensor<> x = random::uniform({4, 5});
  static_cast<void>(net(x));
  const auto gradient = [&] { return net[0].weight().grad(); };
  net.collect_params().set_grad_req(GradReq::add);
  const auto step = [&] {
    const autograd::Record recording;
    sum(net(x)).backward();
  };
  step();
  const Tensor<> once = gradient().copy();
  net.collect_params().zero_grad();
  in_threads(4, [&](int) {
    for (int i = 0; i < 10; ++i) step();
  });
  CHECK(allclose(gradient(), once * 40, 1e-4));
  CHECK_FALSE(autograd::is_recording());
}

TEST_CASE("Threads with nets of their own train side by side") {
  std::vector<Tensor<>> weights(3);
  in_threads(3, [&](int i) {
    nn::Sequential net{nn::Dense(4, nn::relu), nn::Dense(1)};
    net.initialize({.seed = 1});
    const Tensor<> x = Tensor<>::full({2, 3}, 0.5f);
    for (int step = 0; step < 10; ++step) {
      autograd::Record recording;
      sum(square(net(x))).backward();
      for (const auto& [path, p] : net.named_parameters()) {
        Tensor<> data = p.data();
        data -= p.grad() * 0.1f;
      }
    }
    weights[static_cast<std::size_t>(i)] = net[0].weight().data();
  });
  for (const Tensor<>& one : weights) CHECK(one == weights[0]);
}

TEST_CASE("A tensor made in one thread is used and freed in another") {
  Tensor<> x = Tensor<>::full({100}, 1);
  x.attach_grad();
  std::thread([&] {
    const autograd::Record recording;
    (x * 2).backward();
  }).join();
  CHECK(x.grad() == Tensor<>::full({100}, 2));
}
