// SPDX-License-Identifier: MIT
#include <parton_test/catch.hpp>

#include <memory>
#include <parton/init/normal.hpp>
#include <parton/init/xavier.hpp>
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
