// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <memory>
#include <parton/init/constant.hpp>
#include <parton/init/initializer.hpp>
#include <parton/init/normal.hpp>
#include <parton/init/registry.hpp>
#include <parton/init/uniform.hpp>
#include <parton/init/xavier.hpp>
#include <vector>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;
using Any = init::AnyInitializer<float>;

namespace {

// The chapter's strange distribution, as in API.md.
struct MyInit : init::Initializer<> {
  void init_weight(std::string_view name, Tensor<>& data, random::Generator& rng) const override {
    seen->push_back(std::string(name) + ' ' + data.shape().to_string());
    rng.uniform(data, -10, 10);
    data.array() *= (data.array().abs() >= 5).cast<float>();
  }
  std::shared_ptr<std::vector<std::string>> seen = std::make_shared<std::vector<std::string>>();
};

struct Other : init::Initializer<> {
  void init_weight(std::string_view, Tensor<>&, random::Generator&) const override {}
};

struct Alternating : init::Initializer<> {
  explicit Alternating(float value) : first(value) {}
  void init_weight(std::string_view, Tensor<>& data, random::Generator&) const override {
    for (Index i = 0; i < data.size(); ++i) data.mutable_data()[i] = i % 2 == 0 ? first : -first;
  }
  std::string dump() const override {
    return "[\"alternating\", {\"first\": " + std::to_string(first) + "}]";
  }
  float first;
};

}  // namespace

// Gluon's case 60: 7680 draws, half of them zero, 0.5 +- 0.03.
TEST_CASE("a custom initializer draws the chapter's strange distribution") {
  const MyInit mine;
  const Any any = mine;
  const Tensor<> a = sample(any, {256, 20}, "dense0_weight");
  const Tensor<> b = sample(any, {10, 256}, "dense1_weight");
  CHECK(*mine.seen ==
        std::vector<std::string>{"dense0_weight (256, 20)", "dense1_weight (10, 256)"});
  double zeros = 0;
  for (const auto& w : {a, b})
    for (const float x : w.span()) {
      CHECK((x == 0 || (std::abs(x) >= 5 && std::abs(x) <= 10)));
      zeros += x == 0 ? 1 : 0;
    }
  CHECK(zeros / 7680 == Approx(0.5).margin(0.03));
}

TEST_CASE("initial values depend on the seed and the name alone") {
  const Any any = init::Uniform();
  CHECK(sample(any, {4, 5}, "w", 3) == sample(any, {4, 5}, "w", 3));
  CHECK_FALSE(sample(any, {4, 5}, "w", 3) == sample(any, {4, 5}, "w", 4));
  CHECK_FALSE(sample(any, {4, 5}, "w", 3) == sample(any, {4, 5}, "v", 3));
}

TEST_CASE("an initializer may be an object, a pointer, a name or a function") {
  CHECK(sample(Any(init::Constant(3)), {1}).item() == 3);
  CHECK(sample(Any(std::make_shared<init::Constant<>>(3)), {1}).item() == 3);
  CHECK(sample(Any(std::make_shared<init::Constant<double>>(3)), {1}).item() == 3);
  CHECK(sample(Any("ones"), {1}).item() == 1);
  CHECK(sample(Any([](Tensor<>& data) { data.fill(4); }), {1}).item() == 4);
  CHECK(sample(Any([](Tensor<>& data, random::Generator& rng) { rng.uniform(data, 5, 6); }), {1})
            .item() >= 5);
  std::string seen;
  sample(Any([&](std::string_view name, Tensor<>&, random::Generator&) { seen = name; }), {1}, "w");
  CHECK(seen == "w");
}

TEST_CASE("nothing is an empty initializer") {
  CHECK_FALSE(Any());
  CHECK_FALSE(Any(nullptr));
  CHECK_FALSE(Any(std::shared_ptr<const init::Initializer<>>()));
  CHECK_FALSE(Any(std::shared_ptr<init::Constant<double>>()));
  CHECK_FALSE(Any().cast<double>());
}

TEST_CASE(
    "a null text and a function that cannot be called are errors where they are handed over") {
  const char* no_text = nullptr;
  CHECK_THROWS_AS(Any(no_text), parton::NameError);
  const std::function<void(std::string_view, Tensor<>&, random::Generator&)> three;
  const std::function<void(Tensor<>&, random::Generator&)> two;
  void (*one)(Tensor<>&) = nullptr;
  CHECK_THROWS_AS(Any(three), parton::ValueError);
  CHECK_THROWS_AS(Any(two), parton::ValueError);
  CHECK_THROWS_WITH(Any(one), "the function 'initializer' is empty: pass one that can be called");
}

TEST_CASE("a built-in of one scalar becomes one of another in full precision") {
  const init::AnyInitializer<double> wide = init::Constant<float>(0.1);
  CHECK(sample(wide, {1}).item() == 0.1);
  CHECK(sample(Any(init::Constant(0.1)).cast<double>(), {1}).item() == 0.1);
  CHECK(Any(init::Normal(0.5)).cast<Eigen::half>().cast<float>() == Any(init::Normal(0.5)));
  const init::Normal<double> converted = init::Normal(0.5);
  CHECK(converted.dump() == init::Normal(0.5).dump());
}

TEST_CASE("a custom initializer of another scalar is an error that names it") {
  CHECK_THAT(message_of([] { init::AnyInitializer<double>{Other()}; }),
             ContainsSubstring("other") && ContainsSubstring("float64"));
  CHECK_THROWS_AS(init::AnyInitializer<double>(std::make_shared<Other>()), InitializerError);
}

TEST_CASE("a cast net goes on with its custom initializers, by converting their values") {
  const auto wide = Any(Alternating(0.1f)).cast<double>();
  CHECK(sample(wide, {2}) == Tensor<double>{0.1f, -0.1f});
  CHECK(wide->dump() == Alternating(0.1f).dump());
}

TEST_CASE("initializers are equal if their class and options are") {
  CHECK(Any(init::Normal(0.5)) == Any(init::Normal<double>(0.5)));
  CHECK_FALSE(Any(init::Normal(0.5)) == Any(init::Normal(0.25)));
  CHECK_FALSE(Any(init::Normal(0.5)) == Any(init::Uniform(0.5)));
  CHECK(Any() == Any());
  CHECK_FALSE(Any() == Any(init::Zero()));
  CHECK_FALSE(Any(init::Zero()) == Any());
  CHECK(Any(Other()) == Any(Other()));
  CHECK_FALSE(Any(Other()) == Any(Alternating(1)));
  CHECK_FALSE(Any(Alternating(2)) == Any(Alternating(1)));
  const auto function = [](Tensor<>& data) { data.fill(4); };
  CHECK_FALSE(Any(function) == Any(function));
  const Any one(function);
  const Any copy = one;
  CHECK(one == copy);
}

TEST_CASE("a custom initializer's text form is its class name in lower case") {
  CHECK(MyInit().dump() == R"(["myinit", {}])");
}
