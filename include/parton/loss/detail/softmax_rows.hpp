// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>

#include <parton/loss/detail/batch_mean.hpp>
#include <parton/ops/axes.hpp>
#include <parton/ops/detail/activation_functions.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/fused.hpp>

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
    if (are_short()) return measure_short(first, count, largest, log_sum);
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
    const auto even = static_cast<Scalar>(target.smoothing / static_cast<double>(n_));
    const auto own = static_cast<Scalar>(1 - target.smoothing);
    for_each_block(first, count, [&](Index row, Index at, Index m) {
      Scalar* const sums = to + row - first;
      std::fill_n(sums, m, Scalar(0));
      for (Index j = 0; target.classes != nullptr && j < m; ++j)
        sums[j] = own * surprise(row + j, at + target.classes[row + j] * inner_ + j);
      if (target.dense == nullptr && even == 0) return;
      // A masked logit of -inf costs nothing where the target is 0.
      const auto terms = [&](Index i, const auto& surprises, const auto& use) {
        if (target.dense == nullptr) return use(surprises * even);
        const auto t = load(target.dense + i, surprises.size()) * own + even;
        use(fused(WhereNonzero{}, surprises, t) * t);
      };
      if (inner_ == 1) {
        double sum = static_cast<double>(sums[0]);
        for (Index c = 0; c < n_; c += loss_chunk) {
          const Index i = at + c, n = std::min(loss_chunk, n_ - c);
          terms(i, largest_[row] - load(x_ + i, n) + log_sum_[row],
                [&](const auto& all) { sum += static_cast<double>(all.sum()); });
        }
        sums[0] = static_cast<Scalar>(sum);
        return;
      }
      for (Index i = at; i < at + n_ * inner_; i += inner_)
        terms(i, load(largest_ + row, m) - load(x_ + i, m) + load(log_sum_ + row, m),
              [&](const auto& all) { store(sums, load<Scalar>(sums, m) + all); });
    });
  }

  /// The gradient: factor of the row times (sum of target times softmax - target), or with
  /// `normalized` logits, which are log-probabilities, times -target.
  void gradient(const ClassTarget<Scalar>& target, bool normalized, Index first, Index count,
                const Scalar* factors, Scalar* to) const {
    const auto even = static_cast<Scalar>(target.smoothing / static_cast<double>(n_));
    const auto own = static_cast<Scalar>(1 - target.smoothing);
    if (are_short() && !normalized) short_softmax(first, count, to);
    for_each_block(first, count, [&](Index row, Index at, Index m) {
      if (inner_ == 1) {
        const Scalar f = factors[row - first];
        if (normalized)
          std::fill_n(to + at, n_, Scalar(0));
        else if (!are_short())
          store(to + at, Exp{}(load(x_ + at, n_) - largest_[row] - log_sum_[row]));
        const Scalar total =
            target.dense == nullptr ? Scalar(1) : load(target.dense + at, n_).sum();
        const Scalar all = f * (total * own + static_cast<Scalar>(target.smoothing));
        if (target.dense == nullptr)
          store(to + at, load<Scalar>(to + at, n_) * all - f * even);
        else
          store(to + at,
                load<Scalar>(to + at, n_) * all - (load(target.dense + at, n_) * own + even) * f);
      } else {
        beside(target, normalized, row, at, m, factors + row - first, to);
      }
      for (Index j = 0; target.classes != nullptr && j < m; ++j)
        to[at + target.classes[row + j] * inner_ + j] -= factors[row - first + j] * own;
    });
  }

  /// The gradient of a dense label: factor (1 - smoothing) (-log softmax).
  void label_gradient(double smoothing, Index first, Index count, const Scalar* factors,
                      Scalar* to) const {
    for_each_block(first, count, [&](Index row, Index at, Index m) {
      for (Index c = 0; c < n_; ++c)
        for (Index j = 0; j < m; ++j) {
          const Index i = at + c * inner_ + j;
          to[i] =
              factors[row - first + j] * static_cast<Scalar>(1 - smoothing) * surprise(row + j, i);
        }
    });
  }

 private:
  /// -log softmax of the element at i, which is of this row. The large numbers cancel first.
  [[nodiscard]] Scalar surprise(Index row, Index i) const {
    return largest_[row] - x_[i] + log_sum_[row];
  }

  /// Rows too short to be worth a vectorised exponential each: it is taken of many at once.
  [[nodiscard]] bool are_short() const noexcept { return inner_ == 1 && n_ <= 64; }

  /// measure() of such rows. A NaN ends up in the sum, whatever is the largest.
  void measure_short(Index first, Index count, Scalar* largest, Scalar* log_sum) const {
    alignas(64) Scalar chunk[loss_chunk];
    const Index step = loss_chunk / n_, last = first + count;
    for (Index begin = first; begin < last; begin += step) {
      const Index end = std::min(last, begin + step);
      Scalar* difference = chunk;
      for (Index row = begin; row < end; ++row) {
        const Scalar* const x = x_ + row * n_;
        largest[row] = *std::max_element(x, x + n_);
        for (Index c = 0; c < n_; ++c) *difference++ = x[c] - largest[row];
      }
      store(chunk, Exp{}(load<Scalar>(chunk, difference - chunk)));
      for (Index row = begin; row < end; ++row)
        log_sum[row] = load<Scalar>(chunk + (row - begin) * n_, n_).sum();
    }
    store(log_sum + first, load<Scalar>(log_sum + first, count).log());
  }

  /// softmax of such rows.
  void short_softmax(Index first, Index count, Scalar* to) const {
    for (Index row = first; row < first + count; ++row)
      for (Index i = row * n_; i < (row + 1) * n_; ++i) to[i] = -surprise(row, i);
    store(to + first * n_, Exp{}(load<Scalar>(to + first * n_, count * n_)));
  }

  /// gradient() of m rows side by side, without what a class takes off.
  void beside(const ClassTarget<Scalar>& target, bool normalized, Index row, Index at, Index m,
              const Scalar* factors, Scalar* to) const {
    const auto even = static_cast<Scalar>(target.smoothing / static_cast<double>(n_));
    const auto own = static_cast<Scalar>(1 - target.smoothing);
    const auto factor = load(factors, m);
    alignas(64) Scalar all[loss_chunk];
    std::fill_n(all, m, target.dense == nullptr ? Scalar(1) : Scalar(0));
    for (Index c = 0; target.dense != nullptr && c < n_; ++c)
      store(all, load<Scalar>(all, m) + load(target.dense + at + c * inner_, m));
    store(all, (load<Scalar>(all, m) * own + static_cast<Scalar>(target.smoothing)) * factor);
    for (Index i = at; i < at + n_ * inner_; i += inner_) {
      if (normalized)
        std::fill_n(to + i, m, Scalar(0));
      else
        store(to + i, Exp{}(load(x_ + i, m) - load(largest_ + row, m) - load(log_sum_ + row, m)) *
                          load<Scalar>(all, m));
      if (target.dense == nullptr)
        store(to + i, load<Scalar>(to + i, m) - factor * even);
      else
        store(to + i, load<Scalar>(to + i, m) - (load(target.dense + i, m) * own + even) * factor);
    }
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
