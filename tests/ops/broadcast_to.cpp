// SPDX-License-Identifier: MIT
#include <parton/ops/broadcast_to.hpp>

#include <parton_test/capture.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("broadcast_to repeats by NumPy's rule, for every pair of shapes that fits") {
  for (const Shape& from : shapes()) {
    const auto x = sample<double>(from);
    for (const Shape& to : shapes()) {
      if (broadcast_shape(from, to) != to) {
        CHECK_THROWS_AS(broadcast_to(x, to), ShapeError);
        continue;
      }
      const auto y = broadcast_to(x, to);
      REQUIRE(y.shape() == to);
      bool same = true;
      for (Index i = 0; i < y.size(); ++i)
        same = same && y.data()[i] == broadcast_at(x, position(i, to));
      INFO(from << " to " << to);
      CHECK(same);
      check_shape_only(broadcast_to(Tensor<>::shape_only(from), to), to);
    }
  }
  const Tensor<int> x = {1, 2};
  CHECK_FALSE(broadcast_to(x, {2}).shares_storage_with(x));
  CHECK(broadcast_to(Eigen::Vector2f(1, 2), {2, 2}) == Tensor{{1.f, 2.f}, {1.f, 2.f}});
}

TEST_CASE("the gradient is the sum over what was repeated") {
  const auto to = [](const Shape& shape) {
    return [shape](const auto& in) { return broadcast_to(in[0], shape); };
  };
  check_gradients(to({2, 3, 4}), {sample<double>({3, 1})});
  check_gradients(to({2, 3}), {sample<double>({})});
  check_gradients(to({2, 3, 2}), {sample<double>({2, 1, 2})});
  check_gradients(to({0, 3}), {sample<double>({3})});
  check_gradients(to({2}), {sample<double>({2})});
}

TEST_CASE("a shape that cannot be broadcast to is an error that shows both") {
  check_says(message_of<ShapeError>([] {
               static_cast<void>(broadcast_to(sample({2, 3}), {3, 2}));
             }),
             {"broadcast_to: the shape (2, 3) does not broadcast to (3, 2)", "last axis"});
  CHECK_THROWS_AS(broadcast_to(sample({2}), {-1, 2}), ShapeError);
}
