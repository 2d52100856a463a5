// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <parton/detail/compiled.hpp>
#include <parton/init/arguments.hpp>
#include <parton/init/checks.hpp>
#include <parton/init/initializer.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

namespace detail {

class SparseRule final : public Rule {
 public:
  SparseRule(double sparsity, double sigma)
      : sparsity_(sparsity), sigma_(not_negative("Sparse", "sigma", sigma)) {
    if (!(sparsity >= 0 && sparsity <= 1))
      throw errors::initializer_option("Sparse", "sparsity", "between 0 and 1",
                                       number_text(sparsity));
  }
  explicit SparseRule(const Arguments& arguments)
      : SparseRule(arguments.number("sparsity"), arguments.number("sigma", 0.01)) {}

  void fill(std::string_view name, Target& target, random::Generator& rng) const override;

  [[nodiscard]] std::string dump() const override;

 private:
  double sparsity_, sigma_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void SparseRule::fill(std::string_view name, Target& target,
                                           random::Generator& rng) const {
  const Shape& shape = target.shape();
  if (shape.rank() != 2)
    throw errors::initializer_shape("Sparse", name, shape.to_string(), "rank 2");
  check_in_range("Sparse", name, target, sigma_, reach_of_normal);
  target.normal(rng, sigma_);
  const Index rows = shape[0], cols = shape[1];
  const auto zeros = static_cast<Index>(std::ceil(sparsity_ * static_cast<double>(rows)));
  for (Index j = 0; j < cols; ++j) {
    const auto order = rng.permutation(rows);
    for (Index i = 0; i < zeros; ++i) target.set(order[static_cast<std::size_t>(i)] * cols + j, 0);
  }
}

PARTON_DETAIL_INLINE std::string SparseRule::dump() const {
  return TextForm("sparse").number("sparsity", sparsity_).number("sigma", sigma_).str();
}

#endif

}  // namespace detail

/// Fills a matrix from a normal distribution and zeroes the same share of every column.
///
///     w ~ N(0, sigma^2), then ceil(sparsity * rows) entries of each column, at random, are 0
///
/// A parameter of another rank than 2 is an InitializerError. Source: Martens 2010, in the form of
/// PyTorch's sparse_.
template <class Scalar = float>
class Sparse : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError unless 0 <= sparsity <= 1, and for a standard deviation sigma that is
  /// negative or not finite.
  explicit Sparse(double sparsity, double sigma = 0.01)
      : Base(detail::make_rule<detail::SparseRule>(sparsity, sigma)) {}
  template <class Other>
  Sparse(const Sparse<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

}  // namespace parton::init
