// SPDX-License-Identifier: MIT
#include <parton/autograd/variable.hpp>

#include <thread>
#include <vector>

#include <parton/tensor/creation.hpp>
#include <parton/tensor/tensor.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using parton::detail::Variable;

TEST_CASE("A leaf makes its gradient, of zeros, when it is first asked for") {
  Variable leaf(GradReq::write);
  CHECK_FALSE(leaf.has_grad());
  const Tensor<> gradient = leaf.gradient<float>({2, 3});
  CHECK(gradient == zeros({2, 3}));
  CHECK(leaf.has_grad());
  CHECK(leaf.gradient<float>({2, 3}).shares_storage_with(gradient));
}

TEST_CASE("A leaf without a gradient request wants none, and one without a name is a tensor") {
  CHECK_FALSE(Variable(GradReq::null).wants_gradient());
  CHECK(Variable(GradReq::add).wants_gradient());
  CHECK(Variable(GradReq::write).name() == "a tensor");
}

TEST_CASE("A leaf takes no more than one line of memory") {
  // Each parameter has one.
  STATIC_REQUIRE(sizeof(Variable) <= 64);
}

TEST_CASE("A guard keeps other threads out") {
  Variable leaf(GradReq::write);
  int count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 1000; ++k) {
        const Variable::Guard guard(leaf);
        ++count;
      }
    });
  for (std::thread& one : threads) one.join();
  CHECK(count == 4000);
}
