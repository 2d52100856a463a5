// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <parton/detail/error_text.hpp>

/// \file Losses.

namespace parton::errors {

[[gnu::cold]] inline ValueError loss_option(Text loss, Text option, double value, Text rule) {
  return ValueError(string(loss) + ": " + string(option) + " must be " + string(rule) + ", not " +
                    shown(value));
}
[[gnu::cold]] inline ShapeError loss_shapes(Text loss, Text what, Text shape, Text pred) {
  return ShapeError(string(loss) + ": " + string(what) + " of shape " + string(shape) +
                    " does not fit a prediction of shape " + string(pred) +
                    ": it must have as many elements");
}
[[gnu::cold]] inline ShapeError sample_weight_shape(Text loss, Text weight, Text losses,
                                                    std::ptrdiff_t samples,
                                                    std::ptrdiff_t batch_axis) {
  return ShapeError(string(loss) + ": a sample_weight of shape " + string(weight) +
                    " does not fit losses of shape " + string(losses) +
                    ": give one weight for each sample of axis " + to_string(batch_axis) +
                    ", as the shape (" + to_string(samples) +
                    ",), or as many axes as the losses have, each equal or 1");
}
[[gnu::cold]] inline ShapeError class_label_shape(Text labels, Text pred, std::ptrdiff_t axis,
                                                  Text expected) {
  return ShapeError("SoftmaxCrossEntropy: labels of shape " + string(labels) +
                    " do not fit a prediction of shape " + string(pred) +
                    " with its classes on axis " + to_string(axis) +
                    ": give the number of each class, as the shape " + string(expected) +
                    ", or a probability for each class, as the shape of the prediction");
}
[[gnu::cold]] inline ShapeError not_sparse_labels(Text labels, Text pred, Text expected) {
  return ShapeError("SoftmaxCrossEntropy: labels of shape " + string(labels) +
                    " for a prediction of shape " + string(pred) +
                    " are not the numbers of classes that sparse_label = true asks for, of shape " +
                    string(expected) +
                    ": leave sparse_label out to have one-hot or soft labels recognized");
}
[[gnu::cold]] inline ShapeError not_dense_labels(Text labels, Text pred) {
  return ShapeError("SoftmaxCrossEntropy: labels of shape " + string(labels) +
                    " for a prediction of shape " + string(pred) +
                    " are not the probabilities that sparse_label = false asks for, of the "
                    "prediction's shape: leave sparse_label out to have numbers of classes "
                    "recognized, or use one_hot");
}
[[gnu::cold]] inline IndexError not_a_class(Text label, Text position, Text pred,
                                            std::ptrdiff_t axis, std::ptrdiff_t classes) {
  const string rule = classes == 0 ? string("there are none")
                                   : "they are whole numbers from 0 to " + to_string(classes - 1);
  return IndexError("SoftmaxCrossEntropy: the label " + string(label) + " at " + string(position) +
                    " is not a class of a prediction of shape " + string(pred) +
                    " with its classes on axis " + to_string(axis) + ": " + rule);
}
[[gnu::cold]] inline ValueError not_a_pair_label(double label, Text position) {
  return ValueError("CosineEmbedding: the label " + shown(label) + " at " + string(position) +
                    " must be 1 for a pair that belongs together, or -1 for one that does not");
}
[[gnu::cold]] inline ShapeError pair_of_scalars() {
  return ShapeError("CosineEmbedding: a tensor of rank 0 is no vector: reshape it to (1, 1)");
}
[[gnu::cold]] inline ShapeError pair_label_shape(Text label, Text pred, Text expected) {
  return ShapeError("CosineEmbedding: a label of shape " + string(label) +
                    " does not fit vectors of shape " + string(pred) +
                    ": give one label for each vector, as the shape " + string(expected));
}

}  // namespace parton::errors
