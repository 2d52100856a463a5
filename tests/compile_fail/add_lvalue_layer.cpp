// expects: move it, clone it or share it
// SPDX-License-Identifier: MIT
#include <parton/parton.hpp>
#include <utility>

using namespace parton;

void f() {
  nn::Sequential net;
  nn::Dense layer(10);
#ifdef PARTON_CONTROL
  net.add(std::move(layer));
#else
  net.add(layer);
#endif
}
