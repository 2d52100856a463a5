// SPDX-License-Identifier: MIT
#pragma once

#include <parton/init/constant.hpp>

namespace parton::nn::detail {

/// The own initializer of every bias, one object for all.
template <class Scalar>
const init::AnyInitializer<Scalar>& zero_rule() {
  static const init::AnyInitializer<Scalar> zero = init::Zero<Scalar>();
  return zero;
}

}  // namespace parton::nn::detail
