// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include <parton/init/checks.hpp>
#include <parton/init/registry.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

/// The options of Bilinear.
struct BilinearOptions {
  bool symmetric = false;  ///< the kernel of each axis from its own size, centred also if it is odd
};

/// Fills the weight of a transposed convolution so that it interpolates bilinearly.
///
///     value(y, x) = (1 - |x / f - c|) (1 - |y / f - c|),
///     f = ceil(width / 2),  c = (2 f - 1 - f mod 2) / (2 f)
///
/// for every output and input channel, as Gluon's Bilinear. f comes from the width for both axes,
/// and the kernel is symmetric only where f is even: 4 wide is .25 .75 .75 .25, but 3 wide .25 .75
/// .75. With `symmetric`, each axis has f from its own size n and the centre c f = (n - 1) / 2 (Long
/// et al. 2015): 3 wide is .5 1 .5. Parameters of rank 4, `(out, in, height, width)`.
template <class Scalar = float>
class Bilinear : public detail::BuiltIn<Bilinear, Scalar> {
 public:
  explicit Bilinear(const BilinearOptions& options = {}) : options_(options) {}
  explicit Bilinear(const Arguments& arguments)
      : Bilinear(BilinearOptions{arguments.flag("symmetric", false)}) {}
  template <class Other>
  Bilinear(const Bilinear<Other>& other)  // NOLINT: implicit on purpose
      : options_(other.options()) {}

  /// \throws InitializerError unless the rank is 4.
  void init_weight(std::string_view name, Tensor<Scalar>& data, random::Generator&) const override {
    const Shape& shape = data.shape();
    if (shape.rank() != 4)
      throw errors::initializer_shape("Bilinear", name, shape.to_string(),
                                      "rank 4, (out, in, height, width)");
    const Index height = shape[2], width = shape[3];
    Scalar* to = data.mutable_data();
    for (Index i = 0; i < data.size(); ++i) {
      const Index x = i % width, y = i / width % height;
      to[i] = parton::detail::convert<Scalar>(weight(x, width) *
                                              weight(y, options_.symmetric ? height : width));
    }
  }

  [[nodiscard]] std::string dump() const override {
    detail::TextForm form("bilinear");
    if (options_.symmetric) form.json("symmetric", "true");
    return form.str();
  }
  [[nodiscard]] const BilinearOptions& options() const noexcept { return options_; }

 private:
  /// The weight at one position of an axis of n.
  [[nodiscard]] double weight(Index position, Index n) const {
    const Index half = (n + 1) / 2;
    const auto at = static_cast<double>(position), f = static_cast<double>(half);
    if (options_.symmetric) return 1 - std::abs(at - static_cast<double>(n - 1) / 2) / f;
    const double center = static_cast<double>(2 * half - 1 - half % 2) / (2 * f);
    return 1 - std::abs(at / f - center);
  }

  BilinearOptions options_;
};

namespace detail {

inline const bool bilinear_registered = register_built_in<Bilinear<double>>({"bilinear"});

}  // namespace detail

}  // namespace parton::init
