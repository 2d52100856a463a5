// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <functional>
#include <string_view>
#include <type_traits>

#include <Eigen/Core>

#include <parton/error.hpp>
#include <parton/tensor/scalar.hpp>
#include <parton/tensor/shape.hpp>

/// \file The loops behind `+=`, `fill` and `assign`: how a source is repeated over a destination,
/// and what happens to one run of elements.

namespace parton::detail {

/// How `from` is broadcast to the shape `to`, as NumPy does: as runs, within which the source
/// either advances in step with the destination or stays on one element.
class Broadcast {
 public:
  /// \throws ShapeError if `from` does not fit.
  Broadcast(std::string_view operation, const Shape& to, const Shape& from) : size_(to.size()) {
    bool fits = from.rank() <= to.rank();
    Index step = 1;
    for (std::size_t i = 0; fits && i < to.rank(); ++i) {  // from the last axis on
      const Index n = to.dims()[to.rank() - 1 - i];
      const Index m = i < from.rank() ? from.dims()[from.rank() - 1 - i] : 1;
      fits = m == 1 || m == n;
      if (n != 1) add_axis(n, m == 1 ? 0 : step);
      step *= m;
    }
    if (!fits) throw errors::shapes_differ(operation, to.to_string(), from.to_string());
  }

  /// True if the source stays on one element during a run.
  [[nodiscard]] bool repeats() const noexcept { return repeats_; }
  [[nodiscard]] Index run() const noexcept { return run_; }

  /// Calls f(position in the destination, position in the source) for each run.
  template <class Function>
  void for_each_run(Function f) const {
    std::array<Index, Shape::max_rank> position{};
    Index from = 0;
    for (Index to = 0; to < size_; to += run_) {
      f(to, from);
      for (std::size_t k = 0; k < axes_; ++k) {
        from += strides_[k];
        if (++position[k] < dims_[k]) break;
        from -= strides_[k] * dims_[k];
        position[k] = 0;
      }
    }
  }

 private:
  void add_axis(Index dim, Index stride) noexcept {
    if (run_ == 1 && axes_ == 0) {
      repeats_ = stride == 0;
      run_ = dim;
    } else if (axes_ == 0 && repeats_ == (stride == 0)) {
      run_ *= dim;
    } else {
      dims_[axes_] = dim;
      strides_[axes_++] = stride;
    }
  }

  Index size_;
  Index run_ = 1;
  bool repeats_ = false;
  std::size_t axes_ = 0;  // beyond the run, the innermost first
  std::array<Index, Shape::max_rank> dims_{}, strides_{};
};

/// The type in which `x op= number` is computed, so that `x *= 0.1` on halves rounds once.
template <class Scalar>
using InPlace = std::conditional_t<FloatingScalar<Scalar>, Wide<Scalar>, Scalar>;

/// Integers wrap around as in NumPy, where plain C++ would have undefined behaviour; bools combine
/// with `+` as or, with `*` as and.
template <class Function, std::integral Scalar>
constexpr Scalar combine_integers(Function f, Scalar a, Scalar b) {
  if constexpr (std::same_as<Scalar, bool>) {
    return f(int{a}, int{b}) != 0;
  } else {
    using Unsigned = std::common_type_t<std::make_unsigned_t<Scalar>, unsigned>;
    if constexpr (!std::same_as<Function, std::divides<>>) {
      return static_cast<Scalar>(f(static_cast<Unsigned>(a), static_cast<Unsigned>(b)));
    } else if constexpr (std::is_signed_v<Scalar>) {
      // The one quotient that does not fit is that of the lowest number by -1.
      return b == -1 ? static_cast<Scalar>(Unsigned{0} - static_cast<Unsigned>(a))
                     : static_cast<Scalar>(a / b);
    } else {
      return static_cast<Scalar>(a / b);
    }
  }
}

/// \throws ValueError before anything is written, if an integer would be divided by zero.
template <class Function, class Scalar>
void check_divisors(const Scalar* divisors, Index n) {
  if constexpr (std::integral<Scalar> && std::same_as<Function, std::divides<>>) {
    if (std::find(divisors, divisors + n, Scalar{0}) != divisors + n)
      throw errors::integer_division_by_zero(dtype_name<Scalar>());
  }
}

/// to[i] = f(to[i], from[i]); the two are the same memory or do not overlap.
template <class Function, class Scalar>
void combine_run(Function f, Scalar* to, const Scalar* from, Index n) {
  if constexpr (FloatingScalar<Scalar>) {
    using Array = Eigen::Array<Scalar, Eigen::Dynamic, 1>;
    Eigen::Map<Array> a(to, n);
    a = f(a, Eigen::Map<const Array>(from, n));
  } else {
    for (Index i = 0; i < n; ++i) to[i] = combine_integers(f, to[i], from[i]);
  }
}

/// to[i] = f(to[i], number).
template <class Function, class Scalar>
void combine_run(Function f, Scalar* to, InPlace<Scalar> number, Index n) {
  if constexpr (FloatingScalar<Scalar>) {
    Eigen::Map<Eigen::Array<Scalar, Eigen::Dynamic, 1>> a(to, n);
    a = f(a.template cast<InPlace<Scalar>>(), number).template cast<Scalar>();
  } else {
    for (Index i = 0; i < n; ++i) to[i] = combine_integers(f, to[i], number);
  }
}

/// `assign` in the form of the functions above.
struct Second {};

/// What the op with such a function is called on the tape and in a trace.
template <class Function>
constexpr const char* arithmetic_name() {
  if constexpr (std::same_as<Function, std::plus<>>)
    return "+";
  else if constexpr (std::same_as<Function, std::minus<>>)
    return "-";
  else if constexpr (std::same_as<Function, std::multiplies<>>)
    return "*";
  else if constexpr (std::same_as<Function, std::divides<>>)
    return "/";
  else
    return "assign";
}

template <class Scalar>
void combine_run(Second, Scalar* to, const Scalar* from, Index n) {
  std::copy_n(from, n, to);
}

template <class Scalar>
void combine_run(Second, Scalar* to, InPlace<Scalar> number, Index n) {
  std::fill_n(to, n, convert<Scalar>(number));
}

/// All runs of a broadcast.
template <class Function, class Scalar>
void combine_runs(Function f, const Broadcast& broadcast, Scalar* to, const Scalar* from) {
  const Index n = broadcast.run();
  if (broadcast.repeats()) {
    broadcast.for_each_run(
        [&](Index i, Index k) { combine_run(f, to + i, convert<InPlace<Scalar>>(from[k]), n); });
  } else {
    broadcast.for_each_run([&](Index i, Index k) { combine_run(f, to + i, from + k, n); });
  }
}

template <class Scalar>
bool overlap(const Scalar* a, Index a_size, const Scalar* b, Index b_size) noexcept {
  const std::less<const Scalar*> less;  // a total order also for unrelated pointers
  return less(a, b + b_size) && less(b, a + a_size);
}

}  // namespace parton::detail
