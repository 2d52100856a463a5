// SPDX-License-Identifier: MIT
#include <parton/autograd/view.hpp>

#include <vector>

#include <parton/autograd/mode.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton_test/catch.hpp>
#include <parton_test/gradient.hpp>

using namespace parton;
using namespace parton_test;

TEST_CASE("Rows, slices, reshapes, copies and casts pass the gradient on to where it belongs") {
  const std::vector<Tensor<double>> in{random_input({4, 3})};
  check_gradients([](const auto& x) { return x[0][1] * x[0][-1]; }, in);
  check_gradients([](const auto& x) { return x[0].slice(1, 3) * x[0].slice(2, 4); }, in);
  check_gradients([](const auto& x) { return x[0].slice(1, 1); }, in);
  check_gradients([](const auto& x) { return x[0].reshape({-1, 2}) * x[0].reshape({6, 2}); }, in);
  check_gradients([](const auto& x) { return x[0].copy() * x[0].copy()[2]; }, in);
  check_gradients([](const auto& x) { return x[0][2][1] * x[0]; }, in);
  check_gradients(
      [](const auto& x) {
        return x[0].reshape({}) * x[0].reshape({1, 1});
      },
      {Tensor<double>{2.0}});
}

TEST_CASE("A cast hands the gradient back in the first scalar") {
  Tensor<float> x{1.f, 2.f};
  x.attach_grad();
  const autograd::Record recording;
  const Tensor<double> y = x.cast<double>() * 3;
  y.backward();
  CHECK(x.grad() == Tensor<float>{3.f, 3.f});
}

TEST_CASE("A view of a marked tensor may be written to while recording; what needed it is found") {
  Tensor<float> x{1.f, 2.f};
  x.attach_grad();
  const autograd::Record recording;
  const Tensor<float> y = x * x, z = x + x;
  x[0] += 1;
  z.backward();
  CHECK(x.grad() == Tensor<float>{2.f, 2.f});
  CHECK_THROWS_AS(y.backward(), GradientError);
}

TEST_CASE("Rows of a recorded result accumulate in one gradient") {
  Tensor<float> x{{1.f, 2.f}, {3.f, 4.f}};
  x.attach_grad();
  const autograd::Record recording;
  const Tensor<float> y = x * 1;
  (y[0] * y[1] + y[0]).backward();
  CHECK(x.grad() == Tensor<float>{{4.f, 5.f}, {1.f, 2.f}});
}
