// SPDX-License-Identifier: MIT
#include <parton/ops/power.hpp>

#include <cmath>
#include <utility>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("power agrees with the standard library, broadcast") {
  for (const auto& [first, second] : std::vector<std::pair<Shape, Shape>>{
           {{3, 4}, {3, 4}}, {{3, 4}, {4}}, {{3, 1}, {4}}, {{}, {5}}, {{0, 3}, {3}}, {{}, {}}}) {
    const Tensor<double> a = random_input(first, 1, 0.3, 2), b = random_input(second, 2, -2, 2);
    const Tensor<double> y = power(a, b);
    for (Index i = 0; i < y.size(); ++i) {
      const auto at = position(i, y.shape());
      CHECK(y.data()[i] == Approx(std::pow(broadcast_at(a, at), broadcast_at(b, at))));
    }
    check_gradients([](const auto& in) { return power(in[0], in[1]); }, {a, b});
  }
  CHECK(power(Tensor{1.f, 2.f, 3.f}, 2) == Tensor{1.f, 4.f, 9.f});
  CHECK(power(2, Tensor<double>{0, 3, -1}) == Tensor<double>{1, 8, 0.5});
  CHECK(power(Tensor<Eigen::half>{3}, Eigen::Array<Eigen::half, 1, 1>(Eigen::half(2))) ==
        Tensor<Eigen::half>{9});
  check_shape_only(power(Tensor<>::shape_only({2, 1}), Tensor{1.f, 2.f}), {2, 2});
  CHECK_THROWS_WITH(power(Tensor{1.f, 2.f}, Tensor{1.f, 2.f, 3.f}),
                    Catch::Matchers::ContainsSubstring("power"));
}

TEST_CASE("the gradients of power at 0 are PyTorch's") {
  Tensor<> a{0.f, 0.f, 0.f, 2.f, -2.f}, b{0.f, 1.f, 2.f, 0.f, 2.f};
  a.attach_grad();
  const autograd::Record recording;
  power(a, b).backward();
  check_values(a.grad(), {5}, {0, 1, 0, 0, -4}, 1e-6);
  b.attach_grad();
  power(a, b).backward();
  check_values(b.grad(), {5}, {0, 0, 0, std::log(2), std::nan("")}, 1e-6);
}
