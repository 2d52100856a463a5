// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <parton/nn/layer.hpp>
#include <parton/ops/shape_ops.hpp>

namespace parton::nn {

/// Collapses all axes but the first: `(N, ...)` gives `(N, rest)`, `(N,)` gives `(N, 1)`. The
/// result shares the storage of the input.
template <class Scalar>
class Flatten : public Layer<Flatten, Scalar> {
 public:
  explicit Flatten(LayerOptions options = {}) { this->set_name(options.name); }

  /// \throws ShapeError for a scalar.
  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    return parton::flatten(input);
  }

  [[nodiscard]] std::string describe() const override { return this->class_name(); }

  template <class To>
  [[nodiscard]] Flatten<To> like() const {
    return Flatten<To>();
  }
};

}  // namespace parton::nn
