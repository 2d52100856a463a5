// SPDX-License-Identifier: MIT
#include <parton/tensor/detail/from_eigen.hpp>

#include <array>
#include <concepts>
#include <type_traits>
#include <vector>

#include <Eigen/LU>

#include <parton/tensor/tensor.hpp>
#include <parton_test/catch.hpp>

using parton::Index;
using parton::Shape;
using parton::Tensor;

namespace {

/// True if the tensor has the matrix's shape and coefficients.
template <class Scalar, class Matrix>
bool holds(const Tensor<Scalar>& t, const Matrix& m) {
  if (!(t.shape() == Shape{m.rows(), m.cols()})) return false;
  for (Index i = 0; i < m.rows(); ++i)
    for (Index j = 0; j < m.cols(); ++j)
      if (t(i, j) != m(i, j)) return false;
  return true;
}

/// 0, 1, 2, ... in the matrix's own storage order.
template <class Matrix>
Matrix counting(Index rows, Index cols) {
  Matrix m(rows, cols);
  for (Index i = 0; i < m.size(); ++i) m.data()[i] = static_cast<typename Matrix::Scalar>(i);
  return m;
}

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace

TEST_CASE("a Tensor is made from an Eigen matrix of either storage order") {
  Tensor a = Eigen::MatrixXf::Random(3, 4);
  STATIC_REQUIRE(std::same_as<decltype(a), Tensor<float>>);
  CHECK(a.shape() == Shape{3, 4});
  const auto columns = counting<Eigen::MatrixXf>(3, 4);
  const auto rows = counting<RowMatrix>(3, 4);
  CHECK(holds(Tensor(columns), columns));
  CHECK(holds(Tensor(rows), rows));
  CHECK(Tensor(rows)(1, 0) == 4.f);
  CHECK(Tensor(columns)(1, 0) == 1.f);
  const Eigen::Matrix<int, 2, 3> fixed = Eigen::Matrix<int, 2, 3>::Constant(7);
  CHECK(holds(Tensor(fixed), fixed));
}

TEST_CASE("an Eigen vector becomes a tensor of rank 1, whichever way it lies") {
  const Eigen::Vector3f column(1, 2, 3);
  const Eigen::RowVectorXd row = Eigen::RowVectorXd::LinSpaced(4, 0, 3);
  CHECK(Tensor(column) == Tensor{1.f, 2.f, 3.f});
  CHECK(Tensor(row) == Tensor{0., 1., 2., 3.});
  const Eigen::ArrayXf array = Eigen::ArrayXf::Constant(2, 5.f);
  CHECK(Tensor(array) == Tensor{5.f, 5.f});
  const auto m = counting<RowMatrix>(2, 3);
  CHECK(Tensor(m.row(1)) == Tensor{3.f, 4.f, 5.f});
  CHECK(Tensor(m.col(1)) == Tensor{1.f, 4.f});
  CHECK(Tensor(m.diagonal()) == Tensor{0.f, 4.f});
  CHECK(Tensor(column.head(2)) == Tensor{1.f, 2.f});
}

TEST_CASE("a Tensor is made from maps, blocks, references and transposes") {
  auto m = counting<Eigen::MatrixXf>(4, 5);
  CHECK(holds(Tensor(m.block(1, 2, 3, 2)), m.block(1, 2, 3, 2)));
  CHECK(holds(Tensor(m.transpose()), m.transpose()));
  CHECK(holds(Tensor(m.reshaped(2, 10)), m.reshaped(2, 10)));
  const Eigen::Map<const Eigen::MatrixXf> map(m.data(), 5, 4);
  Tensor mapped = map;
  STATIC_REQUIRE(std::same_as<decltype(mapped), Tensor<float>>);
  CHECK(holds(mapped, map));
  const Eigen::Map<Eigen::MatrixXf, 0, Eigen::OuterStride<>> strided(m.data(), 2, 3,
                                                                     Eigen::OuterStride<>(4));
  CHECK(holds(Tensor(strided), strided));
  const Eigen::Ref<const Eigen::MatrixXf> reference = m;
  CHECK(holds(Tensor(reference), m));
}

TEST_CASE("a Tensor is made from matrix and array expressions") {
  const Eigen::MatrixXf a = counting<Eigen::MatrixXf>(3, 4), b = counting<Eigen::MatrixXf>(4, 2);
  const Eigen::MatrixXf product = a * b;
  CHECK(holds(Tensor(a * b), product));
  CHECK(holds(Tensor(a.transpose() * a), Eigen::MatrixXf(a.transpose() * a)));
  CHECK(holds(Tensor(a * b + product), Eigen::MatrixXf(2 * product)));
  CHECK(holds(Tensor(a.array() * 2 + 1), Eigen::MatrixXf((a.array() * 2 + 1).matrix())));
  CHECK(Tensor(a.array() > 5) == Tensor<bool>((a.array() > 5).eval()));
  STATIC_REQUIRE(std::same_as<decltype(Tensor(a.array() > 5)), Tensor<bool>>);
  STATIC_REQUIRE(std::same_as<decltype(Tensor(a.cast<double>())), Tensor<double>>);
  const Eigen::Vector2f v(1, 2), w(3, 4);
  CHECK(holds(Tensor(v * w.transpose()), Eigen::Matrix2f(v * w.transpose())));
  CHECK(Tensor(v.transpose() * w).item() == 11.f);
  CHECK(Tensor(a.colwise().sum()).shape() == Shape{4});
  Eigen::Matrix2f regular;
  regular << 2, 0, 0, 4;
  CHECK(Tensor(regular.inverse())(1, 1) == 0.25f);
  CHECK(Tensor(regular.partialPivLu().solve(v)) == Tensor{0.5f, 0.5f});
}

TEST_CASE("a Tensor is made from matrices of half and bfloat16") {
  using Half = Eigen::Matrix<Eigen::half, Eigen::Dynamic, Eigen::Dynamic>;
  using Brain = Eigen::Array<Eigen::bfloat16, Eigen::Dynamic, 1>;
  const Half m = Half::Constant(2, 2, Eigen::half(1.5f));
  CHECK(holds(Tensor(m), m));
  CHECK(holds(Tensor(m * m), Half::Constant(2, 2, Eigen::half(4.5f)).eval()));
  const Brain a = Brain::Constant(3, Eigen::bfloat16(2.f));
  CHECK(Tensor(a) == Tensor<Eigen::bfloat16>{2, 2, 2});
}

TEST_CASE("empty matrices make empty tensors that keep their shape") {
  CHECK(Tensor(Eigen::MatrixXf(0, 3)).shape() == Shape{0, 3});
  CHECK(Tensor(Eigen::MatrixXf(3, 0)).shape() == Shape{3, 0});
  CHECK(Tensor(Eigen::VectorXf()).shape() == Shape{0});
  // An empty sum is zero.
  const Eigen::MatrixXf a(2, 0), b(0, 3);
  CHECK(holds(Tensor(a * b), Eigen::MatrixXf::Zero(2, 3)));
}

TEST_CASE("a Tensor is made from an Eigen tensor of either storage order") {
  Eigen::Tensor<float, 3> columns(2, 3, 4);
  Eigen::Tensor<float, 3, Eigen::RowMajor> rows(2, 3, 4);
  for (Index i = 0; i < 2; ++i)
    for (Index j = 0; j < 3; ++j)
      for (Index k = 0; k < 4; ++k)
        columns(i, j, k) = rows(i, j, k) = static_cast<float>(100 * i + 10 * j + k);
  Tensor from_columns = columns;
  Tensor from_rows = rows;
  STATIC_REQUIRE(std::same_as<decltype(from_columns), Tensor<float>>);
  CHECK(from_columns.shape() == Shape{2, 3, 4});
  CHECK(from_columns == from_rows);
  CHECK(from_columns(1, 2, 3) == 123.f);
  CHECK(from_columns.flat()(1) == 1.f);
  CHECK(from_columns.data() != columns.data());

  SECTION("and from its maps") {
    const Eigen::TensorMap<const Eigen::Tensor<float, 3>> map(columns.data(), 2, 3, 4);
    Tensor mapped = map;
    STATIC_REQUIRE(std::same_as<decltype(mapped), Tensor<float>>);
    CHECK(mapped == from_rows);
  }
  SECTION("and from its expressions") {
    CHECK(Tensor(columns + columns)(1, 2, 3) == 246.f);
    CHECK(Tensor(rows * 2.f)(1, 2, 3) == 246.f);
    CHECK(Tensor(columns.chip<0>(1)).shape() == Shape{3, 4});
    CHECK(Tensor(columns.chip<0>(1)) == from_rows[1]);
    CHECK(Tensor(rows.chip<0>(1)) == from_rows[1]);
    STATIC_REQUIRE(std::same_as<decltype(Tensor(rows.cast<double>())), Tensor<double>>);
    STATIC_REQUIRE(std::same_as<decltype(Tensor(rows > rows)), Tensor<bool>>);
    const std::array<int, 3> order{2, 0, 1};
    CHECK(Tensor(columns.shuffle(order)) == Tensor(rows.shuffle(order)));
    CHECK(Tensor(columns.shuffle(order)).shape() == Shape{4, 2, 3});
    const Eigen::array<int, 1> axis{1};
    CHECK(Tensor(columns.sum(axis)) == Tensor(rows.sum(axis)));
    const Eigen::array<Index, 3> start{0, 1, 1}, extent{2, 2, 3};
    CHECK(Tensor(columns.slice(start, extent)) == Tensor(rows.slice(start, extent)));
    const Eigen::array<Eigen::IndexPair<int>, 1> pairs{Eigen::IndexPair<int>(1, 1)};
    CHECK(Tensor(columns.contract(columns, pairs)) == Tensor(rows.contract(rows, pairs)));
  }
}

TEST_CASE("Eigen tensors of fixed sizes, other index types and rank 1 are taken too") {
  Eigen::TensorFixedSize<float, Eigen::Sizes<2, 3>> fixed;
  fixed.setValues({{1, 2, 3}, {4, 5, 6}});
  CHECK(Tensor(fixed) == Tensor{{1.f, 2.f, 3.f}, {4.f, 5.f, 6.f}});
  Eigen::Tensor<double, 2, Eigen::ColMajor, int> narrow(2, 2);
  narrow(0, 0) = 1, narrow(0, 1) = 2, narrow(1, 0) = 3, narrow(1, 1) = 4;
  CHECK(Tensor(narrow) == Tensor{{1., 2.}, {3., 4.}});
  Eigen::Tensor<int, 1> vector(3);
  vector.setValues({1, 2, 3});
  CHECK(Tensor(vector) == Tensor<int>{1, 2, 3});
}

TEST_CASE("an Eigen tensor of rank 0 becomes a tensor of rank 0") {
  Eigen::Tensor<float, 0> columns;
  columns() = 3.f;
  Eigen::Tensor<float, 0, Eigen::RowMajor> rows;
  rows() = 4.f;
  CHECK(Tensor(columns).shape() == Shape{});
  CHECK(Tensor(columns).item() == 3.f);
  CHECK(Tensor(rows).item() == 4.f);
  Eigen::Tensor<float, 2> ones(2, 3);
  ones.setConstant(1.f);
  CHECK(Tensor(ones.sum()).shape() == Shape{});
  CHECK(Tensor(ones.sum()).item() == 6.f);
}

TEST_CASE("an Eigen tensor with more axes than a Shape holds is a ShapeError") {
  const Eigen::Tensor<float, 9> nine(1, 1, 1, 1, 1, 1, 1, 1, 1);
  CHECK_THROWS_AS(Tensor(nine), parton::ShapeError);
}

TEST_CASE("an empty Eigen tensor keeps its shape") {
  const Eigen::Tensor<float, 3> empty(2, 0, 3);
  CHECK(Tensor(empty).shape() == Shape{2, 0, 3});
}

TEST_CASE("a Tensor made from an Eigen view of itself is a copy") {
  Tensor a = {{1.f, 2.f}, {3.f, 4.f}};
  const Tensor before = a;
  a = a.matrix().transpose();
  CHECK(a == Tensor{{1.f, 3.f}, {2.f, 4.f}});
  CHECK_FALSE(a.shares_storage_with(before));
  a.assign(a.matrix().transpose());
  CHECK(a == before);
  a += a.matrix() * a.matrix();
  // [1 2; 3 4] squared is [7 10; 15 22].
  CHECK(a == Tensor{{8.f, 12.f}, {18.f, 26.f}});
}

TEST_CASE("Eigen's other scalars and special matrices do not turn into a Tensor unseen") {
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Eigen::MatrixXd, Tensor<float>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Eigen::MatrixXf, Tensor<double>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Eigen::Tensor<double, 2>, Tensor<float>>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<float>, Eigen::DiagonalMatrix<float, 3>>);
  STATIC_REQUIRE(std::is_convertible_v<Eigen::MatrixXf, Tensor<float>>);
  STATIC_REQUIRE(std::is_convertible_v<Eigen::Tensor<float, 2>, Tensor<float>>);
}
