// expects: Initializer
// SPDX-License-Identifier: MIT
#include <parton/parton.hpp>

using namespace parton;

struct SomethingElse {};

void f(nn::Sequential<>& net) {
#ifdef PARTON_CONTROL
  net.initialize(init::Normal(0.01), {.force_reinit = true});
#else
  net.initialize(SomethingElse(), {.force_reinit = true});
#endif
}
