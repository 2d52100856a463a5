// expects: Scalar
// SPDX-License-Identifier: MIT
#include <parton/parton.hpp>

using namespace parton;

#ifdef PARTON_CONTROL
nn::Sequential net{nn::Dense<double>(3), nn::Dense<double>(4)};
#else
nn::Sequential net{nn::Dense<double>(3), nn::Dense<float>(4)};
#endif
