// SPDX-License-Identifier: MIT
#include <parton/detail/name_view.hpp>

#include <string>
#include <string_view>
#include <type_traits>

#include <parton/init/mixed.hpp>
#include <parton/nn/activation.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/lambda.hpp>
#include <parton/nn/sequential.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

struct OpenToAll : nn::Block<> {
  Tensor<> forward(const Tensor<>& x) const override { return x; }
  using Block::add_child;
  using Block::add_constant;
  using Block::add_parameter;
};

}  // namespace

TEST_CASE("a name is taken from any text, and a null pointer is an error") {
  using detail::NameView;
  CHECK(NameView("abc") == "abc");
  CHECK(NameView(std::string("abc")) == "abc");
  CHECK(NameView(std::string_view("abc")).size() == 3);
  const char* null = nullptr;
  CHECK_THROWS_AS(NameView(null), NameError);
  CHECK_THROWS_WITH(NameView(null), "a null pointer stands where a name is expected: pass a text");
  STATIC_REQUIRE_FALSE(std::is_constructible_v<NameView, std::nullptr_t>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<NameView, int>);
}

TEST_CASE("whatever takes a name or a pattern refuses a null pointer and stays as it is") {
  const char* null = nullptr;
  nn::Sequential net{nn::Dense(3, nn::linear, {.in_units = 2}), nn::Dense(2)};
  CHECK_THROWS_AS(net.add(null, nn::Dense(3)), NameError);
  CHECK(net.size() == 2);
  CHECK_THROWS_AS(net.child(null), NameError);
  CHECK_THROWS_AS(net[0].parameter(null), NameError);
  CHECK_THROWS_AS(net.collect_params()[null], NameError);
  CHECK_THROWS_AS(net.collect_params().contains(null), NameError);
  CHECK_THROWS_AS(net.collect_params(null), PatternError);
  CHECK_THROWS_AS(net.initialize(null), NameError);
  CHECK_FALSE(net[0].weight().is_initialized());
  CHECK_THROWS_AS(Parameter<>(null, {2}), NameError);
  CHECK_THROWS_AS(nn::Dense(3, null), NameError);
  CHECK_THROWS_AS(nn::Activation<>(null), NameError);
  CHECK_THROWS_AS(nn::Lambda<>(null), NameError);
  OpenToAll own;
  CHECK_THROWS_AS(own.add_child(null, nn::Dense(2)), NameError);
  CHECK_THROWS_AS(own.add_parameter(null, {.shape = {2}}), NameError);
  CHECK_THROWS_AS(own.add_constant(null, Tensor{1.f}), NameError);
  CHECK(own.params().empty());
}
