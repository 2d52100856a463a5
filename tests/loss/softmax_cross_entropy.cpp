// SPDX-License-Identifier: MIT
#include <parton/loss/softmax_cross_entropy.hpp>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <parton/ops/one_hot.hpp>
#include <parton/ops/softmax.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

namespace {

/// -sum(target log softmax) along the axis, averaged: by log_softmax and plain loops.
std::vector<double> cross_entropy_reference(const Tensor<double>& pred, const Tensor<double>& label,
                                            const loss::SoftmaxCrossEntropyOptions& o,
                                            const Tensor<double>& weight) {
  const Tensor<double> logs = o.from_logits ? pred : log_softmax(pred, o.axis);
  const auto n = static_cast<double>(pred.shape()[o.axis]);
  const loss::Options mean{o.weight * n, o.batch_axis};
  return mean_by_sample(pred.shape(), mean, weight, [&](Index i) {
    const double e = o.label_smoothing;
    return -((1 - e) * label.data()[i] + e / n) * logs.data()[i];
  });
}

}  // namespace

TEST_CASE("SoftmaxCrossEntropy of the reference's outputs [[0, 2], [1, 4]] and labels 0, 1") {
  const loss::SoftmaxCrossEntropy loss;
  const Tensor output{{0.f, 2.f}, {1.f, 4.f}};
  check_values(loss(output, Tensor<int>{0, 1}), {2}, {2.126928, 0.048587});
  check_values(loss(output, Tensor<int>{0, 1}, Tensor{0.5f, 1.f}), {2}, {1.063464, 0.048587});
  check_values(loss(output, Tensor<int>{0, 1}, Tensor{{0.5f}, {1.f}}), {2}, {1.063464, 0.048587});
}

TEST_CASE("labels are numbers of classes or probabilities, as their shape tells") {
  const Tensor pred = sample({3, 4});
  const Tensor<double> weight = Tensor<double>::full({}, 1);
  const loss::SoftmaxCrossEntropy loss;
  const Tensor dense = one_hot(Tensor<int>{3, 0, 2}, 4);
  const auto expected =
      cross_entropy_reference(pred.cast<double>(), dense.cast<double>(), {}, weight);
  check_values(loss(pred, dense), {3}, expected);
  check_values(loss(pred, std::vector<int>{3, 0, 2}), {3}, expected);
  check_values(loss(pred, Tensor{3.f, 0.f, 2.f}), {3}, expected);
  check_values(loss(pred, Tensor<std::uint8_t>{{3}, {0}, {2}}), {3}, expected);
  check_values(loss(pred, Eigen::Vector3i(3, 0, 2)), {3}, expected);
  check_values(loss(pred, dense.cast<bool>()), {3}, expected);
  check_values(loss(Eigen::MatrixXf(pred.matrix()), dense.reshape({12})), {3}, expected);
  check_values(loss(Tensor{1.f, 3.f}, Tensor<bool>::full({}, true)), {1},
               {std::log1p(std::exp(-2.))});
  check_values(loss(pred.cast<Eigen::half>(), Tensor<int>{3, 0, 2}), {3}, expected);
  // As many classes as samples: the shape decides, and the option if it does not fit.
  CHECK(loss(Tensor<>::zeros({2, 2}), Tensor<>::zeros({2, 2})) == Tensor{0.f, 0.f});
  CHECK(loss::SoftmaxCrossEntropy({.sparse_label = false})(pred, dense) == loss(pred, dense));
  check_shape_only(loss(Tensor<>::shape_only({3, 4}), Tensor<int>::zeros({3})), {3});
  CHECK(loss(Tensor<>::empty({0, 4}), Tensor<int>::empty({0})).shape() == Shape{0});
}

TEST_CASE("SoftmaxCrossEntropy on any axis, with smoothing and weights, and its gradients") {
  struct Setting {
    Shape shape;
    loss::SoftmaxCrossEntropyOptions options;
    Shape weights;
  };
  const std::vector<Setting> settings = {
      {{3, 4}, {}, {}},
      {{3, 4}, {.label_smoothing = 0.1, .weight = 0.5}, {3}},
      {{2, 3, 2, 2}, {.axis = 1}, {2, 1, 2, 2}},
      {{2, 3, 4}, {.axis = 1, .label_smoothing = 0.2, .batch_axis = 2}, {4}},
      {{3, 2, 4}, {.from_logits = true, .label_smoothing = 0.2}, {3, 2, 1}},
      {{3, 4, 2}, {.axis = -2, .from_logits = true}, {3, 1, 1}},
      {{4, 2}, {.axis = 0, .batch_axis = 1}, {1, 2}},
      {{3}, {}, {}},
  };
  for (const auto& [shape, options, weight_shape] : settings) {
    INFO("shape " << shape << ", axis " << options.axis);
    const loss::SoftmaxCrossEntropy loss(options);
    const Tensor<double> pred = random_input(shape, 1, -2, 2), soft = random_input(shape, 2, 0, 1);
    const Tensor<double> weight = random_input(weight_shape, 3, 0.5, 2);
    const Shape samples{options.axis == 0 || shape.rank() > 1 ? shape[options.batch_axis] : 1};
    const auto& factors = weight;
    if (shape.rank() > 1)
      check_values(loss(pred, soft, weight), samples,
                   cross_entropy_reference(pred, soft, options, weight), 1e-10);
    check_gradients([&](const auto& in) { return loss(in[0], in[1], factors); }, {pred, soft});

    Tensor<int> classes = Tensor<int>::empty(shape.with(options.axis, 1));
    const auto n = static_cast<int>(shape[options.axis]);
    for (Index i = 0; i < classes.size(); ++i)
      classes.mutable_data()[i] = static_cast<int>(i * 7 + 2) % n;
    Tensor<double> dense = Tensor<double>::zeros(shape);
    const detail::AxisSplit split(options.axis, shape);
    for (Index i = 0; i < classes.size(); ++i)
      dense.mutable_data()[(i / split.inner * n + classes.data()[i]) * split.inner +
                           i % split.inner] = 1;
    check_values(loss(pred, classes, weight), samples, [&] {
      const Tensor<double> same = loss(pred, dense, weight);
      return std::vector<double>(same.data(), same.data() + same.size());
    }());
    check_gradients([&](const auto& in) { return loss(in[0], classes, factors); }, {pred});
  }
}

TEST_CASE("many rows, long rows and many rows side by side") {
  const Tensor<double> one = Tensor<double>::full({}, 1);
  for (const auto& [shape, axis] : std::vector<std::pair<Shape, Index>>{
           {{3000, 2}, 1}, {{300, 65}, 1}, {{3, 1500}, 1}, {{2, 3, 1500}, 1}}) {
    INFO("shape " << shape);
    const Index inner = shape.product(2), n = shape[1], samples = shape[0];
    const loss::SoftmaxCrossEntropy loss({.axis = axis});
    const Tensor<double> soft = random_input(shape, 3, 0, 1);
    Tensor<double> pred = random_input(shape, 1, -3, 3);
    check_values(loss(pred, soft), {samples},
                 cross_entropy_reference(pred, soft, {.axis = axis}, one), 1e-10);
    pred.attach_grad();
    {
      const autograd::Record recording;
      loss(pred, Tensor<int>::full({samples * inner}, 1)).backward();
    }
    std::vector<double> expected;
    const Tensor<double> share = softmax(pred.detach(), axis);
    for (Index i = 0; i < share.size(); ++i)
      expected.push_back((share.data()[i] - (i / inner % n == 1 ? 1 : 0)) /
                         static_cast<double>(inner));
    check_values(pred.grad(), shape, expected);
    pred.mutable_data()[0] = std::nan("");
    CHECK(std::isnan(loss(pred, Tensor<int>::full({samples * inner}, 1))(0)));
  }
}

TEST_CASE("large and masked logits of SoftmaxCrossEntropy") {
  const loss::SoftmaxCrossEntropy loss;
  Tensor pred{{1e4f, 1e4f, -1e4f}, {1e4f, -1e4f, 0.f}, {-1e4f, -1e4f, -1e4f}};
  pred.attach_grad();
  {
    const autograd::Record recording;
    const Tensor result = loss(pred, Tensor<int>{0, 1, 2});
    check_values(result, {3}, {std::log(2.), 2e4, std::log(3.)});
    result.backward();
  }
  check_values(pred.grad(), {3, 3}, {-0.5, 0.5, 0, 1, -1, 0, 1. / 3, 1. / 3, -2. / 3});
  Tensor masked{{0.f, -std::numeric_limits<float>::infinity(), 0.f}};
  masked.attach_grad();
  const autograd::Record recording;
  const Tensor result = loss(masked, Tensor{{0.5f, 0.f, 0.5f}});
  CHECK(result.item() == Approx(std::log(2.)));
  result.backward();
  check_values(masked.grad(), {1, 3}, {0, 0, 0});
}

TEST_CASE("a label that is no class is named with its place") {
  const loss::SoftmaxCrossEntropy loss;
  const Tensor pred = Tensor<>::zeros({2, 3});
  CHECK(message_of<IndexError>([&] {
          static_cast<void>(loss(pred, Tensor<int>{0, 3}));
        }) ==
        "SoftmaxCrossEntropy: the label 3 at (1,) is not a class of a prediction of shape (2, 3) "
        "with its classes on axis -1: they are whole numbers from 0 to 2");
  check_says(message_of<IndexError>([&] {
               static_cast<void>(
                   loss(Tensor<>::zeros({2, 3, 2}), Tensor{{0.f, 1.f, 0.f}, {1.f, 0.f, 0.5f}}));
             }),
             {"the label 0.5 at (1, 2)"});
  CHECK_THROWS_AS(loss(pred, Tensor<int>{-1, 0}), IndexError);
  check_says(message_of<IndexError>([&] {
               static_cast<void>(loss(Tensor<>::zeros({2, 0}), Tensor<int>{0, 0}));
             }),
             {"there are none"});
}

TEST_CASE("labels of neither shape, or of the other kind than asked for") {
  const Tensor pred = Tensor<>::zeros({2, 3});
  CHECK(message_of<ShapeError>([&] {
          static_cast<void>(loss::SoftmaxCrossEntropy()(pred, Tensor<int>{0, 1, 2}));
        }) ==
        "SoftmaxCrossEntropy: labels of shape (3,) do not fit a prediction of shape (2, 3) "
        "with its classes on axis -1: give the number of each class, as the shape (2,), or a "
        "probability for each class, as the shape of the prediction");
  check_says(message_of<ShapeError>([&] {
               static_cast<void>(loss::SoftmaxCrossEntropy({.sparse_label = true})(pred, pred));
             }),
             {"(2, 3)", "sparse_label = true", "(2,)", "leave sparse_label out"});
  check_says(message_of<ShapeError>([&] {
               static_cast<void>(
                   loss::SoftmaxCrossEntropy({.sparse_label = false})(pred, Tensor<int>{0, 1}));
             }),
             {"labels of shape (2,)", "sparse_label = false", "one_hot"});
  CHECK_THROWS_AS(loss::SoftmaxCrossEntropy({.axis = 2})(pred, pred), IndexError);
  CHECK_THROWS_AS(loss::SoftmaxCrossEntropy()(Tensor<>::full({}, 1), pred), IndexError);
  CHECK(message_of<ValueError>([] { loss::SoftmaxCrossEntropy({.label_smoothing = 1}); }) ==
        "SoftmaxCrossEntropy: label_smoothing must be in [0, 1): from 0 to less than 1, not 1");
  CHECK_THROWS_AS(loss::SoftmaxCrossEntropy({.label_smoothing = -0.1}), ValueError);
  CHECK_THROWS_AS(loss::SoftmaxCrossEntropy({.label_smoothing = NAN}), ValueError);
}
