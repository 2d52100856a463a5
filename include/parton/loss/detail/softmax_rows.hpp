// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>

#include <parton/loss/detail/batch_mean.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/elementwise.hpp>

/// \file The loops of the softmax cross-entropy. A sample's logits are a row along the axis of the
/// classes; rows lie one behind the other, or side by side if there are axes behind that axis.

namespace parton::detail {

/// What the rows are compared with: numbers of classes or probabilities, of which one is null, and
/// a share `smoothing` of the label spread evenly over the classes.
template <class Scalar>
struct ClassTarget {
  const Index* classes;
  const Scalar* dense;
  double smoothing;
};

template <class Scalar>
class SoftmaxRows {
 public:
  /// `x` and `statistics`, of which `rows` hold the largest logit and as many after them the
  /// logarithm of the sum of exp(logit - largest).
  SoftmaxRows(const AxisSplit& split, const Scalar* x, const Scalar* statistics)
      : n_(split.n),
        inner_(split.inner),
        x_(x),
        largest_(statistics),
        log_sum_(statistics + split.outer * split.inner) {}

  /// Fills the statistics of rows [first, first + count).
  void measure(Index first, Index count, Scalar* statistics) const {
    Scalar *const largest = statistics, *const log_sum = statistics + (log_sum_ - largest_);
    for_each_block(first, count, [&](Index row, Index at, Index m) {
      const auto logits = [&](Index c) { return load(x_ + at + c * inner_, m); };
      if (inner_ == 1) {
        const auto all = load(x_ + at, n_);
        largest[row] = all.template maxCoeff<Eigen::PropagateNaN>();
        log_sum[row] = std::log(Exp{}(all - largest[row]).sum());
        return;
      }
      store(largest + row, logits(0));
      for (Index c = 1; c < n_; ++c)
        store(largest + row, max_of(load<Scalar>(largest + row, m), logits(c)));
      std::fill_n(log_sum + row, m, Scalar(0));
      for (Index c = 0; c < n_; ++c)
        store(log_sum + row,
              load<Scalar>(log_sum + row, m) + Exp{}(logits(c) - load<Scalar>(largest + row, m)));
      store(log_sum + row, load<Scalar>(log_sum + row, m).log());
    });
  }

  /// The cross-entropy of each row: the sum of target times -log softmax.
  void losses(const ClassTarget<Scalar>& target, Index first, Index count, Scalar* to) const {
    const double even = target.smoothing / static_cast<double>(n_), own = 1 - target.smoothing;
    for_each_block(first, count, [&](Index row, Index at, Index m) {
      double sums[loss_chunk];
      std::fill_n(sums, m, 0.0);
      for (Index j = 0; target.classes != nullptr && j < m; ++j)
        sums[j] = own * surprise(row + j, at + target.classes[row + j] * inner_ + j);
      for (Index c = 0; (target.dense != nullptr || even > 0) && c < n_; ++c) {
        for (Index j = 0; j < m; ++j) {
          const Index i = at + c * inner_ + j;
          const double t =
              even + (target.dense != nullptr ? own * static_cast<double>(target.dense[i]) : 0);
          // A masked logit of -inf costs nothing where the target is 0.
          if (t != 0) sums[j] += t * surprise(row + j, i);
        }
      }
      std::transform(sums, sums + m, to + row - first,
                     [](double sum) { return static_cast<Scalar>(sum); });
    });
  }

  /// The gradient: factor of the row times (sum of target times softmax - target), or with
  /// `normalized` logits, which are log-probabilities, times -target.
  void gradient(const ClassTarget<Scalar>& target, bool normalized, Index first, Index count,
                const Scalar* factors, Scalar* to) const {
    const double even = target.smoothing / static_cast<double>(n_), own = 1 - target.smoothing;
    for_each_block(first, count, [&](Index row, Index at, Index m) {
      const auto factor = load(factors + row - first, m);
      alignas(64) Scalar scale[loss_chunk];
      std::fill_n(scale, m, static_cast<Scalar>(own));
      if (target.dense != nullptr) {
        std::fill_n(scale, m, Scalar(0));
        for (Index c = 0; c < n_; ++c)
          store(scale, load<Scalar>(scale, m) + load(target.dense + at + c * inner_, m));
        store(scale, load<Scalar>(scale, m) * static_cast<Scalar>(own));
      }
      store(scale, (load<Scalar>(scale, m) + static_cast<Scalar>(target.smoothing)) * factor);
      const auto spread = factor * static_cast<Scalar>(even);
      if (inner_ == 1) {
        const Scalar f = factors[row - first], all = scale[0],
                     evenly = f * static_cast<Scalar>(even);
        if (normalized)
          std::fill_n(to + at, n_, -evenly);
        else
          store(to + at, Exp{}(load(x_ + at, n_) - largest_[row] - log_sum_[row]) * all - evenly);
        if (target.dense != nullptr)
          store(to + at, load<Scalar>(to + at, n_) -
                             load(target.dense + at, n_) * (f * static_cast<Scalar>(own)));
      } else {
        for (Index c = 0; c < n_; ++c) {
          const Index i = at + c * inner_;
          if (normalized)
            store(to + i, -spread);
          else
            store(to + i,
                  Exp{}(load(x_ + i, m) - load(largest_ + row, m) - load(log_sum_ + row, m)) *
                          load<Scalar>(scale, m) -
                      spread);
          if (target.dense != nullptr)
            store(to + i, load<Scalar>(to + i, m) -
                              load(target.dense + i, m) * factor * static_cast<Scalar>(own));
        }
      }
      for (Index j = 0; target.classes != nullptr && j < m; ++j)
        to[at + target.classes[row + j] * inner_ + j] -=
            factors[row - first + j] * static_cast<Scalar>(own);
    });
  }

  /// The gradient of a dense label: factor (1 - smoothing) (-log softmax).
  void label_gradient(double smoothing, Index first, Index count, const Scalar* factors,
                      Scalar* to) const {
    for_each_block(first, count, [&](Index row, Index at, Index m) {
      for (Index c = 0; c < n_; ++c)
        for (Index j = 0; j < m; ++j) {
          const Index i = at + c * inner_ + j;
          const double f = (1 - smoothing) * static_cast<double>(factors[row - first + j]);
          to[i] = static_cast<Scalar>(f * surprise(row + j, i));
        }
    });
  }

 private:
  /// -log softmax of the element at i, which is of this row. The large numbers cancel first.
  [[nodiscard]] double surprise(Index row, Index i) const {
    return static_cast<double>(largest_[row] - x_[i]) + static_cast<double>(log_sum_[row]);
  }

  /// f(row, the place of its first logit, how many rows lie side by side from here on).
  template <class Function>
  void for_each_block(Index first, Index count, const Function& f) const {
    for (Index row = first; row < first + count;) {
      const Index k = row % inner_, m = std::min(inner_ - k, first + count - row);
      f(row, row / inner_ * n_ * inner_ + k, m);
      row += m;
    }
  }

  Index n_, inner_;
  const Scalar *x_, *largest_, *log_sum_;
};

}  // namespace parton::detail
