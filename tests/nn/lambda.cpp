// SPDX-License-Identifier: MIT
#include <functional>
#include <string>

#include <parton/nn/infer_shapes.hpp>
#include <parton/nn/lambda.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using Catch::Matchers::ContainsSubstring;
using parton_test::printed;

TEST_CASE("Lambda applies an op or an activation by name") {
  CHECK(nn::Lambda("square")(Tensor<>{-2, 3}) == Tensor<>{4, 9});
  CHECK(nn::Lambda("abs")(Tensor<>{-2, 3}) == Tensor<>{2, 3});
  CHECK(nn::Lambda("sign")(Tensor<>{-2, 0, 3}) == Tensor<>{-1, 0, 1});
  CHECK(nn::Lambda("sqrt")(Tensor<>{4}) == Tensor<>{2});
  CHECK(nn::Lambda("exp")(Tensor<>{0}) == Tensor<>{1});
  CHECK(nn::Lambda("log")(Tensor<>{1}) == Tensor<>{0});
  CHECK(nn::Lambda("relu")(Tensor<>{-2, 3}) == Tensor<>{0, 3});
  CHECK(nn::Lambda(std::string("linear"))(Tensor<>{-2, 3}) == Tensor<>{-2, 3});
  CHECK(nn::Lambda("flatten")(Tensor<>::zeros({2, 3, 4})).shape() == Shape{2, 12});
  CHECK(nn::Lambda("transpose")(Tensor<>{{1, 2}}) == Tensor<>{{1}, {2}});
  CHECK(nn::Lambda("softmax")(Tensor<>{0, 0}) == Tensor<>{0.5, 0.5});
  CHECK(nn::Lambda("log_softmax")(Tensor<>{7}) == Tensor<>{0});
}

TEST_CASE("Lambda applies a function of your own") {
  nn::Sequential net{nn::Lambda([](const Tensor<>& x) { return x * 2; }, "twice"),
                     nn::Lambda([](const Tensor<>& x) { return x + 1; })};
  CHECK(net(Tensor<>{1, 2}) == Tensor<>{3, 5});
  CHECK(infer_shapes(net, {4, 5}) == Shape{4, 5});
  const nn::Lambda<double> wide([](const auto& x) { return x * 0.5; });
  CHECK(wide(Tensor<double>{1}) == Tensor<double>{0.5});
}

TEST_CASE("Lambda prints the name of its function, as in Gluon") {
  CHECK(printed(nn::Lambda("softmax")) == "Lambda(softmax)");
  CHECK(printed(nn::Lambda([](const Tensor<>& x) { return x; }, "twice")) == "Lambda(twice)");
  CHECK(printed(nn::Lambda([](const Tensor<>& x) { return x; })) == "Lambda(<lambda>)");
  CHECK(nn::Lambda("tanh").name() == "lambda0");
  CHECK(nn::Lambda("tanh", {.name = "squash"}).name() == "squash");
  CHECK(nn::Lambda([](const Tensor<>& x) { return x; }, "a b", {.name = "own"}).name() == "own");
}

TEST_CASE("a name that no function has is an error that lists those there are") {
  CHECK_THROWS_AS(nn::Lambda("soft_max"), ValueError);
  CHECK_THROWS_WITH(nn::Lambda("soft_max"), ContainsSubstring("no function 'soft_max'") &&
                                                ContainsSubstring("relu") &&
                                                ContainsSubstring("softmax, sqrt"));
  CHECK_THROWS_AS(nn::Lambda(std::function<Tensor<>(const Tensor<>&)>()), ValueError);
}

TEST_CASE("Lambda is cloned") {
  CHECK(printed(nn::Lambda("exp").clone()) == "Lambda(exp)");
  const nn::Lambda third([](const Tensor<>& x) { return x / 3; }, "third");
  CHECK(third.clone()(Tensor<>{3}) == Tensor<>{1});
}

// What cast() does for a Lambda, tested with every layer in cast.cpp.
TEST_CASE("in another scalar an op computes in that one, a function in its own") {
  CHECK(nn::Lambda("exp").like<double>()(Tensor<double>{1}).item() ==
        Approx(2.718281828459045).epsilon(1e-15));
  const nn::Lambda third([](const Tensor<>& x) { return x / 3; }, "third");
  const auto wide = third.like<double>();
  CHECK(wide.label() == "third");
  CHECK(wide(Tensor<double>{1}).item() == static_cast<double>(1.f / 3.f));
  CHECK(wide.like<float>()(Tensor<>{3}) == Tensor<>{1});
}
