// SPDX-License-Identifier: MIT
#include <string>
#include <type_traits>

#include <parton/autograd/leaf_owner.hpp>
#include <parton/autograd/variable.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using parton::detail::LeafOwner;
using parton::detail::Variable;

namespace {

class NamedOwner final : public LeafOwner {
  std::string path_and_name() const override { return "'dense0_weight' (path 0.weight)"; }
};

}  // namespace

TEST_CASE("A leaf is called by what its owner says, until the owner takes itself away") {
  const NamedOwner owner;
  Variable leaf(GradReq::write);
  leaf.owner = &owner;
  CHECK(leaf.name() == "the parameter 'dense0_weight' (path 0.weight)");
  leaf.owner = nullptr;
  CHECK(leaf.name() == "a tensor");
}

TEST_CASE("An owner is not destroyed by who only knows that it owns") {
  STATIC_REQUIRE_FALSE(std::is_destructible_v<LeafOwner>);
}
