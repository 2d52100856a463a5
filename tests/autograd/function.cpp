// SPDX-License-Identifier: MIT
#include <parton/autograd/function.hpp>

#include <vector>

#include <parton/autograd/mode.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton_test/catch.hpp>
#include <parton_test/gradient.hpp>

using namespace parton;
using namespace parton_test;
using Catch::Matchers::ContainsSubstring;

namespace {

using Many = std::vector<Tensor<double>>;

const auto double_pair = [](autograd::Context<double>& context, const Many& x) {
  context.save(x[0], x[1]);
  return x[0] * x[1] * 2;
};

}  // namespace

TEST_CASE("A user's forward and backward are one differentiable function, in and beside others") {
  const autograd::Function twice_product(
      "twice_product", double_pair,
      [](const autograd::Context<double>& context, const Tensor<double>& g) {
        return Many{g * context.saved()[1] * 2, g * context.saved()[0] * 2};
      });
  check_gradients([&](const Many& x) { return twice_product(x[0] + 1, x[1]) * x[0]; },
                  {random_input({3}, 1), random_input({3}, 2)});
  check_gradients(
      [&](const Many& x) {
        return twice_product(Many{x[0], x[0]});
      },
      {random_input({2, 2}, 1)});
}

TEST_CASE("A backward's gradients are checked against the inputs") {
  Tensor<double> x{1.0, 2.0};
  x.attach_grad();
  const autograd::Record recording;
  const autograd::Function one("half_done", double_pair,
                               [](const auto&, const Tensor<double>& g) { return Many{g}; });
  CHECK_THROWS_WITH(one(x, x).backward(), ContainsSubstring("half_done") &&
                                              ContainsSubstring("1 gradients for 2 inputs"));
  const autograd::Function wrong("wrong", double_pair, [](const auto&, const Tensor<double>& g) {
    return Many{g, g[0]};
  });
  CHECK_THROWS_WITH(wrong(x, x).backward(),
                    ContainsSubstring("for input 1 of shape (2,)") && ContainsSubstring("()"));
  CHECK(x.grad() == Tensor<double>{0.0, 0.0});
}

TEST_CASE(
    "An empty gradient stands for none; an input may be returned as it is; writes are found") {
  Tensor<double> x{1.0, 2.0};
  x.attach_grad();
  const autograd::Record recording;
  const autograd::Function identity(
      "identity", [](autograd::Context<double>&, const Many& in) { return in[0]; },
      [](const auto&, const Tensor<double>& g) {
        return Many{g, {}};
      });
  identity(x, x).backward();
  CHECK(x.grad() == Tensor<double>{1.0, 1.0});

  const autograd::Function product("product", double_pair,
                                   [](const auto& context, const Tensor<double>& g) {
                                     return Many{g * context.saved()[1], {}};
                                   });
  const Tensor<double> y = product(x, x);
  x += 1;
  CHECK_THROWS_AS(y.backward(), GradientError);
}

TEST_CASE("A forward may return nothing, which is an empty tensor") {
  Tensor<double> x{1.0, 2.0};
  x.attach_grad();
  const autograd::Record recording;
  const autograd::Function nothing(
      "nothing", [](autograd::Context<double>&, const Many&) { return Tensor<double>(); },
      [](const auto&, const Tensor<double>&) { return Many{{}}; });
  const Tensor<double> y = nothing(x);
  CHECK(y.shape() == Shape{0});
  CHECK_NOTHROW(y.backward());
}
