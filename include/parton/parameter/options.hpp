// SPDX-License-Identifier: MIT
#pragma once

#include <parton/init/initializer.hpp>
#include <parton/tensor/grad_req.hpp>
#include <parton/tensor/shape.hpp>

namespace parton {

/// How a parameter is declared.
template <class Scalar = float>
struct ParameterOptions {
  /// Its shape; -1 for a dimension that the first forward will tell.
  Shape shape = {};
  /// Its own initializer, which beats the one that net.initialize() is given; empty for none.
  init::AnyInitializer<Scalar> initializer = {};
  GradReq grad_req = GradReq::write;
  double lr_mult = 1;
  double wd_mult = 1;
  /// False for what is updated by other means, such as running statistics: grad_req stays null.
  bool differentiable = true;
};

}  // namespace parton
