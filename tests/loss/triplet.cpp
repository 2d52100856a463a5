// SPDX-License-Identifier: MIT
#include <parton/loss/triplet.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("Triplet asks that the positive be closer than the negative by a margin") {
  for (const Index axis : {0, 1}) {
    const Shape shape{3, 4, 2};
    const loss::Triplet loss({.margin = 0.5, .weight = 2, .batch_axis = axis});
    const Tensor<double> a = random_input(shape, 1), b = random_input(shape, 2),
                         c = random_input(shape, 3), w = random_input({shape[axis]}, 4, 0.5, 2);
    std::vector<double> expected(static_cast<std::size_t>(shape[axis]), 0.5);
    for (Index i = 0; i < a.size(); ++i)
      expected[static_cast<std::size_t>(position(i, shape)[static_cast<std::size_t>(axis)])] +=
          std::pow(a.data()[i] - b.data()[i], 2) - std::pow(a.data()[i] - c.data()[i], 2);
    bool some_zero = false;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      some_zero = some_zero || expected[i] < 0;
      expected[i] = 2 * std::max(0.0, expected[i]) * w.data()[i];
    }
    CHECK(some_zero);
    check_values(loss(a, b, c, w), {shape[axis]}, expected);
    check_gradients([&](const auto& in) { return loss(in[0], in[1], in[2], w); }, {a, b, c});
  }
}

TEST_CASE("Triplet takes what every loss takes") {
  const loss::Triplet loss;
  const Tensor x{{1.f, 2.f}};
  CHECK(loss(x, Eigen::RowVector2f(1, 2), std::vector<int>{1, 3}) == Tensor{0.f});
  CHECK(loss(x, x, x) == Tensor{1.f});
  CHECK(loss(x.cast<Eigen::half>(), x, x, Tensor{2.f}).item() == Eigen::half(2));
  check_shape_only(loss(x, Tensor<>::shape_only({2}), x), {1});
  CHECK(message_of<ShapeError>([&] { static_cast<void>(loss(x, x, Tensor{1.f})); }) ==
        "Triplet: a negative of shape (1,) does not fit a prediction of shape (1, 2): it "
        "must have as many elements");
  CHECK_THROWS_AS(loss(x, x, x, Tensor{1.f, 2.f}), ShapeError);
  CHECK_THROWS_AS(loss(x, Tensor{1.f}, x), ShapeError);
  check_says(message_of<ValueError>([] { loss::Triplet({.margin = NAN}); }), {"Triplet: margin"});
}
