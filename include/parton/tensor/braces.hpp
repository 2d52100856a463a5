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
  template <NumberFor<Scalar> T>
  Braces(T value) : values_{narrow<Scalar>(value)} {}  // NOLINT: implicit on purpose

  /// \throws ShapeError if the items differ in shape.
  Braces(std::initializer_list<Braces> items) {
    std::vector<Index> dims{static_cast<Index>(items.size())};
    if (items.size() > 0) {
      const Braces& first = *items.begin();
      dims.insert(dims.end(), first.shape_.begin(), first.shape_.end());
      values_.reserve(items.size() * first.values_.size());
    }
    for (const Braces& item : items) {
      const Shape& expected = items.begin()->shape_;
      if (!(item.shape_ == expected))
        throw errors::ragged_braces(expected.to_string(), item.shape_.to_string());
      values_.insert(values_.end(), item.values_.begin(), item.values_.end());
    }
    shape_ = Shape(dims);
  }

  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] auto begin() const noexcept { return values_.begin(); }
  [[nodiscard]] auto end() const noexcept { return values_.end(); }

 private:
  Shape shape_;
  std::vector<Scalar> values_;  // of bool too: copied element by element
};

}  // namespace parton::detail
