// expects: operator= | overloaded '='
// SPDX-License-Identifier: MIT
#include <parton/parton.hpp>

using namespace parton;

void f(Parameter<>& p, const Tensor<>& x) {
#ifdef PARTON_CONTROL
  p.set_data(x);
  Tensor<> lvalue = p.data();
  lvalue = x;
#else
  p.data() = x;
#endif
}
