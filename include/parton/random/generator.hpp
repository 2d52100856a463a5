// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <ranges>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/error.hpp>
#include <parton/fwd.hpp>
#include <parton/random/detail/fill.hpp>
#include <parton/random/detail/hash.hpp>
#include <parton/random/detail/truncated.hpp>
#include <parton/tensor/scalar.hpp>

namespace parton::detail {

// Tensors count the writes to them; tensor/ has the definition.
template <class Scalar>
Scalar* data_for_write(Tensor<Scalar>& x);

}  // namespace parton::detail

namespace parton::random {

namespace detail {

/// Something with values to write to: a Tensor, or a contiguous range such as a std::span.
template <class Data>
concept TensorLike = requires(Data& data) {
  data.mutable_data();
  data.size();
};

template <class Data>
auto writable(Data& data) {
  if constexpr (TensorLike<Data>) {
    using Scalar = typename Data::value_type;
    if constexpr (requires { parton::detail::data_for_write(data); }) {
      // While shapes are inferred there is nothing to write to.
      if (!data.has_values()) return std::span<Scalar>{};
      return std::span<Scalar>(parton::detail::data_for_write(data),
                               static_cast<std::size_t>(data.size()));
    }
    return std::span<Scalar>(data.mutable_data(), static_cast<std::size_t>(data.size()));
  } else {
    return std::span(std::ranges::data(data), static_cast<std::size_t>(std::ranges::size(data)));
  }
}

template <class Data>
using ElementOf = typename decltype(writable(std::declval<Data&>()))::element_type;

}  // namespace detail

/// What a Generator fills: a Tensor or a contiguous range of float, double, half or bfloat16.
template <class Data>
concept Fillable = (detail::TensorLike<Data> ||
                    std::ranges::contiguous_range<Data>)&&FloatingScalar<detail::ElementOf<Data>>;

/// A stream of random numbers, of which each is a function of the seed, the stream and its position
/// alone: equal with every compiler, optimization, instruction set and number of threads.
///
/// A small value: a copy goes on by itself from the same position, giving the same numbers. Filling
/// n elements advances it by n, so filling n and then m gives what filling n + m at once does.
/// Source: Philox-4x32-10, see philox.hpp; transforms in detail/.
class Generator {
 public:
  explicit Generator(std::uint64_t seed, std::uint64_t stream = 0) noexcept
      : source_{seed, stream} {}

  /// The generator of a parameter's path: the values of one parameter depend on no other. `draw`
  /// counts how often the same path was filled under the same seed.
  [[nodiscard]] static Generator for_path(std::uint64_t seed, std::string_view path,
                                          std::uint64_t draw = 0) noexcept {
    return Generator(seed, detail::mix(detail::fnv1a(path) + detail::mix(draw)));
  }

  [[nodiscard]] std::uint64_t seed() const noexcept { return source_.seed; }
  [[nodiscard]] std::uint64_t stream() const noexcept { return source_.stream; }
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }
  /// Goes to a position, counted in elements from the start of the stream; below 2^60.
  void seek(std::uint64_t position) noexcept { position_ = position; }

  /// U[low, high): only values that the scalar has within these bounds; if it has none, or the
  /// bounds are equal, the one nearest to low.
  /// \throws ValueError if low > high, or the bounds or their distance are out of the scalar's
  /// range.
  template <class Data>
  requires Fillable<std::remove_reference_t<Data>>
  void uniform(Data&& data, double low, double high) {
    const auto out = detail::writable(data);
    using Scalar = typename decltype(out)::element_type;
    using Real = parton::detail::Wide<Scalar>;
    const double width = high - low;
    if (!(low <= high)) throw errors::bad_bounds("uniform", low, high);
    if (!(width <= detail::largest<Real>()) || -low > detail::largest<Scalar>() ||
        high > detail::largest<Scalar>())
      throw errors::bounds_out_of_range("uniform", low, high, dtype_name<Scalar>());
    const auto range = detail::Range<Scalar>::between(low, high, true);
    detail::fill_uniform(source_, advance(data), out, low, width, range);
  }

  /// N(mean, stddev^2); stddev is the standard deviation. By the transform of Box and Muller: no
  /// value is further than 6.7 deviations (double: 8.7) from the mean.
  /// \throws ValueError if stddev is negative, either is not finite, or nine deviations from the
  /// mean are out of the scalar's range.
  template <class Data>
  requires Fillable<std::remove_reference_t<Data>>
  void normal(Data&& data, double mean, double stddev) {
    const auto out = detail::writable(data);
    using Scalar = typename decltype(out)::element_type;
    check_normal<Scalar>("normal", mean, stddev);
    detail::fill_normal(source_, advance(data), out, mean, stddev);
  }

  /// N(mean, stddev^2) under the condition that the value lies in [low, high]: bounds on the value
  /// itself, not in deviations; either may be infinite. With stddev = 0, the mean or the bound next
  /// to it. By rejection, as detail/truncated.hpp says.
  /// \throws ValueError as normal does, or if low > high, or a bound is out of the scalar's range.
  template <class Data>
  requires Fillable<std::remove_reference_t<Data>>
  void truncated_normal(Data&& data, double mean, double stddev, double low, double high) {
    const auto out = detail::writable(data);
    using Scalar = typename decltype(out)::element_type;
    check_normal<Scalar>("truncated_normal", mean, stddev);
    const double end = detail::largest<Scalar>();
    if (!(low <= high)) throw errors::bad_bounds("truncated_normal", low, high);
    if (low > end || high < -end)
      throw errors::bounds_out_of_range("truncated_normal", low, high, dtype_name<Scalar>());
    low = std::max(low, -end), high = std::min(high, end);
    const std::uint64_t begin = advance(data);
    const auto range = detail::Range<Scalar>::between(low, high, false);
    const double first = range.first, last = range.last;
    // Without a deviation as with one that hardly reaches the interval: what is nearest to the
    // mean.
    const detail::Truncated distribution(mean, stddev == 0 ? 1 : stddev, low, high);
    if (stddev == 0 || distribution.is_degenerate()) {
      const auto value = parton::detail::convert<Scalar>(std::clamp(mean, first, last));
      std::ranges::fill(out, value);
      return;
    }
    detail::fill_truncated(source_, begin, out, distribution, first, last);
  }

  /// 1 with probability p, else 0; p counts in steps of 2^-32.
  /// \throws ValueError unless 0 <= p <= 1.
  template <class Data>
  requires Fillable<std::remove_reference_t<Data>>
  void bernoulli(Data&& data, double p) {
    if (!(p >= 0 && p <= 1)) throw errors::bad_probability(p);
    const auto out = detail::writable(data);
    detail::fill_bernoulli(source_, advance(data), out, p);
  }

  /// The numbers 0, ..., n - 1 in an order of which all are equally likely (Fisher, Yates).
  /// \throws ValueError if n is negative.
  [[nodiscard]] std::vector<Index> permutation(Index n) {
    if (n < 0) throw errors::negative_permutation(n);
    std::vector<Index> result(static_cast<std::size_t>(n));
    std::iota(result.begin(), result.end(), Index{0});
    // The same words as bits() gives, made many at a time.
    std::array<std::uint64_t, 128> words;
    std::size_t used = words.size();
    std::uint64_t end = position_;
    const auto next = [&] {
      if (used == words.size()) {
        detail::fill_words(wide(), end, std::span(words));
        used = 0;
      }
      ++end;
      return words[used++];
    };
    for (std::size_t i = result.size(); i > 1; --i)
      std::swap(result[i - 1], result[static_cast<std::size_t>(bounded(i, next))]);
    position_ = end;
    return result;
  }

  /// 64 random bits.
  [[nodiscard]] std::uint64_t bits() noexcept {
    const std::uint64_t i = position_++;
    const auto words = wide().block(i / 128 * 64 + i % 64);
    const std::size_t k = i / 64 % 2 * 2;
    return words[k] | (std::uint64_t{words[k + 1]} << 32);
  }

  /// A whole number in [0, n), all equally likely. Source: Lemire, "Fast random integer generation
  /// in an interval", 2019. \throws ValueError if n is 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t n) {
    if (n == 0) throw errors::below_zero_numbers();
    return bounded(n, [this] { return bits(); });
  }

  friend bool operator==(const Generator& a, const Generator& b) noexcept {
    return a.source_.seed == b.source_.seed && a.source_.stream == b.source_.stream &&
           a.position_ == b.position_;
  }

 private:
  template <class Scalar>
  static void check_normal(std::string_view what, double mean, double stddev) {
    if (!(stddev >= 0) || !std::isfinite(stddev) || !std::isfinite(mean))
      throw errors::bad_normal(what, mean, stddev);
    if (std::abs(mean) + 9 * stddev > detail::largest<Scalar>())
      throw errors::normal_out_of_range(what, mean, stddev, dtype_name<Scalar>());
  }

  /// The words of bits().
  [[nodiscard]] detail::Source wide() const noexcept {
    return {source_.seed, source_.stream, detail::Kind::two_words};
  }

  template <class Next>
  static std::uint64_t bounded(std::uint64_t n, const Next& next) {
    __extension__ typedef unsigned __int128 Wide;  // NOLINT: an alias may not be an extension
    Wide product = Wide{next()} * n;
    if (static_cast<std::uint64_t>(product) < n) {
      const std::uint64_t unfair = (0 - n) % n;
      while (static_cast<std::uint64_t>(product) < unfair) product = Wide{next()} * n;
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

  /// Where a fill begins; a tensor without values counts as if it had them.
  template <class Data>
  std::uint64_t advance(const Data& data) noexcept {
    const std::uint64_t begin = position_;
    position_ += static_cast<std::uint64_t>(std::ranges::ssize(data));
    return begin;
  }

  detail::Source source_;
  std::uint64_t position_ = 0;
};

}  // namespace parton::random
