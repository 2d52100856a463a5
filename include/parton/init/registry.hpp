// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/init/bilinear.hpp>
#include <parton/init/constant.hpp>
#include <parton/init/detail/registry.hpp>
#include <parton/init/he.hpp>
#include <parton/init/identity.hpp>
#include <parton/init/load.hpp>
#include <parton/init/lstm_bias.hpp>
#include <parton/init/mixed.hpp>
#include <parton/init/normal.hpp>
#include <parton/init/orthogonal.hpp>
#include <parton/init/sparse.hpp>
#include <parton/init/uniform.hpp>
#include <parton/init/variance_scaling.hpp>
#include <parton/init/xavier.hpp>
#include <parton/warning.hpp>

/// \file Initializers by name: the library's own, listed here, and those that a program registers.

namespace parton::init {

namespace detail {

template <class Void>
Registry& registry() {
  struct Filled : Registry {
    Filled() {
      this->template add_built_in<BilinearRule>({"bilinear"});
      this->template add_built_in<ConstantRule>({"constant"});
      this->template add_built_in<DiracRule>({"dirac"});
      this->template add_built_in<GlorotRule>({"glorot"});
      this->template add_built_in<HeRule>({"he"});
      this->template add_built_in<IdentityRule>({"identity", "eye"});
      this->template add_built_in<KaimingRule>({"kaiming"});
      this->template add_built_in<LeCunRule>({"lecun"});
      this->template add_built_in<LoadRule>({"load"});
      this->template add_built_in<LSTMBiasRule>({"lstmbias", "lstm_bias"});
      this->template add_built_in<MixedRule>({"mixed"});
      this->template add_built_in<MSRAPreluRule>({"msraprelu"});
      this->template add_built_in<NormalRule>({"normal", "gaussian"});
      this->template add_built_in<OneRule>({"one", "ones"});
      this->template add_built_in<OrthogonalRule>({"orthogonal"});
      this->template add_built_in<SparseRule>({"sparse"});
      this->template add_built_in<TruncatedNormalRule>({"truncatednormal", "truncated_normal"});
      this->template add_built_in<UniformRule>({"uniform"});
      this->template add_built_in<VarianceScalingRule>({"variancescaling", "variance_scaling"});
      this->template add_built_in<XavierRule>({"xavier"});
      this->template add_built_in<ZeroRule>({"zero", "zeros"});
    }
  };
  static Filled filled;
  return filled;
}

template <class Scalar>
struct Named {
  static std::shared_ptr<const Initializer<Scalar>> make(std::string_view text) {
    auto [kind, made] = registry<>().make(text, kind_of<Scalar>(), dtype_name<Scalar>());
    if (kind != Kind::built_in)
      return std::static_pointer_cast<const Initializer<Scalar>>(std::move(made));
    return std::make_shared<const BuiltIn<Scalar>>(
        std::static_pointer_cast<const Rule>(std::move(made)));
  }
};

}  // namespace detail

/// Makes `make(arguments)`, an initializer of class T, available by name wherever an initializer is
/// taken: `net.initialize("myinit")`, in any case of letters.
///
/// Names are of letters, digits, '_' and '-'. A name that is taken is given anew, with a warning;
/// one name may stand for one class for each scalar. Returns true, for use at namespace scope.
/// \throws InitializerError for a bad name.
template <detail::AnyScalarInitializer T, std::invocable<const Arguments&> Factory>
bool register_initializer(parton::detail::NameView name, Factory make) {
  using Scalar = typename T::scalar_type;
  constexpr bool built_in = std::derived_from<T, detail::BuiltIn<Scalar>>;
  const bool is_new = detail::registry<>().add(
      name, built_in ? detail::Kind::built_in : detail::kind_of<Scalar>(),
      [make = std::move(make)](const Arguments& arguments) -> std::shared_ptr<const void> {
        std::shared_ptr<const Initializer<Scalar>> made =
            std::make_shared<const T>(make(arguments));
        if constexpr (built_in) return made->rule();
        return made;
      });
  if (!is_new)
    warn("the initializer name '" + std::string(name) +
         "' was registered already and now means another one");
  return true;
}

/// The same for a T that is constructed from Arguments, or else takes no options.
template <detail::AnyScalarInitializer T>
bool register_initializer(parton::detail::NameView name) {
  static_assert(std::constructible_from<T, const Arguments&> || std::default_initializable<T>,
                "a registered initializer has a constructor from init::Arguments or one without "
                "arguments; or pass a function of init::Arguments that makes one");
  return register_initializer<T>(name, [](const Arguments& arguments) {
    if constexpr (std::constructible_from<T, const Arguments&>) {
      return T(arguments);
    } else {
      return T();
    }
  });
}

/// The names that are known, in alphabetical order.
template <class Void = void>
[[nodiscard]] std::vector<std::string> registered_names() {
  return detail::registry<Void>().names();
}

}  // namespace parton::init
