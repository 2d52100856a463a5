// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include <parton/detail/type_name.hpp>
#include <parton/random/generator.hpp>
#include <parton/tensor/tensor.hpp>

namespace parton {

namespace detail {

/// The floating scalars as values, for what is chosen while the program runs.
enum class ScalarKind { float32, float64, float16, bfloat16 };

template <FloatingScalar Scalar>
constexpr ScalarKind scalar_kind() {
  if constexpr (std::same_as<Scalar, float>) return ScalarKind::float32;
  if constexpr (std::same_as<Scalar, double>) return ScalarKind::float64;
  if constexpr (std::same_as<Scalar, Eigen::half>) return ScalarKind::float16;
  return ScalarKind::bfloat16;
}

}  // namespace detail

namespace init {

namespace detail {

using namespace parton::detail;

}  // namespace detail

/// A rule that fills a new parameter: the base of every initializer.
///
/// A custom one overrides init_weight alone. An initializer is copied when it is handed over, so it
/// must be copyable; it is asked from one thread at a time.
template <class Scalar>
class Initializer {
 public:
  using scalar_type = Scalar;

  virtual ~Initializer() = default;

  /// Fills `data`, which arrives zero-filled in the parameter's shape. `name` is the parameter's full
  /// name, for messages. `rng` depends on the seed and the parameter's path alone; taking all
  /// randomness from it keeps the values reproducible.
  virtual void init_weight(std::string_view name, Tensor<Scalar>& data, random::Generator& rng) const = 0;

  /// The text form, as Gluon's dumps(): `["normal", {"sigma": 0.01}]`.
  [[nodiscard]] virtual std::string dump() const { return "[\"" + detail::lower(detail::class_name(typeid(*this))) + "\", {}]"; }

  /// The same rule for another scalar: a `std::shared_ptr<const Initializer<To>>`, or null if the rule
  /// is written for its own scalar only, as custom ones are.
  [[nodiscard]] virtual std::shared_ptr<const void> rebind(detail::ScalarKind) const { return nullptr; }

 protected:
  Initializer() = default;
  Initializer(const Initializer&) = default;
  Initializer& operator=(const Initializer&) = default;
};

namespace detail {

/// The base of the library's own rules, which exist for every scalar: `Rule<To>` is constructible
/// from `Rule<From>`.
template <template <class> class Rule, class Scalar>
class BuiltIn : public Initializer<Scalar> {
 public:
  [[nodiscard]] std::shared_ptr<const void> rebind(ScalarKind to) const final {
    switch (to) {
      case ScalarKind::float32: return as<float>();
      case ScalarKind::float64: return as<double>();
      case ScalarKind::float16: return as<Eigen::half>();
      case ScalarKind::bfloat16: return as<Eigen::bfloat16>();
    }
    return nullptr;
  }

 private:
  template <class To>
  std::shared_ptr<const Initializer<To>> as() const {
    return std::make_shared<const Rule<To>>(static_cast<const Rule<Scalar>&>(*this));
  }
};

/// A custom initializer at work in a net of another scalar: it fills a tensor of its own, which is converted.
template <class To, class From>
class Converted final : public Initializer<To> {
 public:
  explicit Converted(std::shared_ptr<const Initializer<From>> rule) : rule_(std::move(rule)) {}
  void init_weight(std::string_view name, Tensor<To>& data, random::Generator& rng) const override {
    Tensor<From> own = Tensor<From>::zeros(data.shape());
    rule_->init_weight(name, own, rng);
    data.assign(own.template cast<To>());
  }
  [[nodiscard]] std::string dump() const override { return rule_->dump(); }

 private:
  std::shared_ptr<const Initializer<From>> rule_;
};

/// A lambda as an initializer.
template <class Scalar>
class Function final : public Initializer<Scalar> {
 public:
  using Signature = std::function<void(std::string_view, Tensor<Scalar>&, random::Generator&)>;
  explicit Function(Signature function) : function_(std::move(function)) {}
  void init_weight(std::string_view name, Tensor<Scalar>& data, random::Generator& rng) const override {
    function_(name, data, rng);
  }
  [[nodiscard]] std::string dump() const override { return "[\"function\", {}]"; }

 private:
  Signature function_;
};

template <class T>
inline constexpr bool is_shared_ptr = false;
template <class T>
inline constexpr bool is_shared_ptr<std::shared_ptr<T>> = true;

template <class T>
concept AnyScalarInitializer = requires { typename T::scalar_type; } && std::derived_from<T, Initializer<typename T::scalar_type>>;

template <class T, class Scalar>
concept InitializingFunction = std::invocable<const T&, std::string_view, Tensor<Scalar>&, random::Generator&> ||
                               std::invocable<const T&, Tensor<Scalar>&, random::Generator&> ||
                               std::invocable<const T&, Tensor<Scalar>&>;

/// The rule of this name from the registry; defined in init/registry.hpp. \throws InitializerError
template <class Scalar>
std::shared_ptr<const Initializer<Scalar>> from_text(std::string_view text);

}  // namespace detail

/// Whatever a user may hand over where an initializer is wanted, or nothing.
///
/// An Initializer of this Scalar (copied) or a shared_ptr to one; a built-in of any scalar; a name or
/// text form from the registry (`"xavier"`); a function of `(name, data, rng)`, `(data, rng)` or `(data)`.
template <class Scalar>
class AnyInitializer {
 public:
  AnyInitializer() = default;

  template <class T>
    requires(!std::same_as<std::remove_cvref_t<T>, AnyInitializer>)
  AnyInitializer(T&& given) : rule_(make(std::forward<T>(given))) {}  // NOLINT: implicit on purpose

  explicit operator bool() const noexcept { return rule_ != nullptr; }
  const Initializer<Scalar>* operator->() const noexcept { return rule_.get(); }
  const Initializer<Scalar>& operator*() const noexcept { return *rule_; }

  /// The same for another scalar: built-ins in full precision, custom ones by converting their values.
  template <class To>
  [[nodiscard]] AnyInitializer<To> cast() const {
    if constexpr (std::same_as<To, Scalar>) {
      return *this;
    } else {
      if (!rule_) return {};
      if (auto same = rule_->rebind(parton::detail::scalar_kind<To>()))
        return std::static_pointer_cast<const Initializer<To>>(same);
      return std::shared_ptr<const Initializer<To>>(std::make_shared<detail::Converted<To, Scalar>>(rule_));
    }
  }

  /// True if both are of one class with equal text forms, or both are empty.
  friend bool operator==(const AnyInitializer& a, const AnyInitializer& b) {
    if (!a || !b) return !a && !b;
    const Initializer<Scalar>&x = *a, &y = *b;
    return &x == &y || (typeid(x) == typeid(y) && typeid(x) != typeid(detail::Function<Scalar>) && x.dump() == y.dump());
  }

 private:
  using Pointer = std::shared_ptr<const Initializer<Scalar>>;

  template <class T>
  static Pointer make(T&& given) {
    using Plain = std::remove_cvref_t<T>;
    if constexpr (std::derived_from<Plain, Initializer<Scalar>>) {
      static_assert(!std::is_abstract_v<Plain>,
                    "an Initializer is copied when it is handed over: pass the concrete type, or a std::shared_ptr to it");
      return std::make_shared<const Plain>(std::forward<T>(given));
    } else if constexpr (std::convertible_to<T&&, Pointer>) {
      return given;
    } else if constexpr (detail::AnyScalarInitializer<Plain>) {
      auto same = given.rebind(parton::detail::scalar_kind<Scalar>());
      if (!same) throw errors::initializer_of_other_scalar(given.dump(), dtype_name<Scalar>());
      return std::static_pointer_cast<const Initializer<Scalar>>(same);
    } else if constexpr (std::convertible_to<T&&, std::string_view>) {
      return detail::from_text<Scalar>(given);
    } else if constexpr (std::invocable<const Plain&, std::string_view, Tensor<Scalar>&, random::Generator&>) {
      return std::make_shared<const detail::Function<Scalar>>(std::forward<T>(given));
    } else if constexpr (std::invocable<const Plain&, Tensor<Scalar>&, random::Generator&>) {
      return std::make_shared<const detail::Function<Scalar>>(
          [f = std::forward<T>(given)](std::string_view, Tensor<Scalar>& data, random::Generator& rng) { f(data, rng); });
    } else if constexpr (std::invocable<const Plain&, Tensor<Scalar>&>) {
      return std::make_shared<const detail::Function<Scalar>>(
          [f = std::forward<T>(given)](std::string_view, Tensor<Scalar>& data, random::Generator&) { f(data); });
    } else {
      static_assert(detail::InitializingFunction<Plain, Scalar>,
                    "not an Initializer: pass init::Normal(0.01) or another one of parton::init, a class derived from "
                    "init::Initializer of the net's scalar, its registered name, or a function of (name, data, rng)");
      return nullptr;
    }
  }

  Pointer rule_;
};

}  // namespace init

}  // namespace parton
