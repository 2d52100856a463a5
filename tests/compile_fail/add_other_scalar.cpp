// expects: Scalar
// SPDX-License-Identifier: MIT
#include <parton/parton.hpp>

using namespace parton;

void f() {
  nn::Sequential<double> net;
#ifdef PARTON_CONTROL
  net.add(nn::Dense<double>(3));
#else
  net.add(nn::Dense<float>(3));
#endif
}
