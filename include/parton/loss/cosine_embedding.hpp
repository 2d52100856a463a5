// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <typeinfo>
#include <utility>

#include <parton/autograd/record.hpp>
#include <parton/loss/detail/batch_mean.hpp>
#include <parton/loss/detail/class_labels.hpp>
#include <parton/loss/detail/elementwise_loss.hpp>
#include <parton/loss/loss.hpp>

namespace parton {

namespace detail {

/// The cosine of two vectors, dot(a, b) / max(|a| |b|, 1e-12), summed in double.
struct Cosine {
  static constexpr double epsilon = 1e-12;

  template <class Scalar>
  Cosine(const Scalar* a, const Scalar* b, Index n) {
    const auto x = load(a, n).template cast<double>(), y = load(b, n).template cast<double>();
    const double norms = std::sqrt(x.square().sum()) * std::sqrt(y.square().sum());
    scale = 1 / (norms < epsilon ? epsilon : norms);
    value = std::clamp((x * y).sum() * scale, -1.0, 1.0);  // rounding may leave the range
    is_clipped = norms < epsilon;
  }

  /// The gradient with respect to a, times g: g (b scale - value a / |a|^2).
  template <class Scalar>
  void gradient(double g, const Scalar* a, const Scalar* b, Index n, Scalar* to) const {
    const auto x = load(a, n), y = load(b, n);
    const double size = x.template cast<double>().square().sum();
    const double own = is_clipped || size == 0 ? 0 : g * value / size;
    store(to, y * static_cast<Scalar>(g * scale) - x * static_cast<Scalar>(own));
  }

  double value, scale;
  bool is_clipped;
};

}  // namespace detail

namespace loss {

struct CosineEmbeddingOptions {
  double margin = 0;  ///< In [-1, 1].
  double weight = 1;
  Index batch_axis = 0;
};

/// 1 - cos of two vectors whose label is 1, max(0, cos - margin) of two whose label is -1, where
/// cos = dot(a, b) / max(|a| |b|, 1e-12) along the last axis.
///
/// `cosine(a, b, label)`, where b has as many elements as a, `(batch, ..., n)`, and label one for
/// each vector: the shape of a without the last axis, or with 1 there. A fourth argument is the
/// sample_weight, of the label's shape, or as of every Loss. Gradients flow to a and b; the label
/// is a constant. \throws ShapeError if the shapes do not fit; ValueError for another label.
class CosineEmbedding {
 public:
  /// \throws ValueError for a margin outside [-1, 1].
  explicit CosineEmbedding(CosineEmbeddingOptions options = {})
      : options_(detail::common_options(name, options)),
        margin_(detail::checked_option(name, "margin", options.margin,
                                       options.margin >= -1 && options.margin <= 1, "in [-1, 1]")) {
  }

  template <detail::FloatingOperand A, detail::LossInput B, detail::LossInput Label>
  [[nodiscard]] auto operator()(const A& a, const B& b, const Label& label) const {
    using Wide = detail::Wide<detail::scalar_of<A>>;
    return run(a, b, label, static_cast<const Tensor<Wide>*>(nullptr));
  }

  template <detail::FloatingOperand A, detail::LossInput B, detail::LossInput Label,
            detail::LossInput Weight>
  [[nodiscard]] auto operator()(const A& a, const B& b, const Label& label,
                                const Weight& sample_weight) const {
    using Wide = detail::Wide<detail::scalar_of<A>>;
    const auto& given = detail::as_loss_input(sample_weight);
    const Tensor<Wide>& weight = detail::loss_cast<Wide>(given);
    return run(a, b, label, &weight);
  }

 private:
  static constexpr const char* name = "CosineEmbedding";

  template <class A, class B, class Label, class Wide>
  auto run(const A& a, const B& b, const Label& label, const Tensor<Wide>* weight) const {
    const auto& x = detail::as_tensor(a);
    const auto& y = detail::as_loss_input(b);
    const auto& z = detail::as_loss_input(label);
    return detail::traced_loss(typeid(CosineEmbedding), {x, y, z, weight}, [&] {
      return detail::from_wide<detail::scalar_of<A>>(
          compute<Wide>(detail::in_wide(x), detail::loss_cast<Wide>(y),
                        detail::loss_cast<Wide>(z).detach(), weight));
    });
  }

  template <class Scalar>
  Tensor<Scalar> compute(const Tensor<Scalar>& a, const Tensor<Scalar>& other,
                         const Tensor<Scalar>& label, const Tensor<Scalar>* sample_weight) const {
    const Shape& shape = a.shape();
    if (shape.rank() == 0) throw errors::pair_of_scalars();
    const Shape rows = shape.with(-1, 1);
    const Shape removed(shape.dims().first(shape.rank() - 1));
    const Tensor<Scalar> b = detail::shaped_like(name, "a second argument", other, shape);
    if (label.size() != rows.size())
      throw errors::pair_label_shape(label.shape().to_string(), shape.to_string(),
                                     removed.to_string());
    detail::BatchMean<Scalar> mean(options_, rows);
    const bool per_label = sample_weight != nullptr && sample_weight->shape() == removed;
    const Tensor<Scalar> reshaped = per_label ? sample_weight->reshape(rows) : Tensor<Scalar>();
    const Tensor<Scalar> weights =
        mean.fit(name, per_label ? &reshaped : sample_weight, rows, options_.batch_axis);
    if (detail::any_shape_only(a, b, label, weights))
      return Tensor<Scalar>::shape_only(mean.shape());
    for (Index i = 0; i < label.size(); ++i)
      if (const Scalar one = label.data()[i]; one != 1 && one != -1)
        throw errors::not_a_pair_label(static_cast<double>(one),
                                       detail::place_in(label.shape(), i));
    const Index n = shape[-1];
    const double margin = margin_;
    Tensor<Scalar> loss = mean.forward(weights, [&](Index at, Index count, Scalar* to) {
      for (Index i = at; i < at + count; ++i) {
        const double cosine = detail::Cosine(a.data() + i * n, b.data() + i * n, n).value;
        const double far = cosine - margin;
        to[i - at] = static_cast<Scalar>(label.data()[i] > 0 ? 1 - cosine : far < 0 ? 0 : far);
      }
    });
    if (detail::must_record(a, b))
      detail::record(
          name, loss, detail::inputs(a, b), detail::saved(a, b, label, weights),
          [mean, margin, n](detail::Gradients<Scalar>& grads, const Tensor<Scalar>& x,
                            const Tensor<Scalar>& y, const Tensor<Scalar>& z,
                            const Tensor<Scalar>& w) {
            const auto add = [&](std::size_t input, const Scalar* own, const Scalar* partner) {
              if (!grads.needs(input)) return;
              Tensor<Scalar> to = Tensor<Scalar>::empty(x.shape());
              mean.backward(grads.result(), w, [&](Index at, Index count, const Scalar* factors) {
                for (Index i = at; i < at + count; ++i) {
                  const detail::Cosine cosine(own + i * n, partner + i * n, n);
                  const bool near = z.data()[i] > 0;
                  const double slope = near ? -1 : cosine.value <= margin ? 0 : 1;
                  cosine.gradient(slope * static_cast<double>(factors[i - at]), own + i * n,
                                  partner + i * n, n, detail::fresh_data(to) + i * n);
                }
              });
              grads.add(input, std::move(to));
            };
            add(0, x.data(), y.data());
            add(1, y.data(), x.data());
          });
    return loss;
  }

  Options options_;
  double margin_;
};

}  // namespace loss

}  // namespace parton
