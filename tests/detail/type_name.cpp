// SPDX-License-Identifier: MIT
#include <map>
#include <string>
#include <typeinfo>

#include <parton/detail/type_name.hpp>
#include <parton_test/catch.hpp>

using parton::detail::class_name;
using parton::detail::last_component;
using parton::detail::lower;

namespace {

struct Hidden {};
template <class T>
struct Holder {
  struct Inner {};
};

}  // namespace

namespace outer::inner {
struct Named {};
enum class Color { red };
template <Color>
struct Painted {};
}  // namespace outer::inner

TEST_CASE("class_name is the last component, without namespaces and template arguments") {
  struct Local {};
  CHECK(class_name(typeid(Hidden)) == "Hidden");
  CHECK(class_name(typeid(outer::inner::Named)) == "Named");
  CHECK(class_name(typeid(Local)) == "Local");
  CHECK(class_name(typeid(Holder<float>)) == "Holder");
  CHECK(class_name(typeid(Holder<std::map<std::string, outer::inner::Named>>)) == "Holder");
  CHECK(class_name(typeid(Holder<outer::inner::Named>::Inner)) == "Inner");
  CHECK(class_name(typeid(outer::inner::Painted<outer::inner::Color::red>)) == "Painted");
}

TEST_CASE("class_name of a class within a lambda is its own name") {
  const auto lambda = [](int, const std::string&) {
    struct InLambda {};
    return class_name(typeid(InLambda));
  };
  CHECK(lambda(1, "x") == "InLambda");
}

// The written forms are those of c++filt and of MSVC's type_info::name().
TEST_CASE("last_component cuts written types") {
  CHECK(last_component("FancyMLP") == "FancyMLP");
  CHECK(last_component("(anonymous namespace)::FancyMLP") == "FancyMLP");
  CHECK(last_component("a::b<c::d<e>, f>::Net<g::h>") == "Net");
  CHECK(last_component("class parton::nn::Dense<float>") == "Dense");
  CHECK(last_component("main::{lambda(int, a::b)#1}::operator()(int, a::b) const::Local") ==
        "Local");
  CHECK(last_component("f(int)::Local") == "Local");
  CHECK(last_component("Net<(a::Color)3>") == "Net");
  CHECK(last_component("").empty());
}

TEST_CASE("lower changes ASCII letters alone") {
  CHECK(lower("FancyMLP_3") == "fancymlp_3");
  CHECK(lower("\xC3\x84Net") == "\xC3\x84net");
  CHECK(lower("").empty());
}
