// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include <parton/detail/compiled.hpp>
#include <parton/init/arguments.hpp>
#include <parton/init/detail/orthonormal.hpp>
#include <parton/init/variance_scaling.hpp>

namespace parton::init {

/// The options of Orthogonal.
struct OrthogonalOptions {
  double scale = 1.414;
  RandomType rand_type = uniform;  ///< uniform or gaussian
};

namespace detail {

class OrthogonalRule final : public Rule {
 public:
  explicit OrthogonalRule(const OrthogonalOptions& options) : options_(options) {
    not_negative("Orthogonal", "scale", options.scale);
    if (options.rand_type != RandomType::uniform && options.rand_type != RandomType::gaussian)
      throw bad_type(choice_text(options.rand_type));
  }
  explicit OrthogonalRule(const Arguments& arguments)
      : OrthogonalRule(OrthogonalOptions{arguments.number("scale", 1.414), type_from(arguments)}) {}

  void fill(std::string_view name, Target& target, random::Generator& rng) const override;

  [[nodiscard]] std::string dump() const override;

 private:
  static InitializerError bad_type(std::string_view found) {
    return errors::initializer_option("Orthogonal", "rand_type", "'uniform' or 'normal'",
                                      errors::in_quotes(found));
  }

  static RandomType type_from(const Arguments& arguments) {
    const std::string text = arguments.text("rand_type", "uniform");
    if (text == "uniform") return RandomType::uniform;
    if (text == "normal" || text == "gaussian") return RandomType::gaussian;
    throw bad_type(text);
  }

  OrthogonalOptions options_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void OrthogonalRule::fill(std::string_view name, Target& target,
                                               random::Generator& rng) const {
  const Shape& shape = target.shape();
  if (shape.rank() < 2)
    throw errors::initializer_shape("Orthogonal", name, shape.to_string(), "rank 2 or more");
  check_in_range("Orthogonal", name, target, options_.scale);
  if (target.size() == 0) return;
  const Index rows = shape[0], cols = shape.product(1);
  const Index count = std::min(rows, cols), length = std::max(rows, cols);
  auto vectors = Tensor<double>::empty({count, length});
  if (options_.rand_type == RandomType::uniform) {
    rng.uniform(vectors, -1, 1);
  } else {
    rng.normal(vectors, 0, 1);
  }
  orthonormalise(vectors.mutable_data(), count, length);
  const double* from = vectors.data();
  // The vectors are the rows of the weight if it is wide, its columns if it is tall.
  const Index row_step = rows <= cols ? length : 1, col_step = rows <= cols ? 1 : length;
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j)
      target.set(i * cols + j, options_.scale * from[i * row_step + j * col_step]);
}

PARTON_DETAIL_INLINE std::string OrthogonalRule::dump() const {
  const bool is_uniform = options_.rand_type == RandomType::uniform;
  return TextForm("orthogonal")
      .number("scale", options_.scale)
      .text("rand_type", is_uniform ? "uniform" : "normal")
      .str();
}

#endif

}  // namespace detail

/// Fills with rows or columns that are orthogonal to each other, all of length `scale`.
///
/// With rows = shape[0] and cols the product of the rest, a random matrix of U(-1, 1) or N(0, 1) is
/// orthonormalised along its shorter side:
///
///     rows >= cols: W^T W = scale^2 I,  rows < cols: W W^T = scale^2 I
///
/// By Gram-Schmidt, in double and in a fixed order of summation, where Gluon takes an SVD; with
/// `gaussian` all orthonormal factors are equally likely. A parameter of rank below 2 is an
/// InitializerError. Source: Saxe et al. 2013, in the form of Gluon's Orthogonal, whose default
/// scale is 1.414.
template <class Scalar = float>
class Orthogonal : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws InitializerError for a scale that is negative or not finite, or another distribution.
  explicit Orthogonal(const OrthogonalOptions& options = {})
      : Base(detail::make_rule<detail::OrthogonalRule>(options)) {}
  explicit Orthogonal(double scale, RandomType rand_type = uniform)
      : Orthogonal(OrthogonalOptions{scale, rand_type}) {}
  template <class Other>
  Orthogonal(const Orthogonal<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

}  // namespace parton::init
