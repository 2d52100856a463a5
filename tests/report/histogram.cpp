// SPDX-License-Identifier: MIT
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <Eigen/Core>

#include <parton/random/random.hpp>
#include <parton/report/histogram.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using parton_test::message_of;
using parton_test::printed;

using Counts = std::vector<Index>;
using Edges = std::vector<double>;

// np.histogram([1, 2, 1]) of NumPy's documentation with bins=[0, 1, 2, 3] gives 0, 2, 1.
TEST_CASE("histogram counts left-closed bins, the last of them closed on both sides") {
  const Histogram h = histogram(Tensor{1, 2, 1}, {.bins = 3, .low = 0, .high = 3});
  CHECK(h.counts == Counts{0, 2, 1});
  CHECK(h.edges == Edges{0, 1, 2, 3});
  const Histogram last = histogram(Tensor{0, 1, 2, 3, 3}, {.bins = 3});
  CHECK(last.counts == Counts{1, 1, 3});
  CHECK(last.edges == Edges{0, 1, 2, 3});
}

TEST_CASE("histogram takes ten bins from the smallest to the largest value, unless told") {
  const Histogram h = histogram(random::uniform({50, 20}, -1, 1));
  CHECK(h.counts.size() == 10);
  CHECK(h.edges.size() == 11);
  CHECK(std::accumulate(h.counts.begin(), h.counts.end(), Index{0}) == 1000);
  CHECK(h.below + h.above + h.nan == 0);
}

TEST_CASE("histogram counts what lies outside and what is no number aside") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  const Tensor x{nan, -inf, inf, inf, -1.f, 0.f, 0.5f, 1.f, 2.f};
  const Histogram h = histogram(x, {.bins = 2, .low = 0, .high = 1});
  CHECK(h.counts == Counts{1, 2});
  CHECK(h.below == 2);
  CHECK(h.above == 3);
  CHECK(h.nan == 1);
  // The range that it finds is that of the finite values.
  CHECK(histogram(x, {.bins = 3}).edges == Edges{-1, 0, 1, 2});
  // One end may be given alone.
  CHECK(histogram(x, {.bins = 2, .low = 1}).edges == Edges{1, 1.5, 2});
  CHECK(histogram(x, {.bins = 2, .low = 5}).edges == Edges{5, 5.5, 6});
  CHECK(histogram(x, {.bins = 2, .high = -4}).edges == Edges{-5, -4.5, -4});
}

// As NumPy does.
TEST_CASE("histogram of equal values is half a unit wide to both sides, that of none from 0 to 1") {
  const Histogram constant = histogram(Tensor<>::full({7}, 3), {.bins = 2});
  CHECK(constant.edges == Edges{2.5, 3, 3.5});
  CHECK(constant.counts == Counts{0, 7});
  CHECK(histogram(Tensor<>::zeros({0}), {.bins = 2}).edges == Edges{0, 0.5, 1});
  CHECK(histogram(Tensor<>::zeros({0})).counts == Counts(10, 0));
  CHECK(histogram(Tensor{std::numeric_limits<float>::quiet_NaN()}, {.bins = 1}).edges ==
        Edges{0, 1});
  // Where half a unit is nothing.
  CHECK(histogram(Tensor<double>{1e300}, {.bins = 2}).counts == Counts{0, 1});
}

TEST_CASE("histogram takes integers, a scalar, Eigen's matrices and the whole range of double") {
  CHECK(histogram(Tensor<std::int64_t>{1, 2, 4}, {.bins = 3}).counts == Counts{1, 1, 1});
  CHECK(histogram(Tensor<>::full({}, 1), {.bins = 1}).counts == Counts{1});
  CHECK(histogram(Eigen::MatrixXf::Identity(3, 3), {.bins = 2}).counts == Counts{6, 3});
  const double most = std::numeric_limits<double>::max();
  CHECK(histogram(Tensor<double>{-most, 0, most}, {.bins = 2}).counts == Counts{1, 2});
}

TEST_CASE("histogram refuses bins and ranges that make no sense") {
  CHECK(message_of<ValueError>([] { static_cast<void>(histogram(Tensor{1}, {.bins = 0})); }) ==
        "histogram: bins must be at least 1, not 0");
  CHECK(message_of<ValueError>(
            [] { static_cast<void>(histogram(Tensor{1}, {.low = 2, .high = 1})); }) ==
        "histogram: low and high must be finite and low not above high, but low is 2 and high is "
        "1");
  CHECK_THROWS_AS(histogram(Tensor{1}, {.low = std::numeric_limits<double>::quiet_NaN()}),
                  ValueError);
  CHECK_THROWS_AS(histogram(Tensor{1}, {.high = std::numeric_limits<double>::infinity()}),
                  ValueError);
}

TEST_CASE("histogram prints a bar for each bin and a line for what is in none") {
  Tensor x = Tensor<>::zeros({100});
  for (Index i = 0; i < 20; ++i) x(i) = 0.5f;
  x(99) = 1;
  CHECK(printed(histogram(x, {.bins = 4})) ==
        "[   0, 0.25)  79  ########################################\n"
        "[0.25,  0.5)   0\n"
        "[ 0.5, 0.75)  20  ##########\n"
        "[0.75,    1]   1  #\n");
  CHECK(histogram(x, {.bins = 1, .low = -1, .high = 0.25}).text(10) ==
        "[  -1, 0.25]  79  ##########\nand 21 above\n");
  x(0) = std::numeric_limits<float>::quiet_NaN();
  x(1) = -2;
  CHECK(histogram(x, {.bins = 1, .low = 0, .high = 0.25}).text(10) ==
        "[   0, 0.25]  79  ##########\nand 1 below, 19 above, 1 NaN\n");
}

TEST_CASE("histogram prints few as a dot, edges apart, and the middle of a symmetric range as 0") {
  Tensor x = Tensor<>::zeros({1000});
  x(0) = 1;
  CHECK(histogram(x, {.bins = 2}).text(10) == "[  0, 0.5)  999  ##########\n[0.5,   1]    1  .\n");
  CHECK(histogram(Tensor<double>{1, 1.00001}, {.bins = 2}).text(1) ==
        "[       1, 1.000005)  1  #\n[1.000005,  1.00001]  1  #\n");
  CHECK(histogram(Tensor<double>{-0.3, 0.3}, {.bins = 6}).text(1).find("[   0,  0.1)") !=
        std::string::npos);
}
