// SPDX-License-Identifier: MIT
#include <parton/init/constant.hpp>
#include <parton/parameter/options.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("An option of a parameter that is not told is as in Gluon's Parameter") {
  const ParameterOptions<> options;
  CHECK(options.shape == Shape{});
  CHECK_FALSE(options.initializer);
  CHECK(options.grad_req == GradReq::write);
  CHECK(options.lr_mult == 1);
  CHECK(options.wd_mult == 1);
  CHECK(options.differentiable);
}

TEST_CASE("Options are told by name") {
  const ParameterOptions<double> options{
      .shape = {2, -1}, .initializer = init::Constant(3), .grad_req = GradReq::add, .wd_mult = 0};
  CHECK(options.shape == Shape{2, -1});
  CHECK(options.initializer->dump() == "[\"constant\", {\"value\": 3}]");
  CHECK(options.grad_req == GradReq::add);
  CHECK(options.wd_mult == 0);
}
