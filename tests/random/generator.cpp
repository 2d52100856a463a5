// SPDX-License-Identifier: MIT
#include <parton/random/generator.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <parton/tensor/tensor.hpp>

#include <parton_test/catch.hpp>

using Catch::Matchers::ContainsSubstring;
using parton::Index;
using parton::Tensor;
using parton::ValueError;
using parton::random::Generator;

namespace {

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.)); }

/// The distance of Kolmogorov and Smirnov, times sqrt(n): above 1.95 with probability 0.001.
template <class Cdf>
double ks(std::vector<double> x, const Cdf& cdf) {
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  double distance = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double f = cdf(x[i]), k = static_cast<double>(i);
    distance = std::max({distance, f - k / n, (k + 1) / n - f});
  }
  return distance * std::sqrt(n);
}

template <class Scalar>
std::vector<double> widened(const std::vector<Scalar>& x) {
  std::vector<double> result;
  for (const Scalar value : x) result.push_back(static_cast<double>(value));
  return result;
}

template <class Scalar, class Fill>
std::vector<Scalar> filled(std::size_t n, const Fill& fill) {
  Generator rng(2024, 7);
  std::vector<Scalar> x(n);
  fill(rng, x);
  return x;
}

template <class Scalar>
bool same_bits(const std::vector<Scalar>& a, std::span<const Scalar> b) {
  return std::memcmp(static_cast<const void*>(a.data()), static_cast<const void*>(b.data()),
                     a.size() * sizeof(Scalar)) == 0;
}

}  // namespace

TEMPLATE_TEST_CASE("uniform is uniform on [low, high), normal is normal", "", float, double) {
  constexpr std::size_t n = 200000;
  const auto u = filled<TestType>(n, [](auto& rng, auto& x) { rng.uniform(x, -10, 30); });
  CHECK(*std::min_element(u.begin(), u.end()) >= -10);
  CHECK(*std::max_element(u.begin(), u.end()) < 30);
  CHECK(ks(widened(u), [](double x) { return (x + 10) / 40; }) < 1.95);

  const auto z = filled<TestType>(n, [](auto& rng, auto& x) { rng.normal(x, 1, 2); });
  CHECK(ks(widened(z), [](double x) { return normal_cdf((x - 1) / 2); }) < 1.95);
}

TEMPLATE_TEST_CASE("A million normals have the moments and tails of the distribution", "", float,
                   double) {
  constexpr std::size_t n = 1 << 20;
  const auto z = filled<TestType>(n, [](auto& rng, auto& x) { rng.normal(x, 0, 1); });
  std::array<double, 5> moment{};
  double beyond3 = 0, beyond4 = 0, pair = 0, square_pair = 0, next = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double x = static_cast<double>(z[i]);
    double power = 1;
    for (double& m : moment) m += power, power *= x;
    beyond3 += std::abs(x) > 3;
    beyond4 += std::abs(x) > 4;
    // The two values of one transform lie 64 apart.
    if (i / 64 % 2 == 0) {
      const double y = static_cast<double>(z[i + 64]);
      pair += x * y;
      square_pair += (x * x - 1) * (y * y - 1);
    }
    if (i > 0) next += x * static_cast<double>(z[i - 1]);
  }
  // Each within four standard errors of the estimate: var(x^k) = E x^2k - (E x^k)^2, of which the
  // moments are 1, 0, 1, 0, 3, 0, 15, 0, 105.
  const double root = std::sqrt(static_cast<double>(n));
  CHECK(std::abs(moment[1]) < 4 * root);
  CHECK(std::abs(moment[2] - n) < 4 * std::sqrt(2.) * root);
  CHECK(std::abs(moment[3]) < 4 * std::sqrt(15.) * root);
  CHECK(std::abs(moment[4] - 3. * n) < 4 * std::sqrt(96.) * root);
  CHECK(std::abs(pair) < 4 * root / std::sqrt(2.));
  CHECK(std::abs(square_pair) < 4 * 2 * root / std::sqrt(2.));
  CHECK(std::abs(next) < 4 * root);
  const double expected3 = 2 * normal_cdf(-3) * n, expected4 = 2 * normal_cdf(-4) * n;
  CHECK(std::abs(beyond3 - expected3) < 4 * std::sqrt(expected3));
  CHECK(std::abs(beyond4 - expected4) < 4 * std::sqrt(expected4));
}

TEMPLATE_TEST_CASE("half and bfloat16 get the float values, rounded, and stay within the bounds",
                   "", Eigen::half, Eigen::bfloat16) {
  constexpr std::size_t n = 50000;
  const auto f = filled<float>(n, [](auto& rng, auto& x) { rng.normal(x, 0, 1); });
  const auto s = filled<TestType>(n, [](auto& rng, auto& x) { rng.normal(x, 0, 1); });
  for (std::size_t i = 0; i < n; ++i)
    REQUIRE(static_cast<float>(s[i]) == static_cast<float>(TestType(f[i])));
  const auto u = filled<TestType>(n, [](auto& rng, auto& x) { rng.uniform(x, 0, 1); });
  for (const TestType x : u) REQUIRE((static_cast<float>(x) >= 0 && static_cast<float>(x) < 1));
  const auto narrow = filled<TestType>(n, [](auto& rng, auto& x) { rng.uniform(x, -0.07, 0.07); });
  for (const TestType x : narrow)
    REQUIRE((static_cast<double>(static_cast<float>(x)) >= -0.07 &&
             static_cast<double>(static_cast<float>(x)) < 0.07));
}

TEST_CASE("A float of uniform(-0.07, 0.07) lies within the bounds as doubles") {
  // 0.07f is above 0.07, so a value rounded to it would not.
  const auto u = filled<float>(1 << 20, [](auto& rng, auto& x) { rng.uniform(x, -0.07, 0.07); });
  const auto [low, high] = std::minmax_element(u.begin(), u.end());
  CHECK(static_cast<double>(*low) >= -0.07);
  CHECK(static_cast<double>(*high) < 0.07);
  // The widest range of a float that can be: still finite and inside.
  const auto wide =
      filled<float>(1000, [](auto& rng, auto& x) { rng.uniform(x, -1.7e38, 1.7e38); });
  CHECK(std::all_of(wide.begin(), wide.end(), [](float x) { return std::abs(x) <= 1.7e38f; }));
  const auto point = filled<float>(10, [](auto& rng, auto& x) { rng.uniform(x, 2, 2); });
  CHECK(point == std::vector<float>(10, 2.f));
}

TEST_CASE("truncated_normal has the distribution between its bounds, however they lie") {
  struct Case {
    double mean, stddev, low, high;
  };
  // Normal, uniform and exponential proposals; both tails; one bound; hardly any interval.
  const double inf = std::numeric_limits<double>::infinity();
  const auto c = GENERATE_COPY(Case{0, 1, -2, 2}, Case{3, 2, 2, 9}, Case{0, 1, -0.5, 0.25},
                               Case{0, 1, 1, 1.01}, Case{0, 0.1, 0.5, 9}, Case{0, 1, -9, -3},
                               Case{5, 1, -inf, 5.2}, Case{0, 1, 0.1, inf}, Case{0, 1, 30, inf},
                               Case{0, 1, -inf, inf});
  CAPTURE(c.mean, c.stddev, c.low, c.high);
  constexpr std::size_t n = 50000;
  const auto fill = [&](auto& rng, auto& x) {
    rng.truncated_normal(x, c.mean, c.stddev, c.low, c.high);
  };
  // Upper tails mirrored, where the difference of two numbers near 1 would tell nothing.
  const bool mirror = c.low > c.mean;
  const double sign = mirror ? -1 : 1;
  const double a = sign * ((mirror ? c.high : c.low) - c.mean) / c.stddev;
  const double b = sign * ((mirror ? c.low : c.high) - c.mean) / c.stddev;
  const auto cdf = [&](double x) {
    const double f = (normal_cdf(sign * (x - c.mean) / c.stddev) - normal_cdf(a)) /
                     (normal_cdf(b) - normal_cdf(a));
    return mirror ? 1 - f : f;
  };
  const auto d = filled<double>(n, fill);
  CHECK(*std::min_element(d.begin(), d.end()) >= c.low);
  CHECK(*std::max_element(d.begin(), d.end()) <= c.high);
  CHECK(ks(d, cdf) < 1.95);
  const auto f = filled<float>(n, fill);
  CHECK(static_cast<double>(*std::min_element(f.begin(), f.end())) >= c.low);
  CHECK(static_cast<double>(*std::max_element(f.begin(), f.end())) <= c.high);
}

TEST_CASE("truncated_normal far from its mean is the bound next to it") {
  const auto check = [](double mean, double stddev, double low, double high, float expected) {
    const auto x = filled<float>(
        100, [&](auto& rng, auto& to) { rng.truncated_normal(to, mean, stddev, low, high); });
    CHECK(x == std::vector<float>(100, expected));
  };
  check(0, 0, 1, 2, 1.f);
  check(5, 0, 1, 2, 2.f);
  check(1.5, 0, 1, 2, 1.5f);
  check(0, 1e-300, 1, 2, 1.f);
  check(0, 1e-12, -2, -1, -1.f);
  check(0, 1, 3, 3, 3.f);
}

TEST_CASE("bernoulli is 1 with its probability, the same elements for every scalar") {
  constexpr std::size_t n = 100000;
  for (const double p : {0., 0.001, 0.3, 0.5, 0.999, 1.}) {
    const auto b = filled<float>(n, [&](auto& rng, auto& x) { rng.bernoulli(x, p); });
    const auto ones = static_cast<double>(std::count(b.begin(), b.end(), 1.f));
    const auto zeros = static_cast<double>(std::count(b.begin(), b.end(), 0.f));
    CHECK(ones + zeros == n);
    CHECK(std::abs(ones - p * n) <= 4 * std::sqrt(p * (1 - p) * n));
    const auto h = filled<Eigen::half>(n, [&](auto& rng, auto& x) { rng.bernoulli(x, p); });
    const auto d = filled<double>(n, [&](auto& rng, auto& x) { rng.bernoulli(x, p); });
    for (std::size_t i = 0; i < n; ++i)
      REQUIRE((static_cast<float>(h[i]) == b[i] && static_cast<float>(d[i]) == b[i]));
  }
}

TEMPLATE_TEST_CASE("A fill may be cut anywhere without changing a bit", "", float, double,
                   Eigen::half, Eigen::bfloat16) {
  constexpr std::size_t n = 1500;
  const auto check = [](const auto& fill) {
    const auto whole = filled<TestType>(n, fill);
    for (const std::size_t cut : {0u, 1u, 63u, 64u, 129u, 300u, 1024u, 1500u}) {
      const auto parts = filled<TestType>(n, [&](Generator& rng, std::vector<TestType>& x) {
        fill(rng, std::span(x).first(cut));
        CHECK(rng.position() == cut);
        fill(rng, std::span(x).subspan(cut));
      });
      CHECK(same_bits<TestType>(whole, parts));
    }
  };
  check([](Generator& rng, auto&& x) { rng.uniform(x, -1, 1); });
  check([](Generator& rng, auto&& x) { rng.normal(x, 0, 1); });
  check([](Generator& rng, auto&& x) { rng.truncated_normal(x, 0, 1, -1.5, 3); });
  check([](Generator& rng, auto&& x) { rng.bernoulli(x, 0.25); });
}

TEST_CASE("Threads change no bit") {
  constexpr std::size_t n = (1 << 21) + 12345;
  const auto fill = [](Generator& rng, auto& x) {
    rng.seek(333);
    rng.normal(x, 0, 1);
  };
  const auto one = filled<float>(n, fill);
  for (const int threads : {2, 3, 8}) {
    parton::set_num_threads(threads);
    const auto many = filled<float>(n, fill);
    parton::set_num_threads(1);
    CHECK(same_bits<float>(one, many));
  }
}

TEST_CASE("Seeds, streams, paths and draws give different numbers; equal ones give equal") {
  std::set<std::uint64_t> first;
  int count = 0;
  const auto take = [&](Generator rng) {
    first.insert(rng.bits());
    ++count;
  };
  for (std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 63}) {
    for (std::uint64_t stream = 0; stream < 10; ++stream) take(Generator(seed, stream));
    for (const char* path : {"weight", "0.weight", "0.bias", "1.weight", "", "0.1.0.bias"})
      for (std::uint64_t draw = 0; draw < 3; ++draw) take(Generator::for_path(seed, path, draw));
  }
  CHECK(first.size() == static_cast<std::size_t>(count));
  CHECK(Generator::for_path(7, "0.weight") == Generator::for_path(7, "0.weight", 0));
  Generator a = Generator::for_path(7, "0.weight");
  const Generator b = a;
  CHECK(a.bits() == Generator(b).bits());
  CHECK_FALSE(a == b);
  a.seek(0);
  CHECK(a == b);
}

TEST_CASE("A stream's floats, doubles and whole numbers share no words") {
  // If they did, the upper bits of a double would be those of some float.
  std::vector<float> f(512);
  std::vector<double> d(512);
  Generator(1).uniform(f, 0, 1);
  Generator(1).uniform(d, 0, 1);
  for (const double x : d)
    CHECK(std::find(f.begin(), f.end(), static_cast<float>(std::floor(x * 0x1p24)) * 0x1p-24f) ==
          f.end());
}

TEST_CASE("below(n) and permutation(n) are fair") {
  Generator rng(5);
  std::array<double, 6> count{};
  constexpr int rolls = 60000;
  for (int i = 0; i < rolls; ++i) ++count[static_cast<std::size_t>(rng.below(6))];
  double chi2 = 0;
  for (const double c : count) chi2 += (c - 10000) * (c - 10000) / 10000;
  CHECK(chi2 < 20.5);  // 5 degrees of freedom, probability 0.001
  // Two thirds of 2^64: a third of all products must be rejected, or low numbers come too often.
  const std::uint64_t n = 0xAAAAAAAAAAAAAAABu;
  int low = 0;
  for (int i = 0; i < 10000; ++i) {
    const std::uint64_t x = rng.below(n);
    REQUIRE(x < n);
    low += x < n / 2;
  }
  CHECK(std::abs(low - 5000) < 200);
  CHECK(rng.below(1) == 0);

  std::map<std::vector<Index>, double> orders;
  for (int i = 0; i < 24000; ++i) ++orders[rng.permutation(4)];
  CHECK(orders.size() == 24);
  chi2 = 0;
  for (const auto& [order, times] : orders) chi2 += (times - 1000) * (times - 1000) / 1000;
  CHECK(chi2 < 49.7);  // 23 degrees of freedom, probability 0.001
  CHECK(rng.permutation(0).empty());
  CHECK(rng.permutation(1) == std::vector<Index>{0});
}

TEST_CASE("A tensor is filled through its handle, a row or a span; one without values is skipped") {
  Generator rng(3);
  Tensor<> x = Tensor<>::zeros({4, 300});
  rng.uniform(x, -10, 10);
  CHECK((x.array().abs() > 0.f).any());
  const Tensor<> before = x.copy();
  rng.normal(x[2], 100, 1);
  CHECK((x[2].array() > 50.f).all());
  CHECK(x[1] == before[1]);
  CHECK(x[3] == before[3]);
  rng.bernoulli(x.span(), 1);
  CHECK((x.array() == 1.f).all());
  Tensor<> shape = Tensor<>::shape_only({4, 300});
  const std::uint64_t position = rng.position();
  rng.uniform(shape, 0, 1);
  CHECK(rng.position() == position + 1200);
  STATIC_REQUIRE_FALSE(parton::random::Fillable<Tensor<int>>);
  STATIC_REQUIRE_FALSE(parton::random::Fillable<const Tensor<>>);
  STATIC_REQUIRE_FALSE(parton::random::Fillable<const std::vector<float>>);
}

TEST_CASE("Arguments outside their domain are errors that say so, and take no numbers") {
  Generator rng(0);
  std::vector<float> f(3, 7.f);
  std::vector<Eigen::half> h(3);
  std::vector<double> d(3);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(rng.uniform(f, 2, 1),
                    "uniform: low must not be above high, but low is 2 and high is 1");
  CHECK_THROWS_AS(rng.uniform(f, nan, 1), ValueError);
  CHECK_THROWS_AS(rng.uniform(f, 0, nan), ValueError);
  CHECK_THROWS_WITH(rng.uniform(f, 0, inf), ContainsSubstring("not finite"));
  CHECK_THROWS_AS(rng.uniform(f, -inf, 0), ValueError);
  CHECK_THROWS_AS(rng.uniform(f, -inf, inf), ValueError);
  CHECK_THROWS_WITH(rng.uniform(f, -3e38, 3e38),
                    ContainsSubstring("float32") && ContainsSubstring("wider scalar"));
  CHECK_THROWS_AS(rng.uniform(d, -1.5e308, 1.5e308), ValueError);
  CHECK_THROWS_WITH(rng.uniform(h, 0, 1e5), ContainsSubstring("float16"));
  CHECK_NOTHROW(Generator(0).uniform(h, -65504, 65504));
  CHECK_THROWS_WITH(rng.normal(f, 0, -1),
                    "normal: the mean must be finite and the standard deviation finite and at "
                    "least 0, but the mean is 0 and the standard deviation -1");
  CHECK_THROWS_AS(rng.normal(f, nan, 1), ValueError);
  CHECK_THROWS_AS(rng.normal(f, 0, nan), ValueError);
  CHECK_THROWS_AS(rng.normal(f, inf, 1), ValueError);
  CHECK_THROWS_AS(rng.normal(f, 0, inf), ValueError);
  CHECK_THROWS_WITH(rng.normal(h, 0, 1e4), ContainsSubstring("out of range for float16"));
  CHECK_THROWS_AS(rng.normal(d, 1e308, 1e308), ValueError);
  CHECK_THROWS_WITH(rng.truncated_normal(f, 0, -1, -2, 2), ContainsSubstring("truncated_normal"));
  CHECK_THROWS_WITH(rng.truncated_normal(f, 0, 1, 2, -2), ContainsSubstring("low is 2"));
  CHECK_THROWS_AS(rng.truncated_normal(f, 0, 1, nan, 2), ValueError);
  CHECK_THROWS_AS(rng.truncated_normal(f, 0, 1, inf, inf), ValueError);
  CHECK_THROWS_AS(rng.truncated_normal(h, 0, 1, 70000, 80000), ValueError);
  CHECK_THROWS_WITH(rng.bernoulli(f, 1.5),
                    "bernoulli: the probability p must lie between 0 and 1, not 1.5");
  CHECK_THROWS_AS(rng.bernoulli(f, -0.1), ValueError);
  CHECK_THROWS_AS(rng.bernoulli(f, nan), ValueError);
  CHECK_THROWS_WITH(rng.permutation(-3), ContainsSubstring("must not be negative: -3"));
  CHECK_THROWS_WITH(rng.below(0), ContainsSubstring("below(0)"));
  CHECK(rng.position() == 0);
  CHECK(f == std::vector<float>(3, 7.f));
}
