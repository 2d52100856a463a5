// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <algorithm>
#include <parton/init/bilinear.hpp>
#include <parton/init/constant.hpp>
#include <parton/init/he.hpp>
#include <parton/init/identity.hpp>
#include <parton/init/load.hpp>
#include <parton/init/lstm_bias.hpp>
#include <parton/init/mixed.hpp>
#include <parton/init/normal.hpp>
#include <parton/init/orthogonal.hpp>
#include <parton/init/registry.hpp>
#include <parton/init/sparse.hpp>
#include <parton/init/uniform.hpp>
#include <parton/init/xavier.hpp>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;
using Any = init::AnyInitializer<float>;

namespace {

struct Fives : init::Initializer<> {
  void init_weight(std::string_view, Tensor<>& data, random::Generator&) const override {
    data.fill(5);
  }
};

struct Fill : init::Initializer<> {
  explicit Fill(const init::Arguments& arguments) : value(arguments.number("value", 9)) {}
  void init_weight(std::string_view, Tensor<>& data, random::Generator&) const override {
    data.fill(value);
  }
  double value;
};

struct WideFives : init::Initializer<double> {
  void init_weight(std::string_view, Tensor<double>& data, random::Generator&) const override {
    data.fill(55);
  }
};

}  // namespace

// Names and aliases of reference/gluon_semantics.md 6.1, and ours.
TEST_CASE("every initializer that has defaults is known by name") {
  for (const char* name : {"zero", "zeros", "one", "ones", "uniform", "normal", "truncatednormal",
                           "variancescaling", "xavier", "glorot", "he", "kaiming", "msraprelu",
                           "lecun", "orthogonal", "identity", "dirac", "bilinear", "lstmbias"})
    CHECK_NOTHROW(Any(name));
  CHECK(Any("zeros") == Any(init::Zero()));
  CHECK(Any("ones") == Any(init::One()));
  CHECK(Any("xavier") == Any(init::Xavier()));
  CHECK(Any("uniform") == Any(init::Uniform(0.07)));
  const auto names = init::registered_names();
  for (const char* name : {"constant", "sparse", "mixed", "load"})
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
}

TEST_CASE("case does not matter in a name") {
  CHECK(Any("XAVIER") == Any(init::Xavier()));
  CHECK(Any(std::string("MSRAPrelu")) == Any(init::MSRAPrelu()));
}

TEST_CASE("a name serves every scalar in full precision") {
  const auto wide = sample<double>("uniform", {1000});
  CHECK_FALSE(wide.cast<float>().cast<double>() == wide);
  CHECK(sample<Eigen::half>("ones", {2}) == Tensor<Eigen::half>::full({2}, 1));
}

TEST_CASE("an unknown name is an error with the nearest ones") {
  CHECK_THAT(message_of([] { Any{"xaviar"}; }),
             ContainsSubstring("'xaviar'") && ContainsSubstring("Did you mean 'xavier'"));
  CHECK_THAT(message_of([] { Any{""}; }), ContainsSubstring("''"));
  CHECK_THROWS_AS(Any(std::string(1000000, 'x')), InitializerError);
}

TEST_CASE("a name whose options have no default is an error that names the option") {
  CHECK_THAT(message_of([] { Any{"constant"}; }), ContainsSubstring("'value'"));
  CHECK_THAT(message_of([] { Any{"sparse"}; }), ContainsSubstring("'sparsity'"));
}

TEST_CASE("a class of the user's own is known by the name that it is registered under") {
  init::register_initializer<Fives>("Test-Fives");
  CHECK(sample(Any("test-fives"), {2}) == Tensor{5, 5});
  init::register_initializer<Fill>("test_fill");
  CHECK(sample(Any("test_fill"), {1}).item() == 9);
  init::register_initializer<init::Normal<>>("test_small", [](const init::Arguments& arguments) {
    return init::Normal(arguments.number("sigma", 1e-3));
  });
  CHECK(Any("test_small") == Any(init::Normal(1e-3)));
  CHECK_NOTHROW(init::AnyInitializer<double>("test_small"));  // a built-in serves every scalar
}

TEST_CASE("a name may stand for one class for each scalar") {
  init::register_initializer<Fives>("test_two");
  CHECK_THAT(message_of([] { init::AnyInitializer<double>("test_two"); }),
             ContainsSubstring("another scalar") && ContainsSubstring("float64"));
  init::register_initializer<WideFives>("test_two");
  CHECK(sample<double>("test_two", {1}).item() == 55);
  CHECK(sample<float>("test_two", {1}).item() == 5);
}

TEST_CASE("a name that is taken is given anew, with a warning") {
  init::register_initializer<Fives>("test_again");
  std::string warning;
  const auto before = set_warning_handler([&](const std::string& text) { warning = text; });
  init::register_initializer<Fill>("test_again");
  set_warning_handler(before);
  CHECK_THAT(warning, ContainsSubstring("'test_again'"));
  CHECK(sample(Any("test_again"), {1}).item() == 9);
}

TEST_CASE("a bad name cannot be registered") {
  CHECK_THAT(message_of([] { init::register_initializer<Fives>(""); }),
             ContainsSubstring("letters, digits"));
  CHECK_THAT(message_of([] { init::register_initializer<Fives>("[five]"); }),
             ContainsSubstring("'[five]'"));
}

TEST_CASE("the JSON form without its header is an error that names the header") {
  const auto parser = init::detail::text_parser.exchange(nullptr);
  const std::string text = message_of([] { Any{R"(["xavier", {"magnitude": 3}])"}; });
  const std::string quoted = message_of([] { Any{R"("xavier")"}; });
  init::detail::text_parser = parser;
  CHECK_THAT(text, ContainsSubstring("#include <parton/init/text.hpp>"));
  CHECK_THAT(quoted, ContainsSubstring("#include <parton/init/text.hpp>"));
}
