// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <cmath>
#include <parton/init/orthogonal.hpp>
#include <vector>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;

namespace {

/// The largest error of W W^T = s^2 I, or W^T W where the weight is tall; by Eigen.
template <class Scalar>
double error_of(const Tensor<Scalar>& weight, double scale) {
  const Index rows = weight.shape()[0];
  const Tensor<double> wide = weight.template cast<double>();
  const Eigen::MatrixXd w = wide.reshape({rows, -1}).matrix();
  const Eigen::MatrixXd product =
      w.rows() < w.cols() ? Eigen::MatrixXd(w * w.transpose()) : Eigen::MatrixXd(w.transpose() * w);
  return (product - scale * scale * Eigen::MatrixXd::Identity(product.rows(), product.cols()))
      .cwiseAbs()
      .maxCoeff();
}

}  // namespace

// W^T W = scale^2 I (or W W^T) is the defining property, reference/gluon_semantics.md 6.1.
TEST_CASE("Orthogonal makes the shorter side orthogonal, with the length scale") {
  for (const auto type : {init::uniform, init::gaussian}) {
    const init::AnyInitializer<double> rule = init::Orthogonal({.rand_type = type});
    CHECK(error_of(sample(rule, {30, 50}), 1.414) < 1e-13);
    CHECK(error_of(sample(rule, {50, 30}), 1.414) < 1e-13);
    CHECK(error_of(sample(rule, {300, 300}), 1.414) < 1e-12);
    CHECK(error_of(sample(rule, {16, 3, 3, 3}), 1.414) < 1e-13);
    CHECK(error_of(sample(rule, {1, 1}), 1.414) < 1e-13);
    CHECK(error_of(sample(rule, {1, 700}), 1.414) < 1e-13);
  }
  CHECK(error_of(sample<double>(init::Orthogonal(1), {20, 20}), 1) < 1e-13);
  CHECK(error_of(sample(init::Orthogonal(), {30, 50}), 1.414) < 1e-6);
  CHECK(error_of(sample<Eigen::half>(init::Orthogonal(), {30, 50}), 1.414) < 5e-3);
  CHECK(error_of(sample<Eigen::bfloat16>(init::Orthogonal(), {30, 50}), 1.414) < 4e-2);
}

TEST_CASE("Orthogonal is random: another seed, another matrix") {
  const init::AnyInitializer<float> rule = init::Orthogonal();
  CHECK_FALSE(sample(rule, {4, 4}, "w", 1) == sample(rule, {4, 4}, "w", 2));
}

// With the normal distribution every direction is equally likely: over many draws of (2, 2), each
// entry has mean 0 and mean square 1/2. n = 4000; five standard errors: 5 sqrt(1/2 / n) = 0.056 and
// 5 sqrt(1/8 / n) = 0.028 (entries are cos t, whose square has variance 1/8).
TEST_CASE("a gaussian Orthogonal favours no direction") {
  const init::AnyInitializer<double> rule = init::Orthogonal(1, init::gaussian);
  Eigen::Array4d sum = Eigen::Array4d::Zero(), squares = Eigen::Array4d::Zero();
  double determinants = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const Tensor<double> w = sample(rule, {2, 2}, "w", seed);
    sum += w.array();
    squares += w.array().square();
    determinants += w(0, 0) * w(1, 1) - w(0, 1) * w(1, 0);
  }
  CHECK(sum.abs().maxCoeff() / 4000 < 0.056);
  CHECK((squares / 4000 - 0.5).abs().maxCoeff() < 0.028);
  CHECK(std::abs(determinants) / 4000 < 0.08);  // rotations and reflections: 5 / sqrt(n)
}

TEST_CASE("rows that depend on each other are replaced by ones that do not") {
  std::vector<double> rows = {0, 0, 0, 1, 1, 0, 2, 2, 0};
  init::detail::orthonormalise(rows.data(), 3, 3);
  const Eigen::Map<const Eigen::Matrix3d> m(rows.data());
  CHECK((m.transpose() * m - Eigen::Matrix3d::Identity()).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("Orthogonal refuses what it cannot be") {
  CHECK_THAT(message_of([] { sample(init::Orthogonal(), {3}, "b"); }),
             ContainsSubstring("init::Orthogonal") && ContainsSubstring("'b'") &&
                 ContainsSubstring("rank 2"));
  CHECK_THROWS_AS(init::Orthogonal(-1), InitializerError);
  CHECK_THAT(message_of([] { init::Orthogonal({.rand_type = init::truncated}); }),
             ContainsSubstring("rand_type must be 'uniform' or 'normal', not 'truncated'"));
  CHECK(sample(init::Orthogonal(), {0, 3}).size() == 0);
}

TEST_CASE("Orthogonal dumps as in Gluon") {
  CHECK(init::Orthogonal().dump() == R"(["orthogonal", {"scale": 1.414, "rand_type": "uniform"}])");
  CHECK(init::Orthogonal(1, init::gaussian).dump() ==
        R"(["orthogonal", {"scale": 1, "rand_type": "normal"}])");
}
