// SPDX-License-Identifier: MIT
// Compiled with the flags for packets of each width, in a program of its own; see
// tests/CMakeLists.txt.
#include <parton/ops/detail/gemm.hpp>

#include "product.hpp"

using namespace parton::detail;
using parton::Index;

namespace {

/// An odd last row goes another way.
template <class Scalar>
bool agrees_in_gemm(Index rows, Index cols, Index depth, bool add) {
  parton_test::Product<Scalar> product(rows, cols, depth, false, true);
  if (!add) product.c.assign(product.c.size(), std::numeric_limits<Scalar>::quiet_NaN());
  gemm<Order::plain, Order::transposed>(rows, cols, depth, product.a.data(), product.b.data(),
                                        product.c.data(), add);
  return product.is_right(add);
}

template <class Scalar>
bool all_agree() {
  for (const Index rows : {2, 4, 6, 16})
    for (const Index cols : {1, 2, 3, 4, 5, 7, 8, 18})
      for (Index depth = 1; depth <= 50; ++depth)
        if (!parton_test::kernel_agrees<GemmPairs, Scalar>(rows, cols, depth)) return false;
  for (Index rows = 2; rows <= 17; ++rows)
    for (const Index cols : {3, 4, 10, 70})
      for (const Index depth : {63, 64, 127, 128, 191, 800})
        for (const bool add : {false, true})
          if (!agrees_in_gemm<Scalar>(rows, cols, depth, add)) return false;
  // Deeper than one piece.
  return agrees_in_gemm<Scalar>(6, 9, 2051, false) && agrees_in_gemm<Scalar>(16, 5, 3000, true) &&
         agrees_in_gemm<Scalar>(4, 9, 3001, true);
}

/// Where it is chosen: few rows, and enough to sum up in each.
template <class Scalar>
bool is_chosen_where_it_should_be() {
  using Pairs = GemmPairs<Scalar>;
  return Pairs::suits(2, 512, 784) && Pairs::suits(3, 10, 256) && Pairs::suits(16, 512, 784) &&
         !Pairs::suits(1, 512, 784) && !Pairs::suits(17, 512, 784) && !Pairs::suits(2, 256, 20) &&
         !Pairs::suits(2, 1, 784) && !Pairs::suits(8, 64, 64);
}

}  // namespace

int main() {
  return parton_test::run_where_possible([] {
    return all_agree<float>() && all_agree<double>() && is_chosen_where_it_should_be<float>() &&
           is_chosen_where_it_should_be<double>();
  });
}
