// SPDX-License-Identifier: MIT
#include <parton/ops/matmul.hpp>

#include <parton/autograd/mode.hpp>
#include <parton/ops/compare.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

namespace {

/// The product by its definition, of matrices stored as the options say.
Tensor<double> slow_matmul(const Tensor<double>& a, const Tensor<double>& b,
                           MatmulOptions options) {
  const Index rows = a.shape()[options.transpose_a ? -1 : -2];
  const Index depth = a.shape()[options.transpose_a ? -2 : -1];
  const Index cols = b.shape()[options.transpose_b ? -2 : -1];
  const Shape a_batch(a.shape().dims().first(a.rank() - 2));
  const Shape b_batch(b.shape().dims().first(b.rank() - 2));
  const Shape batch = broadcast_shape(a_batch, b_batch).value();
  std::vector<Index> dims(batch.begin(), batch.end());
  dims.insert(dims.end(), {rows, cols});
  Tensor<double> result = Tensor<double>::zeros(Shape(dims));
  for (Index at = 0; at < result.size(); ++at) {
    std::vector<Index> where = position(at, result.shape());
    const Index row = where[where.size() - 2], col = where[where.size() - 1];
    for (Index k = 0; k < depth; ++k) {
      std::vector<Index> left = where, right = where;
      left[where.size() - 2] = options.transpose_a ? k : row;
      left[where.size() - 1] = options.transpose_a ? row : k;
      right[where.size() - 2] = options.transpose_b ? col : k;
      right[where.size() - 1] = options.transpose_b ? k : col;
      result.mutable_data()[at] += broadcast_at(a, left) * broadcast_at(b, right);
    }
  }
  return result;
}

Shape swapped(const Shape& shape, bool transpose) {
  std::vector<Index> dims(shape.begin(), shape.end());
  if (transpose) std::swap(dims[dims.size() - 1], dims[dims.size() - 2]);
  return Shape(dims);
}

}  // namespace

TEST_CASE("matmul multiplies stacks of matrices, broadcast and transposed, and so its gradients") {
  const std::vector<std::pair<Shape, Shape>> pairs = {
      {{2, 3}, {3, 4}},       {{1, 1}, {1, 1}},       {{6, 3}, {3, 5}},
      {{2, 2, 3}, {3, 4}},    {{2, 3}, {2, 3, 2}},    {{2, 1, 2, 3}, {1, 3, 3, 2}},
      {{3, 2, 1}, {3, 1, 2}}, {{2, 2, 3}, {1, 3, 2}}, {{0, 3}, {3, 2}},
      {{2, 0}, {0, 3}},       {{0, 2, 3}, {3, 2}},    {{0, 2, 3}, {1, 3, 2}}};
  for (const auto& [left, right] : pairs) {
    for (const MatmulOptions options : {MatmulOptions{}, MatmulOptions{true, false},
                                        MatmulOptions{false, true}, MatmulOptions{true, true}}) {
      const auto a = sample<double>(swapped(left, options.transpose_a));
      const auto b = sample<double>(swapped(right, options.transpose_b), 0.3);
      INFO(a.shape() << ' ' << b.shape());
      const Tensor<double> y = matmul(a, b, options), expected = slow_matmul(a, b, options);
      REQUIRE(y.shape() == expected.shape());
      for (Index i = 0; i < y.size(); ++i) CHECK(y.data()[i] == Approx(expected.data()[i]));
      check_gradients([&](const auto& in) { return matmul(in[0], in[1], options); }, {a, b});
      check_shape_only(matmul(Tensor<double>::shape_only(a.shape()), b, options), y.shape());
    }
  }
}

TEST_CASE("a vector is a row on the left and a column on the right, transposed or not") {
  const auto a = sample<double>({3}), b = sample<double>({3, 4}, 0.3);
  const auto stacked = sample<double>({2, 3, 4}, 0.1), c = sample<double>({4}, 0.7);
  const Tensor<double> row = matmul(a, b);
  CHECK(row.shape() == Shape{4});
  CHECK(allclose(row, matmul(a.reshape({1, 3}), b).reshape({4})));
  CHECK(matmul(a, stacked).shape() == Shape{2, 4});
  CHECK(matmul(stacked, c).shape() == Shape{2, 3});
  CHECK(allclose(matmul(stacked, c), matmul(stacked, c.reshape({4, 1})).reshape({2, 3})));
  CHECK(matmul(a, a).shape() == Shape{});
  CHECK(matmul(a, a, {true, true}).item() == Approx(matmul(a, a).item()));
  check_gradients([](const auto& in) { return matmul(in[0], in[1]); }, {a, b});
  check_gradients([](const auto& in) { return matmul(in[0], in[1]); }, {a, stacked});
  check_gradients([](const auto& in) { return matmul(in[0], in[1]); }, {stacked, c});
  check_gradients([](const auto& in) { return matmul(in[0], in[1]); }, {a, a});
  check_gradients([](const auto& in) { return matmul(in[0], in[1], {.transpose_b = true}); },
                  {c, stacked});
}

TEST_CASE("matmul takes half, computed in float, and Eigen matrices") {
  Tensor<Eigen::half> x = {{1, 2}, {3, 4}};
  x.attach_grad();
  {
    const autograd::Record recording;
    const Tensor<Eigen::half> y = matmul(x, x, {.transpose_b = true});
    CHECK(y == Tensor<Eigen::half>{{5, 11}, {11, 25}});
    y.backward();
  }
  CHECK(x.grad() == Tensor<Eigen::half>{{8, 12}, {8, 12}});
  const Eigen::MatrixXf m = Eigen::MatrixXf::Identity(2, 2);
  CHECK(matmul(m, Tensor{{1.f, 2.f}, {3.f, 4.f}}) == Tensor{{1.f, 2.f}, {3.f, 4.f}});
}

TEST_CASE("shapes that do not multiply are errors that show both") {
  const auto text = [](const Shape& a, const Shape& b, MatmulOptions options = {}) {
    return message_of<ShapeError>(
        [&] { static_cast<void>(matmul(Tensor<>::zeros(a), Tensor<>::zeros(b), options)); });
  };
  check_says(text({2, 3}, {2, 3}), {"matmul", "(2, 3) and (2, 3)", "transpose_b"});
  check_says(text({2, 3}, {3, 2}, {.transpose_b = true}), {"(2, 3) and (3, 2) transposed"});
  check_says(text({2, 2, 3}, {3, 3, 2}), {"(2, 2, 3)", "(3, 3, 2)"});
  check_says(text({}, {3}), {"()", "a * b"});
  CHECK_THROWS_AS(matmul(Tensor<>::zeros({3}), Tensor<>::zeros({4})), ShapeError);
  CHECK_THROWS_AS(matmul(Tensor<>::shape_only({3}), Tensor<>::zeros({4})), ShapeError);
}
