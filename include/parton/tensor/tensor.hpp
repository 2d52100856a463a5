// SPDX-License-Identifier: MIT
#pragma once

#include <parton/tensor/detail/tensor_class.hpp>

// Tensor b = {{1.f, 2.f}, {3.f, 4.f}};
#include <parton/tensor/detail/deduction.hpp>
// The members that the tape defines: recorded views and casts, attach_grad, backward.
#include <parton/autograd/backward.hpp>
#include <parton/autograd/view.hpp>
