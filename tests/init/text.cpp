// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <limits>
#include <parton/init/bilinear.hpp>
#include <parton/init/constant.hpp>
#include <parton/init/he.hpp>
#include <parton/init/identity.hpp>
#include <parton/init/load.hpp>
#include <parton/init/lstm_bias.hpp>
#include <parton/init/mixed.hpp>
#include <parton/init/normal.hpp>
#include <parton/init/orthogonal.hpp>
#include <parton/init/sparse.hpp>
#include <parton/init/text.hpp>
#include <parton/init/uniform.hpp>
#include <parton/init/xavier.hpp>
#include <vector>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;
using Any = init::AnyInitializer<float>;

namespace {

struct Steps : init::Initializer<> {
  explicit Steps(const init::Arguments& arguments) : step(arguments.number("step")) {}
  void init_weight(std::string_view, Tensor<>& data, random::Generator&) const override {
    data.fill(step);
  }
  double step;
};

}  // namespace

// The forms of reference/gluon_semantics.md 6.4.
TEST_CASE("a JSON array of name and options makes an initializer") {
  CHECK(Any(R"(["xavier", {"magnitude": 2}])") == Any(init::Xavier({.magnitude = 2})));
  CHECK(Any(R"(["Xavier", {"rnd_type": "gaussian", "factor_type": "in"}])") ==
        Any(init::Xavier({.rnd_type = init::gaussian, .factor_type = init::in})));
  CHECK(Any(R"(["normal", {"sigma": 0.5}])") == Any(init::Normal(0.5)));
  CHECK(Any(R"(["lstmbias", {"forget_bias": 1.0}])") == Any(init::LSTMBias()));
  CHECK(Any(R"(["zeros"])") == Any(init::Zero()));
  CHECK(Any(R"("xavier")") == Any(init::Xavier()));
  CHECK(sample(Any(R"(["constant", {"value": [[1, 2], [3, 4]]}])"), {2, 2}) ==
        Tensor{{1, 2}, {3, 4}});
  CHECK(Any(R"(["bilinear", {"symmetric": false}])") == Any(init::Bilinear()));
}

TEST_CASE("what dump() writes reads back as the same initializer, for all") {
  const Tensor w = {{0.1f, -1e-7f}, {3e30f, 4.f}};
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<Any> all = {
      init::Zero(),
      init::One(),
      init::Constant(1),
      init::Constant(0.1),
      init::Constant(-std::numeric_limits<double>::infinity()),
      init::Constant(std::nan("")),
      init::Constant(w),
      init::Constant(Tensor{infinity, 1.f, -infinity}),
      init::Constant(Tensor<>::zeros({0})),
      init::Uniform(),
      init::Uniform(-1, 0.25),
      init::Normal(0.5),
      init::TruncatedNormal(0.5, 3),
      init::VarianceScaling({.scale = 2, .mode = init::avg, .distribution = init::uniform}),
      init::Xavier(),
      init::Xavier({.rnd_type = init::gaussian, .factor_type = init::out, .magnitude = 2.24}),
      init::Glorot(),
      init::He({.slope = 0.1}),
      init::Kaiming(),
      init::MSRAPrelu(init::in, 0.5),
      init::LeCun({.rnd_type = init::truncated}),
      init::Orthogonal(),
      init::Orthogonal(1, init::gaussian),
      init::Identity(2),
      init::Dirac(2),
      init::Sparse(0.1),
      init::Bilinear(),
      init::Bilinear({.symmetric = true}),
      init::LSTMBias(0.5),
      init::Mixed({{".*\\.\"bias\"", init::Zero()}, {".*", init::Mixed({{"x", "xavier"}})}}),
      init::Mixed<>({}),
      init::Load({{"a", w}, {"b", Tensor{1}}}, init::Xavier()),
      init::Load({{"a", w}}),
  };
  for (const Any& one : all) {
    const std::string text = one->dump();
    INFO(text);
    const Any again(text);
    CHECK(again == one);
    CHECK(again->dump() == text);
    CHECK(init::AnyInitializer<double>(text)->dump() == text);
  }
}

TEST_CASE("values from text keep every digit in a double net") {
  CHECK(sample<double>(R"(["constant", {"value": [0.1]}])", {1}).item() == 0.1);
  CHECK(sample<double>(R"(["constant", {"value": 0.1}])", {1}).item() == 0.1);
}

TEST_CASE("a user's own initializer takes options from text, also inside another one") {
  init::register_initializer<Steps>("test_steps");
  CHECK(sample(Any(R"(["test_steps", {"step": 2}])"), {1}).item() == 2);
  const char* mixed =
      R"(["mixed", {"patterns": [".*"], "initializers": [["test_steps", {"step": 4}]]}])";
  CHECK(sample(Any(mixed), {1}).item() == 4);
  CHECK_THROWS_AS(sample<double>(mixed, {1}), InitializerError);  // it is one of float
  CHECK_THAT(message_of([] { Any{R"(["test_steps", {"setp": 2, "step": 1}])"}; }),
             ContainsSubstring("has no option 'setp'; it has 'step'"));
}

TEST_CASE("a bad option in a text is an error that names it") {
  CHECK_THAT(message_of([] { Any{R"(["xavier", {"factor_type": "both"}])"}; }),
             ContainsSubstring("factor_type must be 'avg', 'in' or 'out', not 'both'"));
  CHECK_THAT(message_of([] { Any{R"(["xavier", {"rnd_type": "cauchy"}])"}; }),
             ContainsSubstring("not 'cauchy'"));
  CHECK_THAT(message_of([] { Any{R"(["xavier", {"magnitude": "big"}])"}; }),
             ContainsSubstring("magnitude must be a number, not a text"));
  CHECK_THAT(message_of([] { Any{R"(["normal", {"sigma": -1}])"}; }), ContainsSubstring("-1"));
  CHECK_THAT(message_of([] { Any{R"(["normal", {"scale": 1}])"}; }),
             ContainsSubstring("'normal' has no option 'scale'; it has 'sigma'"));
  CHECK_THAT(message_of([] { Any{R"(["orthogonal", {"rand_type": "x"}])"}; }),
             ContainsSubstring("'uniform' or 'normal', not 'x'"));
  CHECK_THAT(message_of([] { Any{R"(["dirac", {"groups": 1.5}])"}; }),
             ContainsSubstring("groups must be a whole number, not 1.5"));
  CHECK_THAT(message_of([] { Any{R"(["uniform", {"low": 1}])"}; }), ContainsSubstring("'high'"));
  CHECK_THAT(message_of([] {
               Any{R"(["mixed", {"patterns": ["a", "b"], "initializers": [["zero", {}]]}])"};
             }),
             ContainsSubstring("as many as the patterns, 2, not 1"));
  CHECK_THROWS_AS(Any(R"(["load", {"params": 3}])"), InitializerError);
}

TEST_CASE("a text that is not of the form is an error that shows it") {
  for (const char* text :
       {"[", "[]", "[3]", R"(["xavier", 3])", R"(["xavier", {}, {}])", R"({"xavier": {}})",
        R"(["xavier", {"magnitude": null}])", R"(["constant", {"value": [[1, 2], [3]]}])",
        R"(["constant", {"value": [1, [2]]}])", R"(["constant", {"value": [[[[[[[[[1]]]]]]]]]}])",
        R"(["constant", {"value": 1e999}])", R"(["constant", {"value": [1, true]}])"}) {
    INFO(text);
    CHECK_THAT(message_of([text] { Any{text}; }), ContainsSubstring("cannot be read"));
  }
  CHECK_THROWS_AS(Any(R"(["no_such", {}])"), InitializerError);
}

TEST_CASE("a text nested a hundred thousand deep is an error") {
  CHECK_THROWS_AS(Any("[\"constant\", {\"value\": " + std::string(100000, '[') +
                      std::string(100000, ']') + "}]"),
                  InitializerError);
}
