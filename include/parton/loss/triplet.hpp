// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <typeinfo>
#include <utility>

#include <parton/autograd/record.hpp>
#include <parton/loss/detail/batch_mean.hpp>
#include <parton/loss/detail/elementwise_loss.hpp>
#include <parton/loss/loss.hpp>
#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/fused.hpp>

namespace parton::loss {

struct TripletOptions {
  double margin = 1;
  double weight = 1;
  Index batch_axis = 0;
};

/// max(0, margin + sum((pred - positive)^2) - sum((pred - negative)^2)), the sums over all axes but
/// the batch axis (Schroff et al. 2015): pred shall be closer to positive than to negative.
///
/// `triplet(pred, positive, negative)`, each of the shape of pred or of as many elements; a fourth
/// argument is the sample_weight, one number for each sample. Gradients flow to all three. Else as
/// every Loss. \throws ShapeError if the shapes do not fit; IndexError if pred has no batch axis.
class Triplet {
 public:
  /// \throws ValueError for a margin that is not finite.
  explicit Triplet(TripletOptions options = {})
      : options_(detail::common_options(name, options)),
        margin_(detail::finite_option(name, "margin", options.margin)) {}

  template <detail::FloatingOperand Pred, detail::LossInput Positive, detail::LossInput Negative>
  [[nodiscard]] auto operator()(const Pred& pred, const Positive& positive,
                                const Negative& negative) const {
    using Wide = detail::Wide<detail::scalar_of<Pred>>;
    return run(pred, positive, negative, static_cast<const Tensor<Wide>*>(nullptr));
  }

  template <detail::FloatingOperand Pred, detail::LossInput Positive, detail::LossInput Negative,
            detail::LossInput Weight>
  [[nodiscard]] auto operator()(const Pred& pred, const Positive& positive,
                                const Negative& negative, const Weight& sample_weight) const {
    using Wide = detail::Wide<detail::scalar_of<Pred>>;
    const auto& given = detail::as_loss_input(sample_weight);
    const Tensor<Wide>& weight = detail::loss_cast<Wide>(given);
    return run(pred, positive, negative, &weight);
  }

 private:
  static constexpr const char* name = "Triplet";

  template <class Pred, class Positive, class Negative, class Wide>
  auto run(const Pred& pred, const Positive& positive, const Negative& negative,
           const Tensor<Wide>* weight) const {
    const auto& x = detail::as_tensor(pred);
    const auto& near = detail::as_loss_input(positive);
    const auto& far = detail::as_loss_input(negative);
    return detail::traced_loss(typeid(Triplet), {x, near, far, weight}, [&] {
      return detail::from_wide<detail::scalar_of<Pred>>(compute<Wide>(
          detail::in_wide(x), detail::loss_cast<Wide>(near), detail::loss_cast<Wide>(far), weight));
    });
  }

  template <class Scalar>
  Tensor<Scalar> compute(const Tensor<Scalar>& pred, const Tensor<Scalar>& near,
                         const Tensor<Scalar>& far, const Tensor<Scalar>* sample_weight) const {
    const Shape& shape = pred.shape();
    const auto distances = detail::BatchMean<Scalar>::sum(options_, shape);
    const Tensor<Scalar> positive = detail::shaped_like(name, "a positive", near, shape);
    const Tensor<Scalar> negative = detail::shaped_like(name, "a negative", far, shape);
    detail::BatchMean<Scalar> mean(options_, distances.shape(), 0);
    const Tensor<Scalar> weights =
        mean.fit(name, sample_weight, distances.shape(), options_.batch_axis);
    if (detail::any_shape_only(pred, positive, negative, weights))
      return Tensor<Scalar>::shape_only(mean.shape());
    const Tensor<Scalar> excess = distances.forward({}, [&](Index at, Index n, Scalar* to) {
      const auto x = detail::load(pred.data() + at, n);
      detail::store(to, (x - detail::load(positive.data() + at, n)).square() -
                            (x - detail::load(negative.data() + at, n)).square());
    });
    const Scalar margin = static_cast<Scalar>(margin_);
    Tensor<Scalar> loss = mean.forward(weights, [&](Index at, Index n, Scalar* to) {
      detail::store(to, detail::positive_part(detail::load(excess.data() + at, n) + margin));
    });
    if (detail::must_record(pred, positive, negative))
      detail::record(
          name, loss, detail::inputs(pred, positive, negative),
          detail::saved(pred, positive, negative, weights, excess),
          [distances, mean, margin](detail::Gradients<Scalar>& grads, const Tensor<Scalar>& x,
                                    const Tensor<Scalar>& p, const Tensor<Scalar>& q,
                                    const Tensor<Scalar>& w, const Tensor<Scalar>& d) {
            Tensor<Scalar> each = Tensor<Scalar>::empty(d.shape());
            mean.backward(grads.result(), w, [&](Index at, Index n, const Scalar* factors) {
              detail::store(detail::fresh_data(each) + at,
                            detail::fused(detail::WhereAbove{}, detail::load(factors, n),
                                          detail::load(d.data() + at, n) + margin));
            });
            const auto add = [&](std::size_t i, const Tensor<Scalar>& a, const Tensor<Scalar>& b) {
              if (!grads.needs(i)) return;
              grads.add(
                  i, detail::loss_gradient(distances, x.shape(), each, {}, [&](Index at, Index n) {
                    return (detail::load(a.data() + at, n) - detail::load(b.data() + at, n)) *
                           Scalar(2);
                  }));
            };
            add(0, q, p);
            add(1, p, x);
            add(2, x, q);
          });
    return loss;
  }

  Options options_;
  double margin_;
};

}  // namespace parton::loss
