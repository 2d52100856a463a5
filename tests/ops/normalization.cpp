// SPDX-License-Identifier: MIT
#include <parton/ops/normalization.hpp>

#include <cmath>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Moments {
  double mean = 0, variance = 0;
};

/// Mean and biased variance of the elements for which `belongs(position)`.
template <class Scalar, class Predicate>
Moments moments(const Tensor<Scalar>& x, Predicate belongs) {
  Moments result;
  double count = 0;
  for (const bool second : {false, true}) {
    for (Index i = 0; i < x.size(); ++i) {
      if (!belongs(position(i, x.shape()))) continue;
      const auto v = static_cast<double>(x.data()[i]);
      if (second)
        result.variance += (v - result.mean) * (v - result.mean);
      else
        result.mean += v, ++count;
    }
    (second ? result.variance : result.mean) /= count;
  }
  return result;
}

template <class Scalar>
double value(const Tensor<Scalar>& x, Index at) {
  return static_cast<double>(x.data()[at]);
}

}  // namespace

TEST_CASE("layer_norm has the numbers of Gluon's tests") {
  // Reference case 50, epsilon 1e-5.
  const Tensor x{{1.f, 2.f, 3.f, 4.f, 5.f}, {1.f, 1.f, 2.f, 2.f, 2.f}};
  check_values(layer_norm(x, nullptr, nullptr), {2, 5},
               {-1.41421, -0.707105, 0, 0.707105, 1.41421, -1.224719, -1.224719, 0.816480, 0.816480,
                0.816480},
               2e-6);
}

TEMPLATE_TEST_CASE("layer_norm follows its formula along every axis", "", float, double,
                   Eigen::half, Eigen::bfloat16) {
  for (const Shape& shape : shapes())
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
      INFO(shape << " along " << axis);
      const auto x = sample<TestType>(shape);
      const Index n = shape.dims()[axis];
      const auto gamma = sample<TestType>({n}, 1), beta = sample<TestType>({n}, 2);
      const double epsilon = 0.01;
      std::vector<double> plain, affine;
      for (Index i = 0; i < x.size(); ++i) {
        const auto at = position(i, shape);
        const auto m = moments(x, [&](auto other) {
          other[axis] = at[axis];
          return other == at;
        });
        plain.push_back((value(x, i) - m.mean) / std::sqrt(m.variance + epsilon));
        affine.push_back(plain.back() * value(gamma, at[axis]) + value(beta, at[axis]));
      }
      const auto k = static_cast<Index>(axis);
      // Values of up to 10, where x is far from the mean of few.
      const double limit = 4 * tolerance<TestType>();
      check_values(layer_norm(x, nullptr, nullptr, k, epsilon), shape, plain, limit);
      check_values(layer_norm(x, &gamma, &beta, k, epsilon), shape, affine, limit);
      check_shape_only(layer_norm(Tensor<TestType>::shape_only(shape), &gamma, &beta, k), shape);
      const auto no_values = Tensor<TestType>::shape_only({n});
      check_shape_only(layer_norm(x, nullptr, &no_values, k), shape);
    }
}

TEMPLATE_TEST_CASE("batch_norm follows its formula, with given statistics or the batch's own", "",
                   float, double, Eigen::half, Eigen::bfloat16) {
  for (const Shape& shape : shapes())
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
      INFO(shape << " along " << axis);
      const auto x = sample<TestType>(shape);
      const auto k = static_cast<Index>(axis);
      const Index n = shape.dims()[axis];
      const auto gamma = sample<TestType>({n}, 1), beta = sample<TestType>({n}, 2);
      const auto mean = sample<TestType>({n}, 3);
      auto variance = sample<TestType>({n}, 4);
      variance *= variance;
      const double epsilon = 0.01;
      std::vector<double> given, own, means, variances;
      for (Index c = 0; c < n; ++c) {
        const auto m = moments(x, [&](const auto& other) { return other[axis] == c; });
        means.push_back(m.mean);
        variances.push_back(m.variance);
      }
      for (Index i = 0; i < x.size(); ++i) {
        const Index c = position(i, shape)[axis];
        const auto at = static_cast<std::size_t>(c);
        given.push_back((value(x, i) - value(mean, c)) / std::sqrt(value(variance, c) + epsilon) *
                            value(gamma, c) +
                        value(beta, c));
        own.push_back((value(x, i) - means[at]) / std::sqrt(variances[at] + epsilon));
      }
      // A deviation of 0.1 makes ten times the error of x.
      const double limit = 50 * tolerance<TestType>();
      check_values(batch_norm(x, &gamma, &beta, mean, variance, k, epsilon), shape, given, limit);
      const auto none = Tensor<TestType>::shape_only(shape);
      check_shape_only(batch_norm(none, &gamma, &beta, mean, variance, k), shape);
      if (x.size() == 0 && n > 0) {
        CHECK_THROWS_AS(batch_statistics(x, k), ValueError);
        CHECK_THROWS_AS(batch_norm_training(none, nullptr, nullptr, k), ValueError);
        continue;
      }
      if (x.size() == 0) continue;
      const auto result = batch_norm_training(x, nullptr, nullptr, k, epsilon);
      check_values(result.y, shape, own, limit);
      check_values(result.mean, {n}, means);
      check_values(result.variance, {n}, variances);
      const auto statistics = batch_statistics(x, k);
      CHECK(statistics.mean == result.mean);
      CHECK(statistics.variance == result.variance);
      const auto bare = batch_norm_training(none, &gamma, nullptr, k);
      check_shape_only(bare.y, shape);
      check_shape_only(bare.mean, {n});
      check_shape_only(bare.variance, {n});
    }
}

TEST_CASE("statistics of a large offset keep the variance") {
  // In one pass, E[x^2] - E[x]^2 would lose it: the values are 1000 +- 0.5.
  Tensor<> x = Tensor<>::full({1000, 2}, 1000);
  for (Index i = 0; i < 1000; ++i) x(i, 0) += i % 2 == 0 ? 0.5f : -0.5f;
  const auto statistics = batch_statistics(x);
  CHECK(statistics.mean(0) == 1000);
  CHECK(statistics.variance(0) == Approx(0.25));
  CHECK(statistics.variance(1) == 0);
  CHECK(layer_norm(x, nullptr, nullptr, 0)(0, 0) == Approx(0.5 / std::sqrt(0.25 + 1e-5)));
}

TEST_CASE("normalizations refuse values that are not one for each channel") {
  const Tensor x = sample({2, 3}), good = sample({3}), bad = sample({2}), row = sample({1, 3});
  CHECK_THROWS_AS(layer_norm(x, &bad, nullptr), ShapeError);
  CHECK_THROWS_AS(layer_norm(x, nullptr, &row), ShapeError);
  CHECK_THROWS_AS(layer_norm(x, nullptr, nullptr, 2), IndexError);
  CHECK_THROWS_AS(layer_norm(Tensor<>::full({}, 1), nullptr, nullptr), IndexError);
  CHECK_THROWS_AS(layer_norm(Tensor<>::shape_only({2, 3}), &bad, nullptr), ShapeError);
  CHECK_THROWS_AS(batch_norm(x, &bad, nullptr, good, good), ShapeError);
  CHECK_THROWS_AS(batch_norm(x, nullptr, &bad, good, good), ShapeError);
  CHECK_THROWS_AS(batch_norm(x, nullptr, nullptr, bad, good), ShapeError);
  CHECK_THROWS_AS(batch_norm(x, nullptr, nullptr, good, bad), ShapeError);
  CHECK_THROWS_AS(batch_norm(sample({3}), nullptr, nullptr, good, good), IndexError);
  CHECK_THROWS_WITH(batch_norm(x, &bad, nullptr, good, good),
                    ContainsSubstring("batch_norm: gamma of shape (2,)") &&
                        ContainsSubstring("(2, 3)") && ContainsSubstring("(3,)"));
  CHECK_THROWS_WITH(batch_statistics(Tensor<>::empty({0, 3})), ContainsSubstring("(0, 3)"));
}

TEST_CASE("normalizations take Eigen arguments") {
  const Eigen::MatrixXf m = Eigen::MatrixXf::Ones(2, 3);
  CHECK(layer_norm(m, nullptr, nullptr) == Tensor<>::zeros({2, 3}));
  const Eigen::VectorXf zero = Eigen::VectorXf::Zero(3), one = Eigen::VectorXf::Ones(3);
  CHECK(batch_norm(m, nullptr, nullptr, zero, one, 1, 0) == Tensor<>::full({2, 3}, 1));
  CHECK(batch_norm_training(m, nullptr, nullptr).mean == Tensor<>::full({3}, 1));
}

TEST_CASE("the gradients of normalization are those of finite differences") {
  for (const auto& [shape, axis] : std::vector<std::pair<Shape, Index>>{
           {{4, 3}, 1}, {{4, 3}, 0}, {{2, 3, 4}, 1}, {{2, 3, 4}, -1}, {{5}, 0}}) {
    const Tensor<double> x = random_input(shape, 1);
    const Shape n{shape[axis]};
    const Tensor<double> gamma = random_input(n, 2), beta = random_input(n, 3),
                         mean = random_input(n, 4), variance = random_input(n, 5, 0.5, 2);
    const auto check = [&, at = axis](const auto& f, const std::vector<Tensor<double>>& in) {
      check_gradients([&](const auto& v) { return f(v, at); }, in, 1e-5);
    };
    check([](const auto& v, Index k) { return layer_norm(v[0], &v[1], &v[2], k, 0.1); },
          {x, gamma, beta});
    check([](const auto& v, Index k) { return layer_norm(v[0], nullptr, &v[1], k, 0.1); },
          {x, beta});
    check([](const auto& v, Index k) { return batch_norm(v[0], &v[1], &v[2], v[3], v[4], k, 0.1); },
          {x, gamma, beta, mean, variance});
    check([](const auto& v, Index k) { return batch_norm_training(v[0], &v[1], &v[2], k, 0.1).y; },
          {x, gamma, beta});
    check([](const auto& v,
             Index k) { return batch_norm_training(v[0], nullptr, nullptr, k, 0.1).y; },
          {x});
    check(
        [](const auto& v, Index k) {
          const auto statistics = batch_statistics(v[0], k);
          return statistics.mean * statistics.variance;
        },
        {x});
  }
  check_gradients([](const auto& v) { return layer_norm(v[0], &v[1], nullptr); },
                  {random_input({0, 3}), random_input({3})});
  check_gradients(
      [](const auto& v) { return batch_norm(v[0], &v[1], nullptr, v[2], v[3]); },
      {random_input({0, 3}), random_input({3}), random_input({3}), random_input({3}, 1, 0.5, 2)});
}

TEST_CASE("the gradients of normalization of half are those of float, rounded") {
  Tensor<> x = random_input({4, 3, 2}).cast<float>().cast<Eigen::half>().cast<float>();
  const Tensor<> head = random_input({4, 3, 2}, 2).cast<float>().cast<Eigen::half>().cast<float>();
  Tensor<Eigen::half> narrow = x.cast<Eigen::half>();
  x.attach_grad();
  narrow.attach_grad();
  const autograd::Record recording;
  layer_norm(x, nullptr, nullptr).backward(head);
  layer_norm(narrow, nullptr, nullptr).backward(head.cast<Eigen::half>());
  CHECK(narrow.grad() == x.grad().cast<Eigen::half>());
  batch_norm_training(narrow, nullptr, nullptr).y.backward(head.cast<Eigen::half>());
  batch_norm_training(x, nullptr, nullptr).y.backward(head);
  for (Index i = 0; i < x.size(); ++i)  // its statistics are rounded as well
    CHECK(std::abs(static_cast<float>(narrow.grad().data()[i]) - x.grad().data()[i]) < 1e-2f);
}
