// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <limits>
#include <parton/init/constant.hpp>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;

// Gluon's cases 53 and 57 (reference/gluon_cases.md).
TEST_CASE("Zero, One and Constant fill with one value") {
  CHECK(sample(init::Zero(), {10, 2}) == Tensor<>::full({10, 2}, 0));
  CHECK(sample(init::One(), {10, 2}) == Tensor<>::full({10, 2}, 1));
  CHECK(sample(init::Constant(2.), {10, 2}) == Tensor<>::full({10, 2}, 2));
  CHECK(sample(init::Constant(42), {3}) == Tensor<>::full({3}, 42));
}

TEST_CASE("Zero overwrites what was there") {
  Tensor<> data = Tensor<>::full({3}, 5);
  random::Generator rng(7);
  init::Zero().init_weight("x", data, rng);
  CHECK(data == Tensor<>::zeros({3}));
}

TEST_CASE("a constant tensor is broadcast into the parameter") {
  const Tensor row = {1, 2, 3};
  CHECK(sample(init::Constant(row), {2, 3}) == Tensor{{1, 2, 3}, {1, 2, 3}});
  const Tensor column = {{1}, {2}};
  CHECK(sample(init::Constant(column), {2, 3}) == Tensor{{1, 1, 1}, {2, 2, 2}});
  CHECK(sample(init::Constant(row), {3}) == row);
}

TEST_CASE("a constant tensor may come from Eigen") {
  const Eigen::MatrixXf matrix = Eigen::MatrixXf::Constant(2, 2, 3);
  CHECK(sample(init::Constant(matrix), {2, 2}) == Tensor<>::full({2, 2}, 3));
}

TEST_CASE("a Constant keeps the values that it was given") {
  Tensor values = {1, 2};
  const init::AnyInitializer<float> constant = init::Constant(values);
  values += 1;
  CHECK(sample(constant, {2}) == Tensor{1, 2});
}

TEST_CASE("a tensor that does not broadcast is an error with both shapes and the parameter") {
  const std::string text = message_of([] {
    sample(init::Constant(Tensor{1, 2, 3}), {2, 2}, "dense3_weight");
  });
  CHECK_THAT(text, ContainsSubstring("init::Constant") && ContainsSubstring("'dense3_weight'") &&
                       ContainsSubstring("(2, 2)") && ContainsSubstring("(3,)"));
}

TEST_CASE("a constant out of the scalar's range is an error, infinity and NaN are not") {
  const std::string text = message_of([] { sample<Eigen::half>(init::Constant(70000), {2}, "w"); });
  CHECK_THAT(
      text, ContainsSubstring("'w'") && ContainsSubstring("70000") && ContainsSubstring("float16"));
  CHECK_THROWS_AS(sample(init::Constant(1e300), {2}), InitializerError);
  CHECK(sample<double>(init::Constant(1e300), {1}).item() == 1e300);
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(sample(init::Constant(infinity), {1}).item() == std::numeric_limits<float>::infinity());
  CHECK(std::isnan(sample(init::Constant(-std::nan("")), {1}).item()));
}

TEMPLATE_TEST_CASE("constants exist for every scalar", "", double, Eigen::half, Eigen::bfloat16) {
  CHECK(sample<TestType>(init::Constant(0.5), {2}) == Tensor<TestType>::full({2}, 0.5));
  CHECK(sample<TestType>(init::One(), {2}) == Tensor<TestType>::full({2}, 1));
  CHECK(sample<TestType>(init::Constant(Tensor{1, 2}), {2}) == Tensor{1, 2}.cast<TestType>());
  CHECK(sample<float>(init::Constant(Tensor<TestType>::full({2}, 3)), {2}) == Tensor{3, 3});
}

TEST_CASE("a number keeps its double precision, whatever its Constant's scalar") {
  CHECK(sample<double>(init::Constant(0.1), {1}).item() == 0.1);
  CHECK(sample<double>(init::Constant<Eigen::half>(0.1), {1}).item() == 0.1);
}

// Gluon's case 53: the forms of test_const_init_dumps.
TEST_CASE("constants dump as in Gluon") {
  CHECK(init::Zero().dump() == R"(["zero", {}])");
  CHECK(init::One().dump() == R"(["one", {}])");
  CHECK(init::Constant(1).dump() == R"(["constant", {"value": 1}])");
  CHECK(init::Constant(Tensor<>::full({2, 3}, 1)).dump() ==
        R"(["constant", {"value": [[1, 1, 1], [1, 1, 1]]}])");
  CHECK(init::Constant(Tensor{0.1f, -2.5f}).dump() == R"(["constant", {"value": [0.1, -2.5]}])");
}
