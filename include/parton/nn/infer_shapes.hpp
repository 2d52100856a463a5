// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include <parton/nn/block.hpp>

namespace parton {

namespace detail {

/// Shapes are inferred, not values, in this thread while it lives.
class ShapeInference {
 public:
  ShapeInference() : before_(std::exchange(inferring_shapes(), true)) {}
  ShapeInference(const ShapeInference&) = delete;
  ShapeInference& operator=(const ShapeInference&) = delete;
  ~ShapeInference() { inferring_shapes() = before_; }

 private:
  bool before_;
};

}  // namespace detail

/// Tells every parameter below `net` its shape, as a forward on an input of this shape would,
/// without arithmetic and without running hooks; returns the shape of the output.
///
/// Parameters that wait for their shape since an initialize() are initialized. An own block takes
/// part by its forward() alone, unless that branches on values. \throws ShapeError if the input
/// does not fit; ValueError from a forward that asks for values.
template <class Scalar>
Shape infer_shapes(const nn::Block<Scalar>& net, const Shape& input) {
  const detail::ShapeInference inferring;
  return net(Tensor<Scalar>::shape_only(input)).shape();
}

}  // namespace parton
