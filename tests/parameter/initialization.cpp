// SPDX-License-Identifier: MIT
#include <parton_test/catch.hpp>

#include <memory>
#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton/init/constant.hpp>
#include <parton/init/normal.hpp>
#include <parton/init/xavier.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/parameter/initialization.hpp>

using namespace parton;

TEST_CASE("one initialization of several parameters is by name and path, all or nothing") {
  const auto weight = std::make_shared<Parameter<float>>("weight", Shape{2, 3});
  const auto bias = std::make_shared<Parameter<float>>("bias", Shape{3});
  std::string names;
  const auto rule = [&names](std::string_view name, Tensor<float>& data, random::Generator& rng) {
    (names += name) += ' ';
    rng.normal(data, 0, 1);
  };
  {
    detail::Initialization<float> work(rule, {.seed = 4});
    work.add(weight, "dense0_weight", "0.weight");
    work.add(bias, "dense0_bias", "0.bias");
    CHECK(!weight->is_initialized());
    work.carry_out();
  }
  CHECK(names == "dense0_weight dense0_bias ");
  Tensor<float> expected = Tensor<float>::zeros({3});
  random::Generator::for_path(4, "0.bias").normal(expected, 0, 1);
  CHECK(bias->data() == expected);

  // Xavier has no fans for a bias, so the weight keeps its values too.
  const Tensor<float> before = weight->data().copy();
  detail::Initialization<float> work(init::Xavier<>{}, {.force_reinit = true, .seed = 4});
  work.add(weight, "dense0_weight", "0.weight");
  work.add(bias, "dense0_bias", "0.bias");
  CHECK_THROWS_AS(work.carry_out(), InitializerError);
  CHECK(weight->data() == before);
  CHECK(bias->data() == expected);
}

TEST_CASE("values that a custom initializer filled and recorded on the way are kept for backward") {
  const auto first = std::make_shared<Parameter<float>>("first", Shape{1});
  const auto second = std::make_shared<Parameter<float>>("second", Shape{1});
  Tensor<float> x{5}, y;
  x.attach_grad();
  const auto rule = [&](std::string_view name, Tensor<float>& data, random::Generator&) {
    data.fill(3);
    if (name != "first") return;
    second->initialize(init::Constant(2));
    const autograd::Record recording;
    y = x * second->data();
  };
  detail::Initialization<float> work(rule, {});
  work.add(second, "second", "second");
  work.add(first, "first", "first");
  work.carry_out();
  CHECK(second->data() == Tensor<float>{3});
  y.backward();
  CHECK(x.grad() == Tensor<float>{2});  // d(x s)/dx = s, as it was then
}
