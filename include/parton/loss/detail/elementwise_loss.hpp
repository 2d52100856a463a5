// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>

#include <parton/autograd/record.hpp>
#include <parton/loss/detail/batch_mean.hpp>
#include <parton/ops/detail/elementwise.hpp>

/// \file The driver of the losses that are a function of each element of pred and label: function,
/// weights and mean are one node of the tape and one pass over memory.
///
/// The function is a struct on array expressions: `f(p, z)` is the value, `f.slope(p, z)` its
/// derivative by p, and of a SoftLabel `f.label_slope(p, z)` that by z. More operands, which are
/// constants, follow.

namespace parton::detail {

/// The base of a function whose label may take a gradient; that of others is a constant.
struct SoftLabel {};

/// The label in the shape of pred. \throws ShapeError if it has not as many elements.
template <class Scalar>
Tensor<Scalar> shaped_like(const char* loss, const char* what, const Tensor<Scalar>& label,
                           const Shape& pred) {
  if (label.shape() == pred) return label;
  if (label.size() != pred.size())
    throw errors::loss_shapes(loss, what, label.shape().to_string(), pred.to_string());
  return label.reshape(pred);
}

/// gradient[i] = factor of element i times slope(at, count), an array expression.
template <class Scalar, class Slope>
Tensor<Scalar> loss_gradient(const BatchMean<Scalar>& mean, const Shape& shape,
                             const Tensor<Scalar>& g, const Tensor<Scalar>& weights,
                             const Slope& slope) {
  Tensor<Scalar> to = Tensor<Scalar>::empty(shape);
  mean.backward(g, weights, [&](Index at, Index count, const Scalar* factors) {
    store(fresh_data(to) + at, load(factors, count) * slope(at, count));
  });
  return to;
}

template <class Function, class Scalar, class... More>
Tensor<Scalar> elementwise_loss(const char* name, const Function& f, const loss::Options& options,
                                const Tensor<Scalar>& pred, const Tensor<Scalar>& given,
                                const Tensor<Scalar>* sample_weight, const More&... more) {
  constexpr bool soft_label = std::derived_from<Function, SoftLabel>;
  const Shape& shape = pred.shape();
  BatchMean<Scalar> mean(options, shape);
  const Tensor<Scalar> label =
      shaped_like(name, "a label", soft_label ? given : given.detach(), shape);
  const Tensor<Scalar> weights = mean.fit(name, sample_weight, shape, options.batch_axis);
  if (any_shape_only(pred, label, weights)) return Tensor<Scalar>::shape_only(mean.shape());
  Tensor<Scalar> y = mean.forward(weights, [&](Index at, Index count, Scalar* to) {
    store(to, f(load(pred.data() + at, count), load(label.data() + at, count),
                load(more.data() + at, count)...));
  });
  if (must_record(pred, label))
    record(name, y, inputs(pred, label), saved(pred, label, weights, more...),
           [f, mean](Gradients<Scalar>& grads, const Tensor<Scalar>& p, const Tensor<Scalar>& z,
                     const Tensor<Scalar>& w, const More&... rest) {
             const auto of = [&](const auto& slope) {
               return loss_gradient(mean, p.shape(), grads.result(), w, [&](Index at, Index n) {
                 return slope(load(p.data() + at, n), load(z.data() + at, n),
                              load(rest.data() + at, n)...);
               });
             };
             if (grads.needs(0)) grads.add(0, of([&](const auto&... x) { return f.slope(x...); }));
             if constexpr (soft_label) {
               if (grads.needs(1))
                 grads.add(1, of([&](const auto&... x) { return f.label_slope(x...); }));
             }
           });
  return y;
}

}  // namespace parton::detail
