// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <parton/error.hpp>
#include <parton/tensor/shape.hpp>

namespace parton::init {

/// How many inputs one output has, and how many outputs one input has.
struct Fans {
  double in = 0;
  double out = 0;
};

/// The fans of a weight of shape `(out, in, kernel...)`, with k the product of the kernel's sizes:
///
///     fan_in = shape[1] * k,  fan_out = shape[0] * k
///
/// so a Dense of `(256, 20)` has 20 and 256, a convolution of `(64, 3, 3, 3)` has 27 and 576.
/// `rule` and `parameter` are for the message.
/// \throws InitializerError for a rank below 2.
[[nodiscard]] inline Fans fans(const Shape& shape, std::string_view rule = "fans",
                               std::string_view parameter = {}) {
  if (shape.rank() < 2)
    throw errors::initializer_shape(rule, parameter, shape.to_string(),
                                    "rank 2 or more, since a fan is not defined for less");
  const Index kernel = shape.product(2);
  return {static_cast<double>(shape[1] * kernel), static_cast<double>(shape[0] * kernel)};
}

}  // namespace parton::init
