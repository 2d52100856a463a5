// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <optional>
#include <string>

#include <parton/ops/detail/positions.hpp>
#include <parton/tensor/tensor.hpp>

/// \file Labels of a classifier: which kind they are, and which class each one names.

namespace parton::detail {

/// True if the labels are numbers of classes, false if probabilities. `removed` is the shape of
/// pred without the axis. \throws ShapeError if they are neither, or not what was asked for.
inline bool is_sparse_label(std::optional<bool> wanted, const Shape& label, const Shape& pred,
                            const Shape& removed, Index axis) {
  const bool sparse = label == removed || label == pred.with(axis, 1), dense = label == pred;
  const bool as_sparse = sparse || label.size() == removed.size();
  const bool as_dense = dense || label.size() == pred.size();
  if (!as_sparse && !as_dense)
    throw errors::class_label_shape(label.to_string(), pred.to_string(), axis, removed.to_string());
  if (!wanted) return sparse || (!dense && as_sparse);
  if (*wanted && !as_sparse)
    throw errors::not_sparse_labels(label.to_string(), pred.to_string(), removed.to_string());
  if (!*wanted && !as_dense) throw errors::not_dense_labels(label.to_string(), pred.to_string());
  return *wanted;
}

/// "(3,)": the place of an element in a shape.
inline std::string place_in(const Shape& shape, Index at) {
  Shape place = shape;
  for (std::size_t i = shape.rank(); i-- > 0;) {
    const Index n = shape.dims()[i];
    place = place.with(static_cast<Index>(i), at % n);
    at /= n;
  }
  return place.to_string();
}

/// The labels as positions on the axis of the classes. \throws IndexError for one that is none.
template <class T>
Tensor<Index> class_positions(const Tensor<T>& labels, Index axis, const Shape& pred) {
  if constexpr (std::same_as<T, bool>) {
    return class_positions(labels.template cast<int>(), axis, pred);
  } else {
    const Index n = pred[axis];
    Tensor<Index> result = Tensor<Index>::empty(labels.shape());
    for (Index i = 0; i < labels.size(); ++i) {
      const std::optional<Index> at = as_position(labels.data()[i], 0, n);
      if (!at)
        throw errors::not_a_class(number_text(labels.data()[i]), place_in(labels.shape(), i),
                                  pred.to_string(), axis, n);
      fresh_data(result)[i] = *at;
    }
    return result;
  }
}

}  // namespace parton::detail
