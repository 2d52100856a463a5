// SPDX-License-Identifier: MIT
#include <parton/loss/cosine_embedding.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("CosineEmbedding pulls pairs together, and others apart") {
  const Tensor<double> a = random_input({6, 3}, 1), b = random_input({6, 3}, 2);
  const Tensor<int> label{1, -1, 1, -1, -1, -1};
  const Tensor<double> weight = random_input({6}, 3, 0.5, 2);
  const loss::CosineEmbedding loss({.margin = 0.2, .weight = 3});
  std::vector<double> expected;
  for (Index i = 0; i < 6; ++i) {
    const auto x = a.matrix().row(i), y = b.matrix().row(i);
    const double cosine = x.dot(y) / (x.norm() * y.norm());
    expected.push_back(3 * weight.data()[i] *
                       (label.data()[i] == 1 ? 1 - cosine : std::max(0.0, cosine - 0.2)));
  }
  check_values(loss(a, b, label, weight), {6}, expected);
  check_values(loss(a.cast<float>(), b, label, weight), {6}, expected);
  check_gradients([&](const auto& in) { return loss(in[0], in[1], label, weight); }, {a, b});
}

TEST_CASE("CosineEmbedding of more axes averages over a sample's vectors") {
  const Tensor<double> a = random_input({2, 3, 4}, 1), b = random_input({2, 3, 4}, 2);
  const Tensor<double> weight = random_input({2, 3}, 3, 0.5, 2);
  const Tensor<int> label{{1, -1, 1}, {-1, -1, 1}};
  const loss::CosineEmbedding loss;
  const Tensor<double> each =
      loss(a.reshape({6, 4}), b.reshape({6, 4}), label, weight.reshape({6}));
  check_values(loss(a, b, label, weight), {2},
               {(each(0) + each(1) + each(2)) / 3, (each(3) + each(4) + each(5)) / 3});
  check_gradients([&](const auto& in) { return loss(in[0], in[1], label, weight); }, {a, b});
}

TEST_CASE("parallel vectors cost nothing, a zero vector has the cosine 0") {
  const loss::CosineEmbedding loss;
  Tensor a{{1e15f, 2e15f}, {0.f, 0.f}, {0.f, 0.f}};
  a.attach_grad();
  const Tensor b{{2e15f, 4e15f}, {1.f, 0.f}, {0.f, 0.f}};
  const autograd::Record recording;
  const Tensor result = loss(a, b, std::vector<int>{1, 1, -1});
  check_values(result, {3}, {0, 1, 0});
  result.backward();
  for (const float g : a.grad().span()) CHECK(std::isfinite(g));
}

TEST_CASE("CosineEmbedding's errors") {
  const loss::CosineEmbedding loss;
  const Tensor x = Tensor<>::full({2, 3}, 1);
  CHECK(message_of<ValueError>([&] {
          static_cast<void>(loss(x, x, Tensor<int>{1, 0}));
        }) ==
        "CosineEmbedding: the label 0 at (1,) must be 1 for a pair that belongs together, or "
        "-1 for one that does not");
  CHECK(message_of<ShapeError>([&] { static_cast<void>(loss(x, x, x)); }) ==
        "CosineEmbedding: a label of shape (2, 3) does not fit vectors of shape (2, 3): give one "
        "label for each vector, as the shape (2,)");
  CHECK_THROWS_AS(loss(x, Tensor{1.f}, Tensor<int>{1, 1}), ShapeError);
  CHECK(message_of<ShapeError>([&] {
          static_cast<void>(loss(Tensor<>::full({}, 1), Tensor{1.f}, Tensor{1.f}));
        }) == "CosineEmbedding: a tensor of rank 0 is no vector: reshape it to (1, 1)");
  CHECK(message_of<ValueError>([] { loss::CosineEmbedding({.margin = 2}); }) ==
        "CosineEmbedding: margin must be in [-1, 1], not 2");
  check_shape_only(loss(x, Tensor<>::shape_only({2, 3}), Tensor<int>{1, 1}), {2});
}
