// SPDX-License-Identifier: MIT
#include <parton/ops/dense.hpp>

#include <vector>

#include <parton/autograd/mode.hpp>
#include <parton/ops/activation.hpp>
#include <parton/ops/arithmetic.hpp>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// x W^T + b in double.
template <class Scalar>
std::vector<double> reference(const Tensor<Scalar>& x, const Tensor<Scalar>& w,
                              const Tensor<Scalar>* b, Index rows) {
  const Index units = w.shape()[0], depth = w.shape()[1];
  std::vector<double> result;
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < units; ++j) {
      double total = b == nullptr ? 0 : static_cast<double>(b->data()[j]);
      for (Index k = 0; k < depth; ++k)
        total += static_cast<double>(x.data()[i * depth + k]) *
                 static_cast<double>(w.data()[j * depth + k]);
      result.push_back(total);
    }
  return result;
}

template <class Scalar>
void check_dense(const Shape& input, const Shape& weight, bool flatten, const Shape& result) {
  INFO(input << " through " << weight);
  const auto x = sample<Scalar>(input), w = sample<Scalar>(weight, 0.5);
  const auto b = sample<Scalar>({weight[0]}, 1);
  const Index rows = weight[0] == 0 ? 0 : result.size() / weight[0];
  // Sums of `depth` products of numbers up to 2.
  const double limit = tolerance<Scalar>() * static_cast<double>(4 + 2 * weight[1]);
  check_values(dense(x, w, nullptr, {}, flatten), result, reference<Scalar>(x, w, nullptr, rows),
               limit);
  auto expected = reference(x, w, &b, rows);
  check_values(dense(x, w, &b, {}, flatten), result, expected, limit);
  for (double& v : expected) v = std::max(v, 0.);
  check_values(dense(x, w, &b, {ActivationKind::relu}, flatten), result, expected, limit);
  const auto none = Tensor<Scalar>::shape_only(input);
  check_shape_only(dense(none, w, &b, {}, flatten), result);
  const auto no_bias = Tensor<Scalar>::shape_only({weight[0]});
  check_shape_only(dense(x, w, &no_bias, {}, flatten), result);
  check_shape_only(dense(x, Tensor<Scalar>::shape_only(weight), nullptr, {}, flatten), result);
}

}  // namespace

TEMPLATE_TEST_CASE("dense is the activation of x W^T + b", "", float, double, Eigen::half,
                   Eigen::bfloat16) {
  for (const Index n : {0, 1, 2, 4, 5, 19}) {
    check_dense<TestType>({n, 20}, {7, 20}, true, {n, 7});
    check_dense<TestType>({n, 20}, {1, 20}, true, {n, 1});
  }
  // Reference case 42 in small: all axes but the first collapse, or the last one is transformed.
  check_dense<TestType>({3, 2, 5, 3}, {8, 30}, true, {3, 8});
  check_dense<TestType>({2, 3, 10}, {8, 10}, false, {2, 3, 8});
  check_dense<TestType>({10}, {8, 10}, false, {8});
  check_dense<TestType>({6}, {8, 1}, true, {6, 8});
  check_dense<TestType>({2, 0}, {3, 0}, true, {2, 3});
  check_dense<TestType>({9, 0}, {3, 0}, true, {9, 3});
  check_dense<TestType>({2, 3}, {0, 3}, true, {2, 0});
  check_dense<TestType>({0, 3, 4}, {5, 4}, false, {0, 3, 5});
}

TEST_CASE("dense applies every activation to its own result") {
  const Tensor x = sample({6, 5}), w = sample({4, 5}, 0.5), b = sample({4}, 1);
  const Tensor linear = dense(x, w, &b);
  for (int i = 0; i <= static_cast<int>(ActivationKind::gelu_erf); ++i) {
    const ActivationSpec spec{static_cast<ActivationKind>(i)};
    INFO(spec.name());
    CHECK(dense(x, w, &b, spec) == activate(linear, spec));
  }
}

TEST_CASE("dense takes Eigen arguments") {
  const Eigen::MatrixXf x = Eigen::MatrixXf::Ones(2, 3), w = Eigen::MatrixXf::Ones(4, 3);
  CHECK(dense(x, w) == Tensor<>::full({2, 4}, 3));
  CHECK(dense(x * 2.f, w * 0.5f) == Tensor<>::full({2, 4}, 3));
}

TEST_CASE("dense refuses shapes that do not fit, and says which") {
  const Tensor w = sample({7, 20});
  CHECK_THROWS_AS(dense(Tensor<>::full({}, 1), w), ShapeError);
  CHECK_THROWS_AS(dense(Tensor<>::full({}, 1), w, nullptr, {}, false), ShapeError);
  CHECK_THROWS_AS(dense(sample({2, 19}), w), ShapeError);
  CHECK_THROWS_AS(dense(sample({2, 4, 5}), w, nullptr, {}, false), ShapeError);
  CHECK_THROWS_AS(dense(sample({20}), w), ShapeError);
  CHECK_THROWS_AS(dense(sample({2, 20}), sample({20})), ShapeError);
  CHECK_THROWS_AS(dense(Tensor<>::shape_only({2, 19}), w), ShapeError);
  const Tensor b = sample({6}), row = sample({1, 7});
  CHECK_THROWS_AS(dense(sample({2, 20}), w, &b), ShapeError);
  CHECK_THROWS_AS(dense(sample({2, 20}), w, &row), ShapeError);
  CHECK_THROWS_WITH(dense(sample({2, 19}), w),
                    ContainsSubstring("(2, 19)") && ContainsSubstring("(7, 20)"));
  CHECK_THROWS_WITH(dense(sample({2, 20}), w, &b),
                    ContainsSubstring("(6,)") && ContainsSubstring("(units,)"));
  CHECK_THROWS_WITH(dense(sample({2, 20}), sample({20})), ContainsSubstring("(units, in_units)"));
}

TEST_CASE("The gradients of dense, fused with every activation, by finite differences") {
  const auto check = [](const Shape& x, const Shape& weight, bool with_bias, ActivationSpec f,
                        bool flatten) {
    INFO(x << " through " << weight << ", " << f.name());
    std::vector<Tensor<double>> in{random_input(x, 1), random_input(weight, 2)};
    if (with_bias) in.push_back(random_input({weight[0]}, 3));
    check_gradients(
        [&](const std::vector<Tensor<double>>& t) {
          return dense(t[0], t[1], with_bias ? &t[2] : nullptr, f, flatten);
        },
        in);
  };
  for (std::size_t kind = 0; kind < detail::activation_names.size(); ++kind)
    check({3, 4}, {5, 4}, true, {static_cast<ActivationKind>(kind)}, true);
  check({3, 4}, {5, 4}, true, {ActivationKind::leaky_relu, -0.5}, true);
  check({2, 3, 2}, {4, 6}, false, {}, true);
  check({2, 3, 4}, {2, 4}, true, {ActivationKind::tanh}, false);
  check({9, 7}, {6, 7}, true, {ActivationKind::relu}, true);
  check({4}, {3, 1}, true, {}, true);
  check({0, 4}, {5, 4}, true, {ActivationKind::sigmoid}, true);
  check({2, 0}, {3, 0}, true, {ActivationKind::gelu}, true);
}

TEST_CASE("dense asks for the gradients that are wanted, and for those alone") {
  Tensor<float> w{{1.f, 2.f}}, b{1.f};
  const Tensor<float> x{{3.f, 4.f}};
  w.attach_grad();
  const autograd::Record recording;
  dense(x, w, &b).backward();
  CHECK(w.grad() == Tensor<float>{{3.f, 4.f}});
  b.attach_grad();
  w.attach_grad(GradReq::null);
  (dense(x, w, &b) * 2).backward();
  CHECK(b.grad().item() == 2);
}

TEST_CASE("The gradients of a bfloat16 dense are computed in float and rounded once") {
  using Half = Eigen::bfloat16;
  const Tensor<float> wide_x = random_input({64, 8}).cast<float>().cast<Half>().cast<float>();
  Tensor<Half> w = random_input({3, 8}, 2).cast<Half>();
  Tensor<float> wide_w = w.cast<float>();
  w.attach_grad();
  wide_w.attach_grad();
  const autograd::Record recording;
  dense(wide_x.cast<Half>(), w).backward();
  dense(wide_x, wide_w).backward();
  CHECK(w.grad() == wide_w.grad().cast<Half>());
}
