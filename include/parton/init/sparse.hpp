// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include <parton/init/checks.hpp>
#include <parton/init/registry.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

/// Fills a matrix from a normal distribution and zeroes the same share of every column.
///
///     w ~ N(0, sigma^2), then ceil(sparsity * rows) entries of each column, at random, are 0
///
/// Parameters of rank 2. Source: Martens 2010, in the form of PyTorch's sparse_.
template <class Scalar = float>
class Sparse : public detail::BuiltIn<Sparse, Scalar> {
 public:
  /// \throws InitializerError unless 0 <= sparsity <= 1, and for a standard deviation sigma that is
  /// negative or not finite.
  explicit Sparse(double sparsity, double sigma = 0.01)
      : sparsity_(sparsity), sigma_(detail::not_negative("Sparse", "sigma", sigma)) {
    if (!(sparsity >= 0 && sparsity <= 1))
      throw errors::initializer_option("Sparse", "sparsity", "between 0 and 1",
                                       detail::number_text(sparsity));
  }
  explicit Sparse(const Arguments& arguments)
      : Sparse(arguments.number("sparsity"), arguments.number("sigma", 0.01)) {}
  template <class Other>
  Sparse(const Sparse<Other>& other)  // NOLINT: implicit on purpose
      : sparsity_(other.sparsity()), sigma_(other.sigma()) {}

  /// \throws InitializerError unless the rank is 2.
  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const override {
    const Shape& shape = data.shape();
    if (shape.rank() != 2)
      throw errors::initializer_shape("Sparse", name, shape.to_string(), "rank 2");
    detail::check_normal_in_range<Scalar>("Sparse", name, sigma_);
    data.fill(Scalar(0));
    if (sigma_ == 0 || data.size() == 0) return;
    rng.normal(data, 0, sigma_);
    const Index rows = shape[0], cols = shape[1];
    const auto zeros = static_cast<Index>(std::ceil(sparsity_ * static_cast<double>(rows)));
    Scalar* to = data.mutable_data();
    for (Index j = 0; j < cols; ++j) {
      const auto order = rng.permutation(rows);
      for (Index i = 0; i < zeros; ++i) to[order.data()[i] * cols + j] = Scalar(0);
    }
  }

  [[nodiscard]] std::string dump() const override {
    return detail::TextForm("sparse").number("sparsity", sparsity_).number("sigma", sigma_).str();
  }
  [[nodiscard]] double sparsity() const noexcept { return sparsity_; }
  [[nodiscard]] double sigma() const noexcept { return sigma_; }

 private:
  double sparsity_, sigma_;
};

namespace detail {

inline const bool sparse_registered = register_built_in<Sparse<double>>({"sparse"});

}  // namespace detail

}  // namespace parton::init
