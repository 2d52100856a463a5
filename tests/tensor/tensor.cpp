// SPDX-License-Identifier: MIT
#include <parton/tensor/tensor.hpp>

#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton_test/catch.hpp>

using Catch::Matchers::ContainsSubstring;
using Eigen::bfloat16;
using Eigen::half;
using parton::Index;
using parton::IndexError;
using parton::Shape;
using parton::ShapeError;
using parton::Tensor;
using parton::ValueError;

namespace {

/// 0, 1, 2, ... in row-major order.
template <class Scalar = float>
Tensor<Scalar> counting(const Shape& shape) {
  auto t = Tensor<Scalar>::empty(shape);
  std::iota(t.span().begin(), t.span().end(), Scalar{0});
  return t;
}

template <class Scalar>
std::vector<Scalar> values(const Tensor<Scalar>& t) {
  return {t.data(), t.data() + t.size()};
}

template <class T>
concept Writable = requires(T& t) {
  t(0, 0) = typename T::value_type(1);
};
template <class T>
concept RowWritable = requires(T& t) {
  t[0](0) = typename T::value_type(1);
};
template <class T>
concept RowAddable = requires(T& t) {
  t[0] += 1;
};
template <class T>
concept SliceAddable = requires(T& t) {
  t.slice(0, 1) += 1;
};
template <class T>
concept ReshapeAddable = requires(T& t) {
  t.reshape({-1}) += 1;
};
template <class T>
concept MatrixWritable = requires(T& t) {
  t.matrix()(0, 0) = typename T::value_type(1);
};
template <class T>
concept FlatWritable = requires(T& t) {
  t.flat()(0) = typename T::value_type(1);
};
template <class T>
concept TensorWritable = requires(T& t) {
  t.template tensor<2>()(0, 0) = typename T::value_type(1);
};
template <class T>
concept Fillable = requires(T& t) {
  t.fill(1);
};
template <class T>
concept MutableData = requires(T& t) {
  t.mutable_data();
};
template <class T, class Number>
concept Addable = requires(T& t, Number b) {
  t += b;
};
template <class T, class Number>
concept Subtractable = requires(T& t, Number b) {
  t -= b;
};
template <class T, class Number>
concept Divisible = requires(T& t, Number b) {
  t /= b;
};
template <class T, class Index>
concept Indexable = requires(T& t, Index i) {
  t[i];
};
template <class T, class Index>
concept Callable = requires(T& t, Index i) {
  t(i);
};

}  // namespace

// --- the lines of the contract ---

TEST_CASE("Eigen views of a tensor are those that the contract names, and write to it") {
  Tensor t = counting({2, 3});
  auto w = t.tensor<2>();
  auto m = t.matrix();
  STATIC_REQUIRE(
      std::same_as<decltype(w), Eigen::TensorMap<Eigen::Tensor<float, 2, Eigen::RowMajor>>>);
  STATIC_REQUIRE(decltype(m)::IsRowMajor);
  STATIC_REQUIRE(std::same_as<decltype(t.vector()), Eigen::Map<Eigen::VectorXf>>);
  STATIC_REQUIRE(std::same_as<decltype(t.flat()), Eigen::Map<Eigen::VectorXf>>);
  STATIC_REQUIRE(std::same_as<decltype(t.array()), Eigen::Map<Eigen::ArrayXf>>);
  w(0, 0) = 42;
  m.row(1).setZero();
  CHECK(values(t) == std::vector<float>{42, 1, 2, 0, 0, 0});
  t.array() *= (t.array().abs() >= 5).cast<float>();
  CHECK(values(t) == std::vector<float>{42, 0, 0, 0, 0, 0});
  t.flat()(5) = 7;
  t.reshape({6}).vector()(4) = 6;
  CHECK(t(1, 2) == 7.f);
  CHECK(t(1, 1) == 6.f);
}

TEST_CASE("a temporary handle writes to the storage it shares, but cannot be assigned to") {
  Tensor stored = counting({2, 3});
  const auto data = [&] { return stored; };
  data() += 1;
  data()(0, 0) = 42;
  data()[1] *= 2.f;
  data().matrix()(0, 1) = -1;
  CHECK(values(stored) == std::vector<float>{42, -1, 3, 8, 10, 12});
  STATIC_REQUIRE_FALSE(std::is_assignable_v<Tensor<>&&, Tensor<>>);
  STATIC_REQUIRE_FALSE(std::is_assignable_v<Tensor<>&&, const Tensor<>&>);
  STATIC_REQUIRE_FALSE(std::is_assignable_v<Tensor<>&&, Eigen::MatrixXf>);
  STATIC_REQUIRE_FALSE(std::is_assignable_v<const Tensor<>&, Tensor<>>);
  STATIC_REQUIRE(std::is_assignable_v<Tensor<>&, Tensor<>>);
  STATIC_REQUIRE(std::is_assignable_v<Tensor<>&, const Tensor<>&>);
}

// --- handles ---

TEST_CASE("a copied handle shares storage, copy() does not") {
  Tensor a = {{1.f, 2.f}, {3.f, 4.f}};
  const Tensor handle = a;
  const Tensor deep = a.copy();
  a(0, 0) = 10;
  CHECK(handle(0, 0) == 10.f);
  CHECK(deep(0, 0) == 1.f);
  CHECK(handle.shares_storage_with(a));
  CHECK_FALSE(deep.shares_storage_with(a));
  CHECK(deep.shape() == a.shape());
}

TEST_CASE("a default tensor is empty and as usable as any") {
  Tensor<> t;
  CHECK(t.shape() == Shape{0});
  CHECK(t.size() == 0);
  CHECK(t.has_values());
  CHECK(t.span().empty());
  CHECK(t == Tensor<>::empty({0}));
  CHECK(t.copy() == t);
  CHECK(t.cast<int>().shape() == Shape{0});
  t += 1;
  t += t;
  t += Tensor{1.f};
  t.fill(3);
  CHECK(t.array().size() == 0);
  CHECK(t.tensor<1>().size() == 0);
  CHECK(t.slice(0, 0).shape() == Shape{0});
  CHECK(t.reshape({0, 3}).shape() == Shape{0, 3});
  CHECK_FALSE(t.shares_storage_with(t));
  CHECK_THROWS_AS(t(0), IndexError);
  CHECK_THROWS_AS(t[0], IndexError);
  CHECK_THROWS_AS(t.item(), ShapeError);
}

TEST_CASE("a tensor that was moved from is a default tensor") {
  Tensor a = {1.f, 2.f};
  const Tensor b = std::move(a);
  CHECK(a.shape() == Shape{0});  // NOLINT: the state after a move is what is tested
  CHECK(b.shape() == Shape{2});
  a += 1;
  CHECK_THROWS_AS(a(0), IndexError);
  a = {5.f};
  CHECK(a(0) == 5.f);
}

TEST_CASE("self-assignment keeps the tensor") {
  Tensor a = {1.f, 2.f};
  Tensor<>& same = a;
  a = same;
  CHECK(a == Tensor{1.f, 2.f});
  a = std::move(same);
  CHECK(a == Tensor{1.f, 2.f});
  a.assign(same);
  CHECK(a == Tensor{1.f, 2.f});
}

TEST_CASE("assigning to a handle leaves the other handles where they were") {
  Tensor a = {1.f, 2.f};
  const Tensor before = a;
  a = Tensor{3.f};
  CHECK(before == Tensor{1.f, 2.f});
  CHECK(a == Tensor{3.f});
}

TEST_CASE("handles are cheap to hold and to move") {
  STATIC_REQUIRE(sizeof(Tensor<>) == sizeof(void*));
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<Tensor<>>);
  STATIC_REQUIRE(std::is_nothrow_copy_constructible_v<Tensor<>>);
  STATIC_REQUIRE(std::is_nothrow_default_constructible_v<Tensor<>>);
}

// --- what becomes a Tensor, and what does not ---

TEST_CASE("runs of values become tensors of rank 1 with storage of their own") {
  std::vector<float> vector = {1, 2, 3};
  const std::array<double, 2> array = {4, 5};
  int plain[] = {6, 7};
  const Tensor from_vector = vector;
  const Tensor from_array = array;
  const Tensor from_plain = plain;
  const Tensor from_span = std::span<const float>(vector).subspan(1);
  STATIC_REQUIRE(std::same_as<decltype(from_vector), const Tensor<float>>);
  STATIC_REQUIRE(std::same_as<decltype(from_array), const Tensor<double>>);
  STATIC_REQUIRE(std::same_as<decltype(from_plain), const Tensor<int>>);
  STATIC_REQUIRE(std::same_as<decltype(from_span), const Tensor<float>>);
  vector[1] = 9;
  CHECK(from_vector == Tensor{1.f, 2.f, 3.f});
  CHECK(from_array == Tensor{4., 5.});
  CHECK(from_plain == Tensor<int>{6, 7});
  CHECK(from_span == Tensor{2.f, 3.f});
  CHECK(Tensor(std::vector<float>{}).shape() == Shape{0});
  CHECK(Tensor(std::vector<half>{half(1.f)}) == Tensor<half>{1});
}

TEST_CASE("a span of a tensor reads and writes its elements") {
  Tensor t = counting({2, 2});
  const std::span<float> span = t.span();
  span[3] = 8;
  CHECK(t(1, 1) == 8.f);
  const Tensor<>& constant = t;
  STATIC_REQUIRE(std::same_as<decltype(constant.span()), std::span<const float>>);
  CHECK(constant.span().size() == 4);
}

TEST_CASE("numbers, text, shapes and other scalars do not turn into a Tensor unseen") {
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<>, int>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<>, float>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<>, std::nullptr_t>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<>, float*>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<>, std::string>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<>, std::string_view>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<>, const char(&)[4]>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<std::int8_t>, std::string>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<>, Shape>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<Index>, Shape>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<>, std::vector<double>>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<>, Tensor<double>>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Tensor<float>, Tensor<half>>);
  STATIC_REQUIRE(std::is_convertible_v<std::vector<float>, Tensor<>>);
}

// --- rows, slices, reshapes ---

TEST_CASE("a row shares storage with its tensor, at every rank") {
  Tensor t = counting({2, 3, 4});
  CHECK(t[1].shape() == Shape{3, 4});
  CHECK(t[1][2].shape() == Shape{4});
  CHECK(t[1][2][3].shape() == Shape{});
  CHECK(t[1][2][3].item() == 23.f);
  CHECK(t[-1][-2](-3) == 17.f);  // t(1, 1, 1) = 12 + 4 + 1
  t[1][2] += 100;
  CHECK(t(1, 2, 0) == 120.f);
  CHECK(t(1, 1, 3) == 19.f);
  CHECK(t[0].shares_storage_with(t));
  CHECK(t[std::uint8_t{1}] == t[1L]);
}

TEST_CASE("a slice shares storage, and its bounds may be counted from the end") {
  Tensor t = counting({4, 2});
  CHECK(t.slice(1, 3).shape() == Shape{2, 2});
  CHECK(values(t.slice(1, 3)) == std::vector<float>{2, 3, 4, 5});
  CHECK(t.slice(-2, 4) == t.slice(2, 4));
  CHECK(t.slice(0, -1) == t.slice(0, 3));
  CHECK(t.slice(2, 2).shape() == Shape{0, 2});
  CHECK(t.slice(4, 4).shape() == Shape{0, 2});
  t.slice(1, 3).fill(9);
  CHECK(values(t) == std::vector<float>{0, 1, 9, 9, 9, 9, 6, 7});
  CHECK(t.slice(1, 3)[1].shares_storage_with(t));
}

TEST_CASE("a slice outside the tensor is an IndexError with bounds and shape") {
  const Tensor t = counting({4, 2});
  CHECK_THROWS_AS(t.slice(0, 5), IndexError);
  CHECK_THROWS_WITH(t.slice(0, 5), ContainsSubstring("[0, 5)") && ContainsSubstring("(4, 2)"));
  CHECK_THROWS_AS(t.slice(3, 2), IndexError);
  CHECK_THROWS_AS(t.slice(-5, 2), IndexError);
  CHECK_THROWS_WITH(t.slice(-5, 2), ContainsSubstring("[-5, 2)"));
  const Index smallest = std::numeric_limits<Index>::min();
  CHECK_THROWS_AS(t.slice(smallest, std::numeric_limits<Index>::max()), IndexError);
  CHECK_THROWS_AS(Tensor<>::zeros({}).slice(0, 0), IndexError);
}

TEST_CASE("a reshape shares storage, and finds the dimension that is written -1") {
  Tensor t = counting({2, 6});
  CHECK(t.reshape({3, 4}).shape() == Shape{3, 4});
  CHECK(t.reshape({-1}).shape() == Shape{12});
  CHECK(t.reshape({3, -1}).shape() == Shape{3, 4});
  CHECK(t.reshape({-1, 1, 12}).shape() == Shape{1, 1, 12});
  CHECK(t.reshape({3, 4})(2, 3) == 11.f);
  t.reshape({12})(7) = 70;
  CHECK(t(1, 1) == 70.f);
  CHECK(t.reshape({12}).shares_storage_with(t));
  CHECK(Tensor{5.f}.reshape({}).shape() == Shape{});
  CHECK(Tensor{5.f}.reshape({}).reshape({1, -1}).item() == 5.f);
  CHECK(Tensor<>::empty({0, 4}).reshape({-1, 2}).shape() == Shape{0, 2});
  CHECK(t.reshape(t[0].shape().with(0, 12)).size() == 12);
}

TEST_CASE("a reshape that does not fit is a ShapeError with both shapes") {
  const Tensor t = counting({2, 6});
  CHECK_THROWS_AS(t.reshape({5}), ShapeError);
  CHECK_THROWS_WITH(t.reshape({5}), ContainsSubstring("(2, 6)") && ContainsSubstring("(5,)"));
  CHECK_THROWS_AS(t.reshape({5, -1}), ShapeError);
  CHECK_THROWS_WITH(t.reshape({5, -1}), ContainsSubstring("(5, -1)"));
  CHECK_THROWS_AS(t.reshape({-1, -1}), ShapeError);
  CHECK_THROWS_AS(t.reshape({0, -1}), ShapeError);
  CHECK_THROWS_AS(t.reshape({}), ShapeError);
  CHECK_THROWS_AS(Tensor<>::empty({0}).reshape({0, -1}), ShapeError);
}

// --- checked access ---

TEST_CASE("elements are found at every rank, also from the end") {
  const Tensor t = counting({2, 3, 4});
  CHECK(t(1, 2, 3) == 23.f);
  CHECK(t(-1, -1, -1) == 23.f);
  CHECK(t(-2, 0, 1) == 1.f);
  CHECK(t(1U, std::size_t{2}, short{3}) == 23.f);
  CHECK(Tensor<>::full({}, 7)() == 7.f);
}

TEST_CASE("an index outside the tensor is an IndexError with index, axis and shape") {
  Tensor t = counting({2, 3});
  CHECK_THROWS_AS(t(0, 3), IndexError);
  CHECK_THROWS_WITH(t(0, 3), "index 3 is out of range for axis 1 of a tensor of shape (2, 3)");
  CHECK_THROWS_WITH(t(-3, 0), "index -3 is out of range for axis 0 of a tensor of shape (2, 3)");
  CHECK_THROWS_AS(t[2], IndexError);
  CHECK_THROWS_WITH(t[2], "index 2 is out of range for axis 0 of a tensor of shape (2, 3)");
  CHECK_THROWS_AS(t[-3], IndexError);
  CHECK_THROWS_AS(std::as_const(t)(2, 0), IndexError);
  CHECK_THROWS_AS(t(std::numeric_limits<Index>::min(), 0), IndexError);
  CHECK_THROWS_AS(t(std::numeric_limits<Index>::max(), 0), IndexError);
  CHECK_THROWS_AS(Tensor<>::empty({0, 3})(0, 0), IndexError);
  CHECK_THROWS_AS(Tensor<>::empty({0, 3})[0], IndexError);
}

TEST_CASE("an unsigned index below zero is out of range, and not the last element") {
  const std::vector<float> empty;
  Tensor t = counting({2, 3});
  CHECK_THROWS_AS(t[empty.size() - 1], IndexError);
  CHECK_THROWS_AS(t(0, empty.size() - 1), IndexError);
  CHECK_THROWS_AS(t.slice(0, empty.size() - 1), IndexError);
}

TEST_CASE("the wrong number of indices is an IndexError with number and shape") {
  const Tensor t = counting({2, 3});
  CHECK_THROWS_AS(t(0), IndexError);
  CHECK_THROWS_WITH(t(0), ContainsSubstring("1 indices") && ContainsSubstring("(2, 3)"));
  CHECK_THROWS_AS(t(0, 0, 0), IndexError);
  CHECK_THROWS_AS(t(), IndexError);
  CHECK_THROWS_AS(Tensor<>::zeros({})[0], IndexError);
  CHECK_THROWS_WITH(Tensor<>::zeros({})[0], ContainsSubstring("rank 0"));
}

TEST_CASE("fractions, flags and characters are no indices") {
  STATIC_REQUIRE(Indexable<Tensor<>, int>);
  STATIC_REQUIRE(Indexable<Tensor<>, std::size_t>);
  STATIC_REQUIRE_FALSE(Indexable<Tensor<>, double>);
  STATIC_REQUIRE_FALSE(Indexable<Tensor<>, bool>);
  STATIC_REQUIRE_FALSE(Indexable<Tensor<>, char>);
  STATIC_REQUIRE_FALSE(Callable<Tensor<>, double>);
  STATIC_REQUIRE_FALSE(Callable<Tensor<>, bool>);
}

TEST_CASE("an Eigen view of another rank is a ShapeError with both ranks") {
  Tensor t = counting({2, 3});
  CHECK_THROWS_AS(t.vector(), ShapeError);
  CHECK_THROWS_WITH(t.vector(), ContainsSubstring("vector()") &&
                                    ContainsSubstring("rank 1, but the shape is (2, 3)"));
  CHECK_THROWS_AS(t[0].matrix(), ShapeError);
  CHECK_THROWS_WITH(t[0].matrix(), ContainsSubstring("matrix()") &&
                                       ContainsSubstring("rank 2, but the shape is (3,)"));
  CHECK_THROWS_AS(t.tensor<3>(), ShapeError);
  CHECK_THROWS_WITH(t.tensor<3>(), ContainsSubstring("tensor<3>()") && ContainsSubstring("(2, 3)"));
  CHECK_THROWS_AS(std::as_const(t).tensor<1>(), ShapeError);
}

TEST_CASE("Eigen views have the tensor's shape, at every rank") {
  const Tensor t = counting({2, 3, 4});
  CHECK(t.tensor<3>()(1, 2, 3) == 23.f);
  CHECK(t.tensor<3>().dimension(2) == 4);
  CHECK(t.flat().size() == 24);
  CHECK(t[0].matrix().rows() == 3);
  CHECK(t[0].matrix()(2, 1) == 9.f);
  CHECK(t[0][1].vector()(2) == 6.f);
  CHECK(t[0][1][2].tensor<0>()() == 6.f);
  CHECK(t[0][1][2].array()(0) == 6.f);
  CHECK(Tensor<>::empty({3, 0}).matrix().rows() == 3);
  CHECK(Tensor<>::empty({3, 0}).tensor<2>().dimension(0) == 3);
}

TEST_CASE("item() is the one element, and a ShapeError with the shape otherwise") {
  CHECK(Tensor{{{3.f}}}.item() == 3.f);
  CHECK(Tensor<>::full({}, 4).item() == 4.f);
  CHECK_THROWS_AS(counting({2, 1}).item(), ShapeError);
  CHECK_THROWS_WITH(counting({2, 1}).item(), ContainsSubstring("(2, 1)"));
  CHECK_THROWS_AS(Tensor<>::empty({1, 0}).item(), ShapeError);
}

// --- const ---

TEST_CASE("a const tensor gives const elements, rows and views") {
  STATIC_REQUIRE(Writable<Tensor<>>);
  STATIC_REQUIRE(RowWritable<Tensor<>>);
  STATIC_REQUIRE(RowAddable<Tensor<>>);
  STATIC_REQUIRE(SliceAddable<Tensor<>>);
  STATIC_REQUIRE(ReshapeAddable<Tensor<>>);
  STATIC_REQUIRE(MatrixWritable<Tensor<>>);
  STATIC_REQUIRE(FlatWritable<Tensor<>>);
  STATIC_REQUIRE(TensorWritable<Tensor<>>);
  STATIC_REQUIRE(Fillable<Tensor<>>);
  STATIC_REQUIRE(MutableData<Tensor<>>);
  STATIC_REQUIRE(Addable<Tensor<>, float>);

  STATIC_REQUIRE_FALSE(Writable<const Tensor<>>);
  STATIC_REQUIRE_FALSE(RowWritable<const Tensor<>>);
  STATIC_REQUIRE_FALSE(RowAddable<const Tensor<>>);
  STATIC_REQUIRE_FALSE(SliceAddable<const Tensor<>>);
  STATIC_REQUIRE_FALSE(ReshapeAddable<const Tensor<>>);
  STATIC_REQUIRE_FALSE(MatrixWritable<const Tensor<>>);
  STATIC_REQUIRE_FALSE(FlatWritable<const Tensor<>>);
  STATIC_REQUIRE_FALSE(TensorWritable<const Tensor<>>);
  STATIC_REQUIRE_FALSE(Fillable<const Tensor<>>);
  STATIC_REQUIRE_FALSE(MutableData<const Tensor<>>);
  STATIC_REQUIRE_FALSE(Addable<const Tensor<>, float>);
  STATIC_REQUIRE_FALSE(Addable<const Tensor<>, Tensor<>>);

  const Tensor t = counting({2, 3});
  STATIC_REQUIRE(std::same_as<decltype(t.data()), const float*>);
  STATIC_REQUIRE(std::same_as<decltype(t(0, 0)), const float&>);
  STATIC_REQUIRE(std::same_as<decltype(t.tensor<2>()),
                              Eigen::TensorMap<const Eigen::Tensor<float, 2, Eigen::RowMajor>>>);
  STATIC_REQUIRE(std::same_as<decltype(t.array()), Eigen::Map<const Eigen::ArrayXf>>);
}

// --- arithmetic in place ---

TEST_CASE("arithmetic with a number changes every element") {
  Tensor t = {{1.f, 2.f}, {3.f, 4.f}};
  const Tensor handle = t;
  t += 1;
  t *= 2.0;
  t -= 3.f;
  t /= 2;
  CHECK(values(handle) == std::vector<float>{0.5, 1.5, 2.5, 3.5});
  CHECK(&(t += 1) == &t);
  t /= 0;
  CHECK(std::isinf(t(0, 0)));
}

TEST_CASE("halves take float, double and integer literals, and round once") {
  Tensor<half> h = {1, 2, 3};
  h += 1.f;
  h *= 0.1;
  h /= 2;
  h -= half(1.f);
  // Each step in float, then rounded to half: 2 * 0.1 -> 0.09998 (half) ... by the formula below.
  for (int i = 0; i < 3; ++i) {
    const half sum(static_cast<float>(i + 1) + 1.f);
    const half product(static_cast<float>(sum) * 0.1f);
    const half quotient(static_cast<float>(product) / 2.f);
    CHECK(h(i) == half(static_cast<float>(quotient) - 1.f));
  }
  Tensor<bfloat16> b = {1, 2, 3};
  b *= 0.5f;
  b += b;
  CHECK(b == Tensor<bfloat16>{1, 2, 3});
  b.fill(0.25);
  CHECK(b(2) == bfloat16(0.25f));
}

TEST_CASE("arithmetic with a tensor of the same shape is elementwise") {
  Tensor t = {{1.f, 2.f}, {3.f, 4.f}};
  const Tensor u = {{10.f, 20.f}, {30.f, 40.f}};
  t += u;
  CHECK(t == Tensor{{11.f, 22.f}, {33.f, 44.f}});
  t -= u;
  t *= u;
  CHECK(t == Tensor{{10.f, 40.f}, {90.f, 160.f}});
  t /= u;
  CHECK(t == Tensor{{1.f, 2.f}, {3.f, 4.f}});
  t += t;
  CHECK(t == Tensor{{2.f, 4.f}, {6.f, 8.f}});
  const Tensor same = t;
  t -= same;
  CHECK(t == Tensor<>::zeros({2, 2}));
  t += Eigen::MatrixXf::Identity(2, 2);
  CHECK(t == Tensor{{1.f, 0.f}, {0.f, 1.f}});
}

TEST_CASE("the other tensor is broadcast as NumPy does") {
  Tensor t = Tensor<>::zeros({2, 3});
  t += Tensor{1.f, 2.f, 3.f};
  CHECK(t == Tensor{{1.f, 2.f, 3.f}, {1.f, 2.f, 3.f}});
  t += Tensor{{10.f}, {20.f}};
  CHECK(t == Tensor{{11.f, 12.f, 13.f}, {21.f, 22.f, 23.f}});
  t -= Tensor{{1.f}};
  t -= Tensor<>::full({}, 10);
  CHECK(t == Tensor{{0.f, 1.f, 2.f}, {10.f, 11.f, 12.f}});
  t.assign(Tensor{{7.f}, {8.f}});
  CHECK(t == Tensor{{7.f, 7.f, 7.f}, {8.f, 8.f, 8.f}});
}

TEST_CASE("every broadcast agrees with the definition, element by element") {
  // The definition: an axis of size 1 in the source always reads position 0.
  std::mt19937 random(1);
  for (int trial = 0; trial < 400; ++trial) {
    const std::size_t rank = random() % 6;
    std::vector<Index> to(rank), from;
    for (Index& dim : to) dim = static_cast<Index>(random() % 8 == 0 ? 0 : 1 + random() % 3);
    const std::size_t dropped = rank == 0 ? 0 : random() % (rank + 1);
    for (std::size_t i = dropped; i < rank; ++i) from.push_back(random() % 3 == 0 ? 1 : to[i]);
    Tensor t = counting(Shape(to));
    const Tensor source = counting(Shape(from));
    const Tensor before = t.copy();
    t *= 100;
    t += source;
    std::vector<Index> position(rank, 0);
    for (Index i = 0; i < t.size(); ++i) {
      Index at = 0;
      for (std::size_t k = dropped; k < rank; ++k)
        at = at * from[k - dropped] + (from[k - dropped] == 1 ? 0 : position[k]);
      INFO(t.shape() << " += " << source.shape() << " at " << i);
      REQUIRE(t.data()[i] == 100 * before.data()[i] + source.data()[at]);
      for (std::size_t k = rank; k-- > 0;) {
        if (++position[k] < to[k]) break;
        position[k] = 0;
      }
    }
  }
  SUCCEED();
}

TEST_CASE("a shape that cannot be broadcast is a ShapeError with operation and both shapes") {
  Tensor t = counting({2, 3});
  const Tensor before = t.copy();
  CHECK_THROWS_AS(t += counting({2}), ShapeError);
  CHECK_THROWS_WITH(t += counting({2}), ContainsSubstring("+=") && ContainsSubstring("(2, 3)") &&
                                            ContainsSubstring("(2,)"));
  CHECK_THROWS_AS(t -= counting({3, 3}), ShapeError);
  CHECK_THROWS_AS(t *= counting({1, 2, 3}), ShapeError);
  CHECK_THROWS_AS(t /= counting({3, 2}), ShapeError);
  CHECK_THROWS_AS(t.assign(counting({6})), ShapeError);
  CHECK_THROWS_AS(t += Tensor<>(), ShapeError);
  CHECK(t == before);
}

TEST_CASE("a source within the destination is read as it was before") {
  SECTION("its own first row") {
    Tensor t = {{1.f, 2.f}, {3.f, 4.f}, {5.f, 6.f}};
    t += t[0];
    CHECK(t == Tensor{{2.f, 4.f}, {4.f, 6.f}, {6.f, 8.f}});
  }
  SECTION("its own first column") {
    Tensor t = {{1.f}, {2.f}};
    Tensor wide = Tensor{{1.f, 2.f}, {3.f, 4.f}};
    wide *= wide.reshape({4}).slice(1, 3).reshape({2, 1});
    CHECK(wide == Tensor{{2.f, 4.f}, {9.f, 12.f}});
    t -= t[1];
    CHECK(t == Tensor{{-1.f}, {0.f}});
  }
  SECTION("shifted forwards: no running sum") {
    Tensor t = counting({6});
    t.slice(1, 6) += t.slice(0, 5);
    CHECK(t == Tensor{0.f, 1.f, 3.f, 5.f, 7.f, 9.f});
  }
  SECTION("shifted backwards") {
    Tensor t = counting({6});
    t.slice(0, 5) += t.slice(1, 6);
    CHECK(t == Tensor{1.f, 3.f, 5.f, 7.f, 9.f, 5.f});
  }
  SECTION("assigned with a shift") {
    Tensor t = counting({6});
    t.slice(1, 6).assign(t.slice(0, 5));
    CHECK(t == Tensor{0.f, 0.f, 1.f, 2.f, 3.f, 4.f});
  }
  SECTION("the same memory adopted twice") {
    std::array<float, 4> memory = {1, 2, 3, 4};
    auto a = Tensor<>::adopt(memory.data() + 1, {3}, nullptr);
    const auto b = Tensor<>::adopt(memory.data(), {3}, nullptr);
    a += b;
    CHECK(memory == std::array<float, 4>{1, 3, 5, 7});
  }
  SECTION("the same elements under another shape of equal size") {
    Tensor t = {{1.f, 2.f}};
    t += t.reshape({2});
    CHECK(t == Tensor{{2.f, 4.f}});
    t.assign(t.reshape({2}));
    CHECK(t == Tensor{{2.f, 4.f}});
  }
}

TEST_CASE("integer tensors calculate in integers and wrap around as in NumPy") {
  Tensor<int> t = {7, -7, 8};
  t /= 2;
  CHECK(t == Tensor<int>{3, -3, 4});
  t *= Tensor<int>{2, 3, 4};
  t -= 1;
  CHECK(t == Tensor<int>{5, -10, 15});
  constexpr int lowest = std::numeric_limits<int>::min(), highest = std::numeric_limits<int>::max();
  Tensor<int> edge = {highest, lowest};
  edge += 1;
  CHECK(edge == Tensor<int>{lowest, lowest + 1});
  edge *= edge.copy();
  CHECK(edge == Tensor<int>{0, 1});  // 2^62 and (2^31 - 1)^2 modulo 2^32
  Tensor<int> quotient = {lowest, 6};
  quotient /= -1;
  CHECK(quotient == Tensor<int>{lowest, -6});
  Tensor<std::uint16_t> square = {65535};
  square *= square.copy();
  CHECK(square == Tensor<std::uint16_t>{1});  // (2^16 - 1)^2 modulo 2^16
  Tensor<std::int8_t> bytes = {127, -128};
  bytes += std::int8_t{1};
  CHECK(bytes == Tensor<std::int8_t>{-128, -127});
  Tensor<std::int64_t> big = {std::int64_t{1} << 60};
  big += 1;
  CHECK(big(0) == (std::int64_t{1} << 60) + 1);
  Tensor<std::uint64_t> unsigned_big = {std::numeric_limits<std::uint64_t>::max()};
  unsigned_big -= std::uint64_t{1};
  CHECK(unsigned_big(0) == std::numeric_limits<std::uint64_t>::max() - 1);
}

TEST_CASE("an integer divided by zero is a ValueError that changes nothing") {
  Tensor<int> t = {1, 2, 3};
  CHECK_THROWS_AS(t /= 0, ValueError);
  CHECK_THROWS_WITH(t /= 0, ContainsSubstring("division by zero") && ContainsSubstring("int32"));
  CHECK_THROWS_AS((t /= Tensor<int>{1, 2, 0}), ValueError);
  CHECK_THROWS_AS(t /= Tensor<int>::zeros({}), ValueError);
  CHECK(t == Tensor<int>{1, 2, 3});
  Tensor<std::uint8_t> bytes = {1};
  CHECK_THROWS_AS(bytes /= 0, ValueError);
}

TEST_CASE("integer tensors take no fraction and no number that does not fit") {
  STATIC_REQUIRE(Addable<Tensor<int>, int>);
  STATIC_REQUIRE(Addable<Tensor<int>, std::int64_t>);
  STATIC_REQUIRE_FALSE(Addable<Tensor<int>, float>);
  STATIC_REQUIRE_FALSE(Addable<Tensor<int>, half>);
  STATIC_REQUIRE_FALSE(Addable<Tensor<>, char>);
  STATIC_REQUIRE_FALSE(Addable<Tensor<>, std::string>);
  STATIC_REQUIRE_FALSE(Addable<Tensor<>, Tensor<double>>);
  Tensor<std::int8_t> t = {1};
  CHECK_THROWS_AS(t += 300, ValueError);
  CHECK_THROWS_WITH(t += 300, ContainsSubstring("300") && ContainsSubstring("int8"));
  CHECK_THROWS_AS(t.fill(-129), ValueError);
  CHECK_THROWS_AS(Tensor<unsigned>::full({2}, -1), ValueError);
  CHECK(t(0) == 1);
}

TEST_CASE("for bools += is or and *= is and; there is no difference or quotient") {
  Tensor<bool> t = {true, true, false, false};
  const Tensor<bool> u = {true, false, true, false};
  Tensor<bool> both = t.copy();
  both *= u;
  CHECK(both == Tensor<bool>{true, false, false, false});
  t += u;
  CHECK(t == Tensor<bool>{true, true, true, false});
  t *= false;
  CHECK(t == Tensor<bool>{false, false, false, false});
  t += true;
  CHECK(t == Tensor<bool>{true, true, true, true});
  STATIC_REQUIRE_FALSE(Subtractable<Tensor<bool>, bool>);
  STATIC_REQUIRE_FALSE(Subtractable<Tensor<bool>, Tensor<bool>>);
  STATIC_REQUIRE_FALSE(Divisible<Tensor<bool>, bool>);
  STATIC_REQUIRE_FALSE(Divisible<Tensor<bool>, Tensor<bool>>);
  STATIC_REQUIRE(Subtractable<Tensor<>, Tensor<>>);
  auto fresh = Tensor<bool>::empty({1000});
  fresh.assign(Tensor<bool>{true});
  CHECK(fresh == Tensor<bool>::full({1000}, true));
}

// --- filling, comparing, converting ---

TEST_CASE("full, zeros and fill write every element, whatever the number's type") {
  CHECK(Tensor<>::full({2, 2}, 3) == Tensor{{3.f, 3.f}, {3.f, 3.f}});
  CHECK(Tensor<half>::full({2}, 0.5) == Tensor<half>{0.5f, 0.5f});
  CHECK(Tensor<double>::zeros({2}) == Tensor{0., 0.});
  CHECK(Tensor<>::zeros({}).item() == 0.f);
  CHECK(Tensor<>::zeros({2, 0}).size() == 0);
  Tensor t = counting({2, 2});
  t[1].fill(9);
  CHECK(t == Tensor{{0.f, 1.f}, {9.f, 9.f}});
}

TEST_CASE("a tensor of a shape that is not known, or too large, is a ShapeError") {
  CHECK_THROWS_AS(Tensor<>::empty({2, -1}), ShapeError);
  CHECK_THROWS_WITH(Tensor<>::empty({2, -1}), ContainsSubstring("(2, -1)"));
  CHECK_THROWS_AS(Tensor<>::full({-1}, 0), ShapeError);
  CHECK_THROWS_AS(Tensor<>::shape_only({-1}), ShapeError);
  const Index big = Index{1} << 40;
  CHECK_THROWS_AS(Tensor<>::empty({big, big}), ShapeError);
}

TEST_CASE("equality compares shapes and all values, and NaN equals nothing") {
  const Tensor t = {1.f, 2.f};
  CHECK(t == Tensor{1.f, 2.f});
  CHECK(t != Tensor{1.f, 3.f});
  CHECK(t != Tensor{{1.f, 2.f}});
  CHECK(t == t.copy());
  CHECK(Tensor{0.f} == Tensor{-0.f});
  const Tensor n = {std::numeric_limits<float>::quiet_NaN()};
  CHECK_FALSE(n == n);
  CHECK(Tensor<>() == Tensor<>());
  CHECK(Tensor<>::empty({0, 2}) != Tensor<>::empty({0, 3}));
  const Eigen::Vector2f v(1, 2);
  CHECK(t == v);
  CHECK(v == t);
  CHECK(Tensor<half>{1, 2} == Tensor<half>{1, 2});
}

TEST_CASE("cast converts every value into storage of its own") {
  const Tensor t = {{1.5f, -2.5f}, {3.f, 0.f}};
  const Tensor d = t.cast<double>();
  STATIC_REQUIRE(std::same_as<decltype(d), const Tensor<double>>);
  CHECK(d == Tensor{{1.5, -2.5}, {3., 0.}});
  CHECK(t.cast<int>() == Tensor<int>{{1, -2}, {3, 0}});
  CHECK(t.cast<bool>() == Tensor<bool>{{true, true}, {true, false}});
  CHECK(t.cast<half>().cast<float>() == t);
  CHECK(t.cast<bfloat16>().cast<half>().cast<double>() == d);
  CHECK(t.cast<bool>().cast<float>() == Tensor{{1.f, 1.f}, {1.f, 0.f}});
  CHECK_FALSE(t.cast<float>().shares_storage_with(t));
  CHECK(Tensor<int>{1, 2}.cast<half>() == Tensor<half>{1, 2});
}

TEMPLATE_TEST_CASE("a cast to any scalar and back keeps small whole numbers", "", float, double,
                   half, bfloat16, std::int8_t, std::uint8_t, std::int16_t, std::int32_t,
                   std::int64_t, std::uint64_t) {
  const Tensor t = {0.f, 1.f, 2.f, 100.f, 127.f};
  CHECK(t.cast<TestType>().template cast<float>() == t);
  CHECK(t.cast<double>().cast<TestType>().template cast<half>() == t.cast<half>());
  CHECK(t.cast<bfloat16>().cast<TestType>().template cast<std::int32_t>() == t.cast<int>());
}

TEST_CASE("what an integer cannot hold becomes its nearest end in a cast, NaN 0") {
  constexpr float inf = std::numeric_limits<float>::infinity();
  const Tensor t = {inf, -inf, std::numeric_limits<float>::quiet_NaN(), 1e10f};
  constexpr int lowest = std::numeric_limits<int>::min(), highest = std::numeric_limits<int>::max();
  CHECK(t.cast<int>() == Tensor<int>{highest, lowest, 0, highest});
  CHECK(t.cast<std::uint8_t>() == Tensor<std::uint8_t>{255, 0, 0, 255});
  const Tensor<half> h = t.cast<half>();
  CHECK((Eigen::numext::isinf)(h(0)));
  CHECK((Eigen::numext::isnan)(h(2)));
  CHECK((Eigen::numext::isinf)(h(3)));  // the largest half is 65504
}

// --- shapes without values ---

TEST_CASE("a tensor without values has a shape, and gives ValueError where values are read") {
  Tensor t = Tensor<>::shape_only({2, 3});
  CHECK_FALSE(t.has_values());
  CHECK(t.shape() == Shape{2, 3});
  CHECK_THROWS_AS(t(0, 0), ValueError);
  CHECK_THROWS_WITH(t(0, 0), ContainsSubstring("no values"));
  CHECK_THROWS_AS(t.data(), ValueError);
  CHECK_THROWS_AS(t.span(), ValueError);
  CHECK_THROWS_AS(t.matrix(), ValueError);
  CHECK_THROWS_AS(t.array(), ValueError);
  CHECK_THROWS_AS(t.tensor<2>(), ValueError);
  CHECK_THROWS_AS(t.slice(0, 1)[0](0), ValueError);
  CHECK_THROWS_AS(Tensor<>::shape_only({1}).item(), ValueError);
  CHECK_THROWS_AS(t == t, ValueError);
  Tensor real = Tensor<>::zeros({2, 3});
  CHECK_THROWS_AS(real += t, ValueError);
}

TEST_CASE("a tensor without values keeps its rules of shape") {
  Tensor t = Tensor<>::shape_only({2, 3});
  CHECK(t[0].shape() == Shape{3});
  CHECK_FALSE(t[0].has_values());
  CHECK(t.slice(0, 1).shape() == Shape{1, 3});
  CHECK(t.reshape({-1}).shape() == Shape{6});
  CHECK(t.copy().shape() == Shape{2, 3});
  CHECK_FALSE(t.copy().has_values());
  CHECK_FALSE(t.cast<double>().has_values());
  t += 1;
  t *= Tensor<>::zeros({3});
  t.fill(2);
  CHECK_FALSE(t.has_values());
  CHECK_THROWS_AS(t += Tensor<>::zeros({2}), ShapeError);
  CHECK_THROWS_AS(t[2], IndexError);
  CHECK_FALSE(t.shares_storage_with(t));
}
