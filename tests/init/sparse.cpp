// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <cmath>
#include <parton/init/sparse.hpp>

using namespace parton;
using parton_test::message_of;
using parton_test::sample;

// ceil(0.3 * 25) = 8 zeros in every column, by the definition of PyTorch's sparse_.
TEST_CASE("Sparse zeroes the same number of entries in every column") {
  const Tensor<> w = sample(init::Sparse(0.3), {25, 400});
  const Eigen::ArrayXi zeros = (w.matrix().array() == 0).cast<int>().colwise().sum();
  CHECK(zeros.minCoeff() == 8);
  CHECK(zeros.maxCoeff() == 8);
}

// 25 rows, each zero in 8/25 of 400 columns: binomial, deviation sqrt(400 * 0.32 * 0.68) = 9.3.
TEST_CASE("Sparse chooses the entries of a column at random") {
  const Tensor<> w = sample(init::Sparse(0.3), {25, 400});
  const Eigen::ArrayXi zeros = (w.matrix().array() == 0).cast<int>().rowwise().sum();
  CHECK(std::abs(zeros.minCoeff() - 128) < 5 * 9.3);
  CHECK(std::abs(zeros.maxCoeff() - 128) < 5 * 9.3);
  CHECK(zeros.minCoeff() < zeros.maxCoeff());
}

// What is left is N(0, sigma^2): the mean square is 0.68 sigma^2.
TEST_CASE("the entries that Sparse leaves are normal") {
  CHECK(parton_test::deviation(sample(init::Sparse(0.3, 0.5), {25, 4000})) ==
        Approx(0.5 * std::sqrt(0.68)).epsilon(0.014));
  CHECK(sample(init::Sparse(1), {5, 5}) == Tensor<>::zeros({5, 5}));
  CHECK((sample(init::Sparse(0), {5, 5}).array() != 0).all());
  CHECK(sample(init::Sparse(0.5, 0), {5, 5}) == Tensor<>::zeros({5, 5}));
}

TEST_CASE("Sparse refuses other ranks and bad options") {
  CHECK_THAT(message_of([] { sample(init::Sparse(0.5), {3}, "b"); }),
             ContainsSubstring("init::Sparse") && ContainsSubstring("'b'"));
  CHECK_THAT(message_of([] { init::Sparse(1.5); }),
             ContainsSubstring("sparsity must be between 0 and 1, not 1.5"));
  CHECK_THROWS_AS(init::Sparse(std::nan("")), InitializerError);
  CHECK_THROWS_AS(init::Sparse(0.5, -1), InitializerError);
}

TEST_CASE("Sparse dumps its options") {
  CHECK(init::Sparse(0.1).dump() == R"(["sparse", {"sparsity": 0.1, "sigma": 0.01}])");
}
