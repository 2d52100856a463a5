// SPDX-License-Identifier: MIT
#include <parton/loss/loss.hpp>

#include <cmath>
#include <vector>

#include <parton/loss/l2.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("a loss takes tensors of any scalar, Eigen's objects and vectors") {
  const loss::L2 loss;
  const Tensor pred{{1.f}, {2.f}, {3.f}}, expected{0.f, 0.5f, 2.f};
  CHECK(loss(pred, Tensor<int>{1, 1, 1}) == expected);
  CHECK(loss(pred, Tensor<double>{{1}, {1}, {1}}) == expected);
  CHECK(loss(pred, Tensor<bool>::full({3}, true)) == expected);
  CHECK(loss(pred, std::vector<int>{1, 1, 1}) == expected);
  CHECK(loss(pred, Eigen::VectorXd::Ones(3)) == expected);
  CHECK(loss(Eigen::Vector3f(1, 2, 3), Eigen::Vector3i(1, 1, 1)) == expected);
  CHECK(loss(pred, std::vector<int>{1, 1, 1}, std::vector<int>{2, 2, 2}) == Tensor{0.f, 1.f, 4.f});
  CHECK(loss(pred, std::vector<int>{1, 1, 1}, Eigen::ArrayXf::Constant(1, 2)) ==
        Tensor{0.f, 1.f, 4.f});
  check_shape_only(loss(Tensor<>::shape_only({3, 2}), Tensor<>::zeros({3, 2})), {3});
  check_shape_only(loss(Tensor<>::zeros({3, 2}), Tensor<int>::shape_only({6})), {3});
  check_shape_only(loss(pred, pred, Tensor<>::shape_only({1})), {3});
  CHECK(std::isnan(loss(Tensor<>::empty({1, 0}), Tensor<>::empty({0})).item()));
}

TEST_CASE("half and bfloat16 are computed in float and rounded once") {
  auto pred = Tensor<Eigen::bfloat16>::full({4, 300}, 1);
  pred.attach_grad();
  const Tensor<double> label = random_input({4, 300}, 1, 1, 2);
  const autograd::Record recording;
  const Tensor<Eigen::bfloat16> result = loss::L2()(pred, label);
  result.backward();
  std::vector<double> slopes;
  for (const double z : label.span()) slopes.push_back((1 - z) / 300);
  check_values(result, {4},
               mean_by_sample({4, 300}, {}, Tensor<double>::full({}, 1),
                              [&](Index i) { return std::pow(1 - label.data()[i], 2) / 2; }),
               1.0 / 256);
  check_values(pred.grad(), {4, 300}, slopes, 1.0 / 300 / 128);
}

TEST_CASE("a loss is one step of the tape, and its sample weight is a constant") {
  Tensor pred{1.f, 2.f}, weight{3.f, 4.f};
  pred.attach_grad();
  weight.attach_grad();
  {
    const autograd::Record recording;
    loss::L2()(pred, Tensor{0.f, 0.f}, weight).backward();
  }
  CHECK(pred.grad() == Tensor{3.f, 8.f});
  CHECK(weight.grad() == Tensor{0.f, 0.f});
  const autograd::Record recording;
  const Tensor constant = loss::L2()(pred.detach(), Tensor{0.f, 0.f}, weight);
  CHECK_THROWS_AS(constant.backward(), GradientError);
  // What the gradient needs may not be written to.
  const Tensor loss = loss::L2()(pred, Tensor{0.f, 0.f});
  pred += 1;
  CHECK_THROWS_AS(loss.backward(), GradientError);
}

TEST_CASE("shapes that do not fit are errors with both shapes") {
  const Tensor pred = Tensor<>::zeros({4, 3});
  CHECK(
      message_of<ShapeError>([&] { static_cast<void>(loss::L2()(pred, Tensor<>::zeros({4}))); }) ==
      "L2: a label of shape (4,) does not fit a prediction of shape (4, 3): it must have "
      "as many elements");
  CHECK(message_of<ShapeError>(
            [&] { static_cast<void>(loss::L2()(pred, pred, Tensor<>::zeros({3}))); }) ==
        "L2: a sample_weight of shape (3,) does not fit losses of shape (4, 3): give one "
        "weight for each sample of axis 0, as the shape (4,), or as many axes as the losses "
        "have, each equal or 1");
  CHECK_THROWS_AS(loss::L2()(pred, pred, Tensor<>::zeros({4, 2})), ShapeError);
  CHECK_THROWS_AS(loss::L2()(pred, pred, Tensor<>::zeros({0})), ShapeError);
  CHECK_THROWS_AS(loss::L2({.batch_axis = 2})(pred, pred), IndexError);
  CHECK_THROWS_AS(loss::L2()(Tensor<>::full({}, 1), Tensor<>::full({}, 1)), IndexError);
}
