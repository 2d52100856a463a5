// SPDX-License-Identifier: MIT
#include <cmath>

#include <parton/optim/clip_global_norm.hpp>
#include <parton_test/capture.hpp>

#include "toy.hpp"

using namespace parton;
using parton_test::check_says;
using parton_test::give_gradient;
using parton_test::message_of;
using parton_test::Warnings;

TEST_CASE("gradients are scaled together so that their norm is at most max_norm") {
  const auto a = parton_test::toy<float>("a", Tensor<>::zeros({11}));
  const auto b = parton_test::toy<float>("b", {0});
  const auto frozen = parton_test::toy<float>("frozen", {0});
  frozen->set_grad_req(GradReq::null);
  const auto params = parton_test::dict_of<float>({a, b, frozen});
  CHECK(optim::clip_global_norm(params, 1) == 0);  // no backward yet
  Tensor<> g = Tensor<>::zeros({11});
  g(10) = 3;
  give_gradient(*a, g);
  give_gradient(*b, Tensor<>{-4});
  CHECK(optim::clip_global_norm(params, 5.1) == 5);
  CHECK(a->grad() == g);
  CHECK(optim::clip_global_norm(params, 1) == 5);
  CHECK(a->grad()(10) == Approx(3.0 / 5));
  CHECK(b->grad().item() == Approx(-4.0 / 5));
  CHECK(b->has_fresh_grad());
}

TEST_CASE("squares that float cannot hold still have a norm") {
  const auto a = parton_test::toy<float>("a", {0});
  give_gradient(*a, Tensor<>{1e30F});
  CHECK(optim::clip_global_norm(parton_test::dict_of<float>({a}), 1) == Approx(1e30));
  CHECK(a->grad().item() == Approx(1));
}

TEST_CASE("a norm that is not finite is a warning, and nothing is scaled") {
  const auto a = parton_test::toy<double>("a", {0, 0});
  give_gradient(*a, Tensor<double>{NAN, 7});
  const Warnings warnings;
  CHECK(std::isnan(optim::clip_global_norm(parton_test::dict_of<double>({a}), 1)));
  CHECK(a->grad()(1) == 7);
  REQUIRE(warnings.texts.size() == 1);
  check_says(warnings.texts[0], {"clip_global_norm", "nan", "check_finite"});
}

TEST_CASE("max_norm must be above 0") {
  for (const double bad : {0.0, -1.0, std::nan("")})
    check_says(message_of<ValueError>(
                   [&] { static_cast<void>(optim::clip_global_norm(ParameterDict<>(), bad)); }),
               {"max_norm", "above 0"});
}
