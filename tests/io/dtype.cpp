// SPDX-License-Identifier: MIT
#include <parton/io/dtype.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using io::Dtype;

TEST_CASE("a dtype has the name that a Parameter prints, and the size of its scalar") {
  CHECK(parton_test::printed(Dtype::bfloat16) == "bfloat16");
  CHECK(io::dtype_of<float>() == Dtype::float32);
  CHECK(io::dtype_of<long long>() == Dtype::int64);
  CHECK(io::dtype_of<bool>() == Dtype::boolean);
  CHECK(io::dtype_of<Eigen::half>() == Dtype::float16);
  CHECK(io::size_of(Dtype::complex64) == 8);
  CHECK(!io::is_held(Dtype::complex64));
  CHECK(io::is_held(Dtype::uint64));
}

TEST_CASE("a float widens to a larger one, and half and bfloat16 not to each other") {
  CHECK(io::widens(Dtype::bfloat16, Dtype::float32));
  CHECK(io::widens(Dtype::float32, Dtype::float64));
  CHECK(io::widens(Dtype::float16, Dtype::float16));
  CHECK(!io::widens(Dtype::float16, Dtype::bfloat16));
  CHECK(!io::widens(Dtype::float64, Dtype::float32));
  CHECK(!io::widens(Dtype::int8, Dtype::float32));
}
