// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <string_view>

#include <parton/detail/compiled.hpp>
#include <parton/init/arguments.hpp>
#include <parton/init/checks.hpp>
#include <parton/init/initializer.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

/// The options of Bilinear.
struct BilinearOptions {
  bool symmetric = false;  ///< the kernel of each axis from its own size, centred also if it is odd
};

namespace detail {

class BilinearRule final : public Rule {
 public:
  explicit BilinearRule(const BilinearOptions& options) : symmetric_(options.symmetric) {}
  explicit BilinearRule(const Arguments& arguments)
      : BilinearRule(BilinearOptions{arguments.flag("symmetric", false)}) {}

  void fill(std::string_view name, Target& target, random::Generator&) const override;

  [[nodiscard]] std::string dump() const override;

 private:
  /// The weight at one position of an axis of n.
  [[nodiscard]] double weight(Index position, Index n) const {
    const Index half = (n + 1) / 2;
    const auto at = static_cast<double>(position), f = static_cast<double>(half);
    if (symmetric_) return 1 - std::abs(at - static_cast<double>(n - 1) / 2) / f;
    const double center = static_cast<double>(2 * half - 1 - half % 2) / (2 * f);
    return 1 - std::abs(at / f - center);
  }

  bool symmetric_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void BilinearRule::fill(std::string_view name, Target& target,
                                             random::Generator&) const {
  const Shape& shape = target.shape();
  if (shape.rank() != 4)
    throw errors::initializer_shape("Bilinear", name, shape.to_string(),
                                    "rank 4, (out, in, height, width)");
  const Index height = shape[2], width = shape[3];
  for (Index i = 0; i < target.size(); ++i)
    target.set(i,
               weight(i % width, width) * weight(i / width % height, symmetric_ ? height : width));
}

PARTON_DETAIL_INLINE std::string BilinearRule::dump() const {
  TextForm form("bilinear");
  if (symmetric_) form.json("symmetric", "true");
  return form.str();
}

#endif

}  // namespace detail

/// Fills the weight of a transposed convolution so that it interpolates bilinearly.
///
///     value(y, x) = (1 - |x / f - c|) (1 - |y / f - c|),
///     f = ceil(width / 2),  c = (2 f - 1 - f mod 2) / (2 f)
///
/// for every output and input channel, as Gluon's Bilinear. f comes from the width for both axes,
/// and the kernel is not symmetric for every width: 4 wide is .25 .75 .75 .25, but 3 wide .25 .75
/// .75. With `symmetric`, each axis has f from its own size n and the centre (n - 1) / 2 (Long et
/// al. 2015): 3 wide is .5 1 .5. A parameter of another rank than 4, `(out, in, height, width)`, is
/// an InitializerError.
template <class Scalar = float>
class Bilinear : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  explicit Bilinear(const BilinearOptions& options = {})
      : Base(detail::make_rule<detail::BilinearRule>(options)) {}
  template <class Other>
  Bilinear(const Bilinear<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose
};

}  // namespace parton::init
