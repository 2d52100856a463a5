// SPDX-License-Identifier: MIT
#include <parton/ops/activation_kind.hpp>

#include <parton_test/catch.hpp>

using Catch::Matchers::ContainsSubstring;
using parton::ActivationKind;
using parton::ActivationSpec;

TEST_CASE("every activation is found by the name that it prints") {
  for (int i = 0; i <= static_cast<int>(ActivationKind::gelu_erf); ++i) {
    const ActivationSpec spec{static_cast<ActivationKind>(i)};
    CHECK(parton::activation_by_name(spec.name()) == spec);
  }
  CHECK(ActivationSpec{ActivationKind::relu}.name() == "relu");
  CHECK(ActivationSpec{ActivationKind::leaky_relu}.name() == "leaky_relu");
  CHECK(ActivationSpec{ActivationKind::gelu_erf}.name() == "gelu_erf");
}

TEST_CASE("an activation without a number has the default of its kind") {
  CHECK(ActivationSpec{}.kind == ActivationKind::linear);
  CHECK(ActivationSpec{ActivationKind::leaky_relu}.slope == 0.01);
  CHECK(ActivationSpec{ActivationKind::elu}.slope == 1);
  CHECK(ActivationSpec{ActivationKind::silu}.slope == 1);
  CHECK(ActivationSpec{ActivationKind::elu, 0.5}.slope == 0.5);
  CHECK_FALSE(ActivationSpec{ActivationKind::elu, 0.5} == ActivationSpec{ActivationKind::elu});
}

TEST_CASE("an unknown activation is an error that lists the known ones") {
  CHECK_THROWS_AS(parton::activation_by_name("rulu"), parton::ValueError);
  CHECK_THROWS_WITH(parton::activation_by_name("rulu"),
                    ContainsSubstring("'rulu'") && ContainsSubstring("linear, relu, sigmoid"));
  CHECK_THROWS_AS(parton::activation_by_name(""), parton::ValueError);
}
