// SPDX-License-Identifier: MIT
// Compiled once with Eigen's product and once with each other library that this machine has, each
// time in a program of its own; see tests/CMakeLists.txt.
#include <parton/ops/detail/gemm.hpp>

#include "product.hpp"

using namespace parton::detail;
using parton::Index;

namespace {

template <Order A, Order B, class Scalar>
bool agrees(Index rows, Index cols, Index depth, bool add) {
  parton_test::Product<Scalar> product(rows, cols, depth, A == Order::transposed,
                                       B == Order::transposed);
  // Without `add` nothing of what stood there may come through.
  if (!add) product.c.assign(product.c.size(), std::numeric_limits<Scalar>::quiet_NaN());
  gemm<A, B>(rows, cols, depth, product.a.data(), product.b.data(), product.c.data(), add);
  return product.is_right(add);
}

template <class Scalar>
bool all_agree() {
  for (const bool add : {false, true})
    for (const Index rows : {0, 1, 3, 4, 5, 16, 33, 70})
      for (const Index cols : {0, 1, 7, 16, 65})
        for (const Index depth : {0, 1, 3, 4, 5, 20, 100})
          if (!agrees<Order::plain, Order::plain, Scalar>(rows, cols, depth, add) ||
              !agrees<Order::plain, Order::transposed, Scalar>(rows, cols, depth, add) ||
              !agrees<Order::transposed, Order::plain, Scalar>(rows, cols, depth, add) ||
              !agrees<Order::transposed, Order::transposed, Scalar>(rows, cols, depth, add))
            return false;
  return true;
}

/// That the other library does the work, where one was asked for.
bool the_right_library_does_it() {
  const std::vector<float> a(100, 1), b(100, 1);
  std::vector<float> c(100, 0);
  const bool taken =
      gemm_by_library<float>(false, false, 10, 10, 10, a.data(), b.data(), c.data(), false);
#if defined(PARTON_GEMM_BLAS) || defined(PARTON_GEMM_ONEDNN)
  return taken && c[0] == 10;
#else
  return !taken;
#endif
}

}  // namespace

int main() {
  const bool good = all_agree<float>() && all_agree<double>() && the_right_library_does_it();
  std::cout << (good ? "All products agree.\n" : "Wrong.\n");
  return good ? 0 : 1;
}
