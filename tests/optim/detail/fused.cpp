// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include <parton/optim/adam.hpp>
#include <parton/optim/detail/fused.hpp>
#include <parton/optim/rmsprop.hpp>
#include <parton/parameter/parameter.hpp>
#include <parton/threads.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

/// The values after one update of Adam of `n` elements, all alike.
template <class Scalar>
Tensor<Scalar> updated(Index n, double gradient, const optim::Adam& recipe = optim::Adam()) {
  using Wide = detail::Wide<Scalar>;
  const Parameter<Scalar> parameter("w", ParameterOptions<Scalar>{{n}});
  Tensor<Scalar> data = Tensor<Scalar>::full({n}, 0.5);
  const Tensor<Scalar> g = Tensor<Scalar>::full({n}, gradient);
  std::vector<Tensor<Wide>> state(2, Tensor<Wide>::zeros({n}));
  state[1] = Tensor<Wide>::zeros({n});
  recipe.make<Scalar>()->update({parameter, data, g, state, 1, 1, 0.1, 0, 0});
  return data;
}

template <class Scalar>
void check_all_alike(const Tensor<Scalar>& x) {
  for (Index i = 1; i < x.size(); ++i)
    if (std::memcmp(x.data(), x.data() + i, sizeof(Scalar)) != 0) FAIL("element " << i);
}

}  // namespace

TEST_CASE("every element of every size is updated, with bits that do not depend on its place") {
  for (Index n = 0; n < 70; ++n) {
    const Tensor<> x = updated<float>(n, 3);
    for (Index i = 0; i < n; ++i) CHECK(x(i) == Approx(0.4));
    check_all_alike(x);
  }
  const Tensor<double> wide = updated<double>(21, 3);
  CHECK(wide(20) == Approx(0.4).epsilon(1e-8));
  check_all_alike(wide);
  // Longer than a block of conversion.
  const Tensor<Eigen::half> narrow = updated<Eigen::half>(1037, 3);
  CHECK(static_cast<float>(narrow(1036)) == Approx(0.4).margin(5e-4));
  check_all_alike(narrow);
}

TEST_CASE("a square that overflows stops an element, a NaN shows") {
  CHECK(updated<float>(5, 1e30)(4) == 0.5F);
  CHECK(std::isnan(updated<float>(5, NAN)(4)));
  CHECK(std::isnan(updated<double>(1, NAN)(0)));
  CHECK(std::isnan(updated<float>(5, NAN, optim::Adam({.clip_gradient = 1}))(4)));
}

TEST_CASE("the number of threads changes no bit of an update") {
  const Index n = 3 * (1 << 18) + 5;
  const Tensor<> one = updated<float>(n, 3);
  set_num_threads(3);
  const Tensor<> three = updated<float>(n, 3);
  set_num_threads(1);
  CHECK(one == three);
}
