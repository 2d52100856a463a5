// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <parton/init/checks.hpp>
#include <parton/init/registry.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

/// Fills a matrix with ones on the diagonal and zeros beside it, so that a layer passes on what it
/// gets.
///
///     w[i][j] = gain if i == j, else 0
///
/// A matrix that is not square passes on the first min(rows, cols) inputs. Parameters of rank 2.
/// Source: PyTorch's eye_, with Keras' gain.
template <class Scalar = float>
class Identity : public detail::BuiltIn<Identity, Scalar> {
 public:
  /// \throws InitializerError for a gain that is not finite.
  explicit Identity(double gain = 1) : gain_(detail::finite("Identity", "gain", gain)) {}
  explicit Identity(const Arguments& arguments) : Identity(arguments.number("gain", 1)) {}
  template <class Other>
  Identity(const Identity<Other>& other) : gain_(other.gain()) {}  // NOLINT: implicit on purpose

  /// \throws InitializerError unless the rank is 2.
  void init_weight(std::string_view name, Tensor<Scalar>& data, random::Generator&) const override {
    const Shape& shape = data.shape();
    if (shape.rank() != 2)
      throw errors::initializer_shape("Identity", name, shape.to_string(), "rank 2");
    detail::check_in_range<Scalar>("Identity", name, gain_);
    data.fill(Scalar(0));
    const Index rows = shape[0], cols = shape[1];
    Scalar* to = data.mutable_data();
    for (Index i = 0; i < std::min(rows, cols); ++i)
      to[i * (cols + 1)] = parton::detail::convert<Scalar>(gain_);
  }

  [[nodiscard]] std::string dump() const override {
    return detail::TextForm("identity").number("gain", gain_).str();
  }
  [[nodiscard]] double gain() const noexcept { return gain_; }

 private:
  double gain_;
};

/// Fills a convolution's weight so that it passes on its input: a delta at the kernel's centre.
///
///     w[g n + d][d][k_1 / 2]... = 1 for d < min(n, shape[1]), else 0,  n = shape[0] / groups
///
/// for each group g. Parameters of shape `(out, in, kernel...)`, rank 3 to 5. Source: PyTorch's
/// dirac_.
template <class Scalar = float>
class Dirac : public detail::BuiltIn<Dirac, Scalar> {
 public:
  /// \throws InitializerError unless groups >= 1.
  explicit Dirac(Index groups = 1) : groups_(groups) {
    if (groups < 1)
      throw errors::initializer_option("Dirac", "groups", "at least 1", std::to_string(groups));
  }
  explicit Dirac(const Arguments& arguments)
      : Dirac(detail::whole("Dirac", "groups", arguments.number("groups", 1))) {}
  template <class Other>
  Dirac(const Dirac<Other>& other) : groups_(other.groups()) {}  // NOLINT: implicit on purpose

  /// \throws InitializerError unless the rank is 3 to 5 and the groups divide shape[0].
  void init_weight(std::string_view name, Tensor<Scalar>& data, random::Generator&) const override {
    const Shape& shape = data.shape();
    if (shape.rank() < 3 || shape.rank() > 5 || shape[0] % groups_ != 0)
      throw errors::initializer_shape(
          "Dirac", name, shape.to_string(),
          "rank 3 to 5 and a first dimension that its " + std::to_string(groups_) + " groups divide");
    data.fill(Scalar(0));
    if (data.size() == 0) return;
    Index center = 0;
    for (Index axis = 2; axis < static_cast<Index>(shape.rank()); ++axis)
      center = center * shape[axis] + shape[axis] / 2;
    const Index kernel = shape.product(2), outputs = shape[0] / groups_;
    Scalar* to = data.mutable_data();
    for (Index group = 0; group < groups_; ++group)
      for (Index d = 0; d < std::min(outputs, shape[1]); ++d)
        to[((group * outputs + d) * shape[1] + d) * kernel + center] = Scalar(1);
  }

  [[nodiscard]] std::string dump() const override {
    return detail::TextForm("dirac").number("groups", static_cast<double>(groups_)).str();
  }
  [[nodiscard]] Index groups() const noexcept { return groups_; }

 private:
  Index groups_;
};

namespace detail {

inline const bool identities_registered = register_built_in<Identity<double>>({"identity", "eye"}) &&
                                          register_built_in<Dirac<double>>({"dirac"});

}  // namespace detail

}  // namespace parton::init
