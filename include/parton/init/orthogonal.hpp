// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <parton/init/detail/orthonormal.hpp>
#include <parton/init/variance_scaling.hpp>

namespace parton::init {

/// The options of Orthogonal.
struct OrthogonalOptions {
  double scale = 1.414;
  RandomType rand_type = uniform;  ///< uniform or gaussian
};

/// Fills with rows or columns that are orthogonal to each other, all of length `scale`.
///
/// With rows = shape[0] and cols the product of the rest, a random matrix of U(-1, 1) or N(0, 1) is
/// orthonormalised along its shorter side:
///
///     rows >= cols: W^T W = scale^2 I,  rows < cols: W W^T = scale^2 I
///
/// The factor comes from Gram-Schmidt, in double and in a fixed order of summation, where Gluon
/// takes an SVD; with `gaussian` it is uniform over all orthonormal factors. Parameters of rank 2 or
/// more. Source: Saxe et al. 2013, in the form of Gluon's Orthogonal, whose default scale is 1.414.
template <class Scalar = float>
class Orthogonal : public detail::BuiltIn<Orthogonal, Scalar> {
 public:
  /// \throws InitializerError for a scale that is negative or not finite, or another distribution.
  explicit Orthogonal(double scale = 1.414, RandomType rand_type = uniform)
      : options_{detail::not_negative("Orthogonal", "scale", scale), rand_type} {
    if (rand_type != RandomType::uniform && rand_type != RandomType::gaussian)
      throw bad_type(detail::choice_text(rand_type));
  }
  explicit Orthogonal(const OrthogonalOptions& options)
      : Orthogonal(options.scale, options.rand_type) {}
  explicit Orthogonal(const Arguments& arguments)
      : Orthogonal(arguments.number("scale", 1.414), type_from(arguments)) {}
  template <class Other>
  Orthogonal(const Orthogonal<Other>& other)  // NOLINT: implicit on purpose
      : options_(other.options()) {}

  /// \throws InitializerError for a rank below 2.
  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const override {
    const Shape& shape = data.shape();
    if (shape.rank() < 2)
      throw errors::initializer_shape("Orthogonal", name, shape.to_string(), "rank 2 or more");
    detail::check_in_range<Scalar>("Orthogonal", name, options_.scale);
    if (data.size() == 0) return;
    const Index rows = shape[0], cols = shape.product(1);
    const Index count = std::min(rows, cols), length = std::max(rows, cols);
    auto vectors = Tensor<double>::empty({count, length});
    if (options_.rand_type == RandomType::uniform) {
      rng.uniform(vectors, -1, 1);
    } else {
      rng.normal(vectors, 0, 1);
    }
    detail::orthonormalise(vectors.mutable_data(), count, length);
    vectors *= options_.scale;
    const double* from = vectors.data();
    Scalar* to = data.mutable_data();
    // The vectors are the rows of the weight if it is wide, its columns if it is tall.
    const Index row_step = rows <= cols ? length : 1, col_step = rows <= cols ? 1 : length;
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < cols; ++j)
        *to++ = parton::detail::convert<Scalar>(from[i * row_step + j * col_step]);
  }

  [[nodiscard]] std::string dump() const override {
    const bool is_uniform = options_.rand_type == RandomType::uniform;
    return detail::TextForm("orthogonal")
        .number("scale", options_.scale)
        .text("rand_type", is_uniform ? "uniform" : "normal")
        .str();
  }
  [[nodiscard]] const OrthogonalOptions& options() const noexcept { return options_; }

 private:
  static InitializerError bad_type(std::string_view found) {
    return errors::initializer_option("Orthogonal", "rand_type", "'uniform' or 'normal'",
                                      errors::quoted(found));
  }

  static RandomType type_from(const Arguments& arguments) {
    const std::string text = arguments.text("rand_type", "uniform");
    if (text == "uniform") return RandomType::uniform;
    if (text == "normal" || text == "gaussian") return RandomType::gaussian;
    throw bad_type(text);
  }

  OrthogonalOptions options_;
};

namespace detail {

inline const bool orthogonal_registered =
    register_built_in<Orthogonal<double>>({"orthogonal"});

}  // namespace detail

}  // namespace parton::init
