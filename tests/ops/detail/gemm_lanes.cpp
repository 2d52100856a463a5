// SPDX-License-Identifier: MIT
// Compiled with the flags for wide packets, in a program of its own; see tests/CMakeLists.txt.
#include <parton/ops/detail/gemm_lanes.hpp>

#include "product.hpp"

using namespace parton::detail;
using parton::Index;

namespace {

template <class Scalar>
bool all_agree() {
  static_assert(GemmLanes<Scalar>::is_available);
  for (const Index rows : {1, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 97, 130})
    for (const Index cols : {1, 5, 6, 7, 10, 13, 24, 25, 64, 83})
      for (const Index depth : {1, 2, 7, 16, 17, 64, 100})
        if (!parton_test::kernel_agrees<GemmLanes, Scalar>(rows, cols, depth)) return false;
  // Deeper than one panel, which then are of nearly one depth.
  return parton_test::kernel_agrees<GemmLanes, Scalar>(17, 11, 1025) &&
         parton_test::kernel_agrees<GemmLanes, Scalar>(64, 8, 2050);
}

/// Where it is chosen: nearly full panels of a batch that is small beside the weight.
template <class Scalar>
bool is_chosen_where_it_should_be() {
  using Lanes = GemmLanes<Scalar>;
  return Lanes::suits(64, 512, 784) && Lanes::suits(16, 256, 512) && !Lanes::suits(1, 512, 784) &&
         Lanes::suits(256, 512, 784) && Lanes::suits(4096, 512, 784) &&
         Lanes::suits(63, 256, 512) && !Lanes::suits(17, 256, 512) && !Lanes::suits(64, 10, 256) &&
         Lanes::suits(16, 256, 64) && Lanes::suits(1001, 512, 784) &&
         Lanes::suits(256, 4096, 4096) ==
             (Eigen::internal::packet_traits<Scalar>::size * static_cast<int>(sizeof(Scalar)) ==
              64) &&
         !Lanes::suits(64, 256, 20) && !Lanes::suits(64, 64, 64) && !Lanes::suits(512, 256, 256);
}

}  // namespace

int main() {
  return parton_test::run_where_possible([] {
    return all_agree<float>() && all_agree<double>() && is_chosen_where_it_should_be<float>() &&
           is_chosen_where_it_should_be<double>();
  });
}
