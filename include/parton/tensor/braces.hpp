// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <initializer_list>
#include <vector>

#include <parton/tensor/scalar.hpp>
#include <parton/tensor/shape.hpp>

namespace parton::detail {

/// A number or a list of Braces: what `{{1.f, 2.f}, {3.f, 4.f}}` becomes on its way into a Tensor.
template <class Scalar>
class Braces {
 public:
  template <Number T>
  Braces(T value) : values_{convert<Scalar>(value)} {}  // NOLINT: implicit on purpose

  Braces(std::initializer_list<Braces> items) {
    std::vector<Index> dims{static_cast<Index>(items.size())};
    if (items.size() > 0) {
      const Shape& inner = items.begin()->shape_;
      dims.insert(dims.end(), inner.begin(), inner.end());
    }
    for (const Braces& item : items) {
      if (!(item.shape_ == items.begin()->shape_))
        throw errors::ragged_braces(items.begin()->values_.size(), item.values_.size());
      values_.insert(values_.end(), item.values_.begin(), item.values_.end());
    }
    shape_ = Shape(std::span<const Index>(dims));
  }

  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] auto begin() const noexcept { return values_.begin(); }
  [[nodiscard]] auto end() const noexcept { return values_.end(); }

 private:
  Shape shape_;
  std::vector<Scalar> values_;  // of bool too: copied element by element
};

}  // namespace parton::detail
