// expects: deleted
// SPDX-License-Identifier: MIT
#include <parton/parton.hpp>
#include <utility>

using namespace parton;

void f(nn::Sequential<> net) {
#ifdef PARTON_CONTROL
  nn::Sequential<> other = std::move(net);
#else
  nn::Sequential<> other = net;
#endif
}
