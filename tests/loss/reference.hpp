// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include <parton/autograd/mode.hpp>
#include <parton/loss/loss.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/gradient.hpp>

#include "../ops/reference.hpp"

/// \file What the tests of the losses share: the weighted mean in plain loops of double.

namespace parton_test {

/// weight * mean over all axes but the batch axis of sample_weight * element.
template <class Element>
std::vector<double> mean_by_sample(const Shape& shape, const parton::loss::Options& options,
                                   const Tensor<double>& sample_weight, const Element& element) {
  const auto rank = static_cast<Index>(shape.rank());
  const auto axis =
      static_cast<std::size_t>(options.batch_axis + (options.batch_axis < 0 ? rank : 0));
  const Index samples = shape.dims()[axis];
  std::vector<double> result(static_cast<std::size_t>(samples));
  for (Index i = 0; i < shape.size(); ++i) {
    const auto at = position(i, shape);
    const double weight = sample_weight.rank() == 1 ? sample_weight.data()[at[axis]]
                                                    : broadcast_at(sample_weight, at);
    result[static_cast<std::size_t>(at[axis])] += options.weight * weight * element(i) *
                                                  static_cast<double>(samples) /
                                                  static_cast<double>(shape.size());
  }
  return result;
}

/// What an elementwise loss is tested with.
struct LossCase {
  double low = -2, high = 2;              ///< The range of the predictions,
  double label_low = -2, label_high = 2;  ///< and of the labels.
  bool signs = false;                     ///< Labels are -1 and 1 instead.
  bool soft_label = false;                ///< The label takes a gradient.
};

/// Checks make(options) against formula(pred, label) of one element: the values on shapes of rank 1
/// to 3 with each kind of sample weight, the gradients against finite differences, and that the
/// label of a loss without `soft_label` gets none.
template <class Make, class Formula>
void check_loss(const Make& make, const Formula& formula, const LossCase& c) {
  using namespace parton;
  struct Setting {
    Shape shape;
    loss::Options options;
    Shape weights;
  };
  const std::vector<Setting> settings = {{{5}, {}, {}},
                                         {{4, 3}, {.weight = 0.7}, {4}},
                                         {{4, 3}, {.weight = 1, .batch_axis = 1}, {3}},
                                         {{2, 3, 4}, {.weight = 2, .batch_axis = -2}, {2, 3, 4}},
                                         {{3, 2, 2}, {}, {1, 2, 1}},
                                         {{2, 700}, {}, {2, 1}},
                                         {{0, 3}, {}, {0}}};
  for (const auto& [shape, options, weight_shape] : settings) {
    INFO("shape " << shape << ", batch axis " << options.batch_axis);
    const auto loss = make(options);
    const Tensor<double> pred = random_input(shape, 1, c.low, c.high);
    Tensor<double> label = random_input(shape, 2, c.label_low, c.label_high);
    if (c.signs)
      for (double& one : label.span()) one = one < 0 ? -1 : 1;
    const Tensor<double> weight = random_input(weight_shape, 3, 0.2, 2);
    const auto element = [&](Index i) { return formula(pred.data()[i], label.data()[i]); };
    const Shape samples{shape[options.batch_axis]};
    check_values(loss(pred, label, weight), samples,
                 mean_by_sample(shape, options, weight, element), 1e-10);
    check_values(loss(pred, label), samples,
                 mean_by_sample(shape, options, Tensor<double>::full({}, 1), element), 1e-10);
    if (shape.size() > 100) continue;
    const auto& fixed = label;
    const auto& factors = weight;
    if (c.soft_label)
      check_gradients([&](const auto& in) { return loss(in[0], in[1], factors); }, {pred, label});
    else
      check_gradients([&](const auto& in) { return loss(in[0], fixed, factors); }, {pred});
  }
  Tensor<double> label = Tensor<double>::full({3}, 1);
  label.attach_grad();
  const autograd::Record recording;
  const Tensor<double> result = make({})(Tensor<double>::full({3}, 0.5), label);
  if (c.soft_label)
    result.backward();
  else
    CHECK_THROWS_AS(result.backward(), GradientError);
}

/// Checks a loss of float at single elements: predictions, labels, expected losses and derivatives
/// by pred.
template <class Loss>
void check_elements(const Loss& loss, const Tensor<>& given, const Tensor<>& label,
                    const std::vector<double>& losses, const std::vector<double>& slopes) {
  Tensor<> pred = given.copy();
  pred.attach_grad();
  const parton::autograd::Record recording;
  const Tensor<> result = loss(pred, label);
  check_values(result, pred.shape(), losses);
  result.backward();
  check_values(pred.grad(), pred.shape(), slopes);
}

}  // namespace parton_test
