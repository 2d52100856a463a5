// SPDX-License-Identifier: MIT
#include <parton/random/random.hpp>

#include <algorithm>
#include <numeric>
#include <type_traits>
#include <vector>

#include <parton_test/catch.hpp>

using namespace parton;  // as users do: random:: is found beside the C library's function random()

TEST_CASE("random::uniform makes a tensor of a shape in braces, float unless told otherwise") {
  const Tensor x = random::uniform({2, 20});
  STATIC_REQUIRE(std::is_same_v<decltype(x), const Tensor<float>>);
  CHECK(x.shape() == Shape{2, 20});
  CHECK((x.array() >= 0.f).all());
  CHECK((x.array() < 1.f).all());
  const std::vector<int> v(3);
  CHECK(random::uniform({v.size(), 20}).shape() == Shape{3, 20});
  const Tensor d = random::uniform<double>({3}, -10, -9);
  STATIC_REQUIRE(std::is_same_v<decltype(d), const Tensor<double>>);
  CHECK((d.array() >= -10.).all());
  CHECK((d.array() < -9.).all());
  CHECK(random::uniform({0, 3}).size() == 0);
  CHECK(random::uniform({}).size() == 1);
  CHECK_THROWS_AS(random::uniform({-1, 3}), parton::ShapeError);
}

TEST_CASE("Every call draws new numbers, and random::seed starts them anew") {
  random::seed(7);
  const Tensor a = random::normal({5}), b = random::normal({5});
  CHECK_FALSE(a == b);
  random::seed(7);
  CHECK(random::normal({5}) == a);
  CHECK(random::normal({5}) == b);
  random::seed(8);
  CHECK_FALSE(random::normal({5}) == a);
  random::seed(7);
  const auto order = random::permutation(50);
  CHECK(random::permutation(50) != order);
  random::seed(7);
  CHECK(random::permutation(50) == order);
}

TEST_CASE("The numbers of the process do not depend on how they are cut into tensors") {
  random::seed(3);
  const Tensor whole = random::uniform({10});
  random::seed(3);
  const Tensor first = random::uniform({4}), second = random::uniform({6});
  for (Index i = 0; i < 10; ++i) CHECK(whole(i) == (i < 4 ? first(i) : second(i - 4)));
}

TEST_CASE("The other distributions make tensors of every floating scalar") {
  random::seed(0);
  const Tensor t = random::truncated_normal<Eigen::half>({1000}, 1, 2, 0.5, 1.5);
  for (Index i = 0; i < t.size(); ++i) {
    CHECK(static_cast<float>(t(i)) >= 0.5f);
    CHECK(static_cast<float>(t(i)) <= 1.5f);
  }
  const Tensor c = random::truncated_normal({1000});
  CHECK((c.array().abs() <= 2.f).all());
  const Tensor b = random::bernoulli<Eigen::bfloat16>({4, 5}, 1);
  for (Index i = 0; i < 4; ++i) CHECK(static_cast<float>(b(i, i)) == 1.f);
  CHECK((random::bernoulli({100}, 0).array() == 0.f).all());
  CHECK(random::normal<double>({2, 2}, 5, 0)(1, 1) == 5.);
  std::vector<Index> order = random::permutation(6), sorted(6);
  std::sort(order.begin(), order.end());
  std::iota(sorted.begin(), sorted.end(), Index{0});
  CHECK(order == sorted);
  CHECK_THROWS_AS(random::permutation(-1), parton::ValueError);
}
