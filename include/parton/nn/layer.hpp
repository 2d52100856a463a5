// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>

#include <parton/nn/block.hpp>
#include <parton/nn/clone.hpp>

namespace parton::nn {

namespace detail {

/// Defined in nn/cast.hpp: a layer of the library in another scalar.
template <class To, class Layer>
auto cast_layer(const Layer& layer);

}  // namespace detail

/// What a layer without options of its own may be told.
struct LayerOptions {
  /// A name in place of the automatic one.
  std::string name = {};
};

/// The base of the library's own layers, `class Dense : public Layer<Dense, Scalar>`: clone() and
/// cast() that return the layer itself.
///
/// A layer supplies `template <class To> Dense<To> like() const`: a new layer with the same
/// options.
template <template <class> class Derived, class Scalar>
class Layer : public Block<Scalar> {
  using BlockBase = parton::detail::BlockBase;

 public:
  /// A deep copy; ties within it stay ties. \throws CloneError
  [[nodiscard]] Derived<Scalar> clone() const {
    check_class();
    detail::SameScalarCloner<Scalar> cloner;
    return cloner.construct(*this, [&] { return self().template like<Scalar>(); });
  }

  /// The same in another scalar; include <parton/nn/cast.hpp>. \throws CloneError
  template <class To>
  [[nodiscard]] Derived<To> cast() const {
    check_class();
    return detail::cast_layer<To>(self());
  }

  [[nodiscard]] std::shared_ptr<parton::detail::BlockBase> make_like() const override {
    const Block<Scalar>& block = *this;
    // A class derived from a layer is made as own blocks are.
    if (typeid(block) != typeid(Derived<Scalar>)) return nullptr;
    return std::make_shared<Derived<Scalar>>(self().template like<Scalar>());
  }

  [[nodiscard]] std::string class_name() const override {
    const Block<Scalar>& block = *this;
    if (typeid(block) != typeid(Derived<Scalar>)) return Block<Scalar>::class_name();
    // Every naming asks each block, and working it out costs more than the rest of it.
    static const std::string name = parton::detail::class_name(typeid(Derived<Scalar>));
    return name;
  }

  [[nodiscard]] const std::string* kept_kind() const override {
    // An own kind() may say something else each time, as that of an Activation does.
    using Own = Derived<Scalar>;
    if constexpr (std::same_as<decltype(&Own::kind), std::string (BlockBase::*)() const> &&
                  std::same_as<decltype(&Own::class_name), std::string (Layer::*)() const>) {
      const Block<Scalar>& block = *this;
      static const std::string kind =
          parton::detail::lower(parton::detail::class_name(typeid(Own)));
      return typeid(block) == typeid(Own) ? &kind : nullptr;
    }
    return nullptr;
  }

 protected:
  /// Declares a parameter, or shares the one of this key in `shared`. \throws TieError
  void declare(std::string_view key, ParameterOptions<Scalar> options,
               const std::optional<ParameterDict<Scalar>>& shared) {
    if (shared)
      this->add_parameter(key, std::move(options), *shared);
    else
      this->add_parameter(key, std::move(options));
  }

 private:
  [[nodiscard]] const Derived<Scalar>& self() const noexcept {
    return static_cast<const Derived<Scalar>&>(*this);
  }
  void check_class() const {
    const Block<Scalar>& block = *this;
    if (typeid(block) != typeid(Derived<Scalar>))
      throw errors::clone_of_other_class(this->class_name(),
                                         parton::detail::class_name(typeid(Derived<Scalar>)));
  }
};

}  // namespace parton::nn
