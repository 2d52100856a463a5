// SPDX-License-Identifier: MIT
#include <limits>
#include <vector>

#include <parton/optim/detail/finite.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

template <class Scalar>
void check_finding() {
  using Limits = Eigen::NumTraits<Scalar>;
  std::vector<Scalar> x(600, Limits::highest());
  x[3] = Limits::lowest();
  x[5] = Scalar(0);
  const auto found = [&] { return optim::detail::first_not_finite(x.data(), 600); };
  CHECK(found() == -1);
  x[599] = Limits::quiet_NaN();
  CHECK(found() == 599);
  x[300] = -Limits::infinity();
  CHECK(found() == 300);
  x[0] = Limits::infinity();
  CHECK(found() == 0);
  CHECK(optim::detail::first_not_finite(x.data(), 0) == -1);
}

}  // namespace

TEST_CASE("the first NaN or infinity is found, whatever the scalar") {
  check_finding<float>();
  check_finding<double>();
  check_finding<Eigen::half>();
  check_finding<Eigen::bfloat16>();
}
