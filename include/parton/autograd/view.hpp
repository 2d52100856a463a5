// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include <Eigen/Core>

#include <parton/autograd/record.hpp>

/// \file Rows, slices, reshapes, copies and casts of a tensor, on the tape.

namespace parton::detail {

/// `result` holds the elements of `source` from `first` on: what it gets goes back there.
template <class Scalar>
void record_view(Tensor<Scalar>& result, const Tensor<Scalar>& source, Index first) {
  if constexpr (FloatingScalar<Scalar>) {
    if (!must_record(source)) return;
    const bool shares = result.shares_storage_with(source);
    record(
        "view", result, inputs(source), saved(),
        [first, shape = source.shape()](Gradients<Scalar>& gradients) {
          const Tensor<Scalar>& g = gradients.result();
          if (g.size() == shape.size()) {
            gradients.add(0, Access::tensor<Scalar>(TensorRecord::make(
                                 shape, Access::record(g)->buffer, Access::record(g)->data)));
            return;
          }
          gradients.write(0, shape, [&](Scalar* to, bool add) {
            using Array = Eigen::Array<Scalar, Eigen::Dynamic, 1>;
            Eigen::Map<Array> part(to + first, g.size());
            const Eigen::Map<const Array> from(g.data(), g.size());
            if (!add) {
              std::fill_n(to, first, Scalar(0));
              std::fill(to + first + g.size(), to + shape.size(), Scalar(0));
              part = from;
            } else {
              part += from;
            }
          });
        },
        shares && Access::record(source)->node->writable);
  }
}

/// `result` holds the elements of `source` in another scalar.
template <class To, class Scalar>
void record_cast(Tensor<To>& result, const Tensor<Scalar>& source) {
  if constexpr (FloatingScalar<Scalar> && FloatingScalar<To>) {
    if (!must_record(source)) return;
    record("cast", result, inputs(source), saved(), [](Gradients<To>& gradients) {
      gradients.add(0, gradients.result().template cast<Scalar>());
    });
  }
}

}  // namespace parton::detail
