// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>

#include <parton/ops/activation.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/product.hpp>
#include <parton/ops/reduce.hpp>
#include <parton/ops/unary.hpp>
#include <parton_test/catch.hpp>

// All at once, as users have them: what the ops are called must not take names away from others.
using namespace std;
using namespace Eigen;
using namespace parton;

TEST_CASE("beside using namespace std and Eigen, each call finds the function of its argument") {
  const parton::Tensor<> x = {{1.f, 4.f}, {9.f, 16.f}};
  const MatrixXf m = MatrixXf::Identity(2, 2);
  const ArrayXf a = ArrayXf::Constant(2, 4);
  const parton::Tensor<> y = relu(dot(x, m) + 1.f) / 2.f - m;
  CHECK(y.shape() == Shape{2, 2});
  CHECK(sum(sqrt(x)).item() == 10);
  CHECK(max(x).item() == 16);
  CHECK(max(1, 2) == 2);
  CHECK(abs(-1) == 1);
  CHECK(exp(0.0) == 1);
  CHECK(pow(2.0, 3) == 8);
  CHECK(string("a") + "b" == "ab");
  const ArrayXf b = sqrt(a) + abs(a) - square(a) / pow(a, 2) + log(exp(a)) + tanh(a * 0.f);
  CHECK(b[0] == Approx(2 + 4 - 1 + 4));
  static_assert(!is_same_v<remove_cvref_t<decltype(exp(a))>, parton::Tensor<>>);
}
