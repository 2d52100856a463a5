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

#include <parton/detail/name_view.hpp>
#include <parton/detail/type_name.hpp>
#include <parton/init/rule.hpp>
#include <parton/random/generator.hpp>
#include <parton/tensor/tensor.hpp>

namespace parton::init {

/// A rule that fills a new parameter: the base of every initializer.
///
/// A custom one overrides init_weight alone. An initializer is copied when it is handed over, so it
/// must be copyable; it is asked from one thread at a time.
template <class Scalar>
class Initializer {
 public:
  using scalar_type = Scalar;

  virtual ~Initializer() = default;

  /// Fills `data`, which arrives zero-filled in the parameter's shape. `name` is the parameter's
  /// full name, for messages. `rng` depends on the seed and the parameter's path alone; taking all
  /// randomness from it keeps the values reproducible.
  virtual void init_weight(std::string_view name, Tensor<Scalar>& data,
                           random::Generator& rng) const = 0;

  /// The text form, as Gluon's dumps(): `["normal", {"sigma": 0.01}]`.
  [[nodiscard]] virtual std::string dump() const {
    return "[\"" + detail::lower(detail::class_name(typeid(*this))) + "\", {}]";
  }

  /// The rule inside a built-in, which works for every scalar; null for a custom initializer.
  [[nodiscard]] virtual detail::RulePointer rule() const { return nullptr; }

 protected:
  Initializer() = default;
  Initializer(const Initializer&) = default;
  Initializer& operator=(const Initializer&) = default;
};

namespace detail {

/// The base of the library's own initializers, and what one becomes for another scalar.
template <class Scalar>
class BuiltIn : public Initializer<Scalar> {
 public:
  explicit BuiltIn(RulePointer rule) : rule_(std::move(rule)) {}

  /// \throws InitializerError that names the parameter, if the rule does not fit its shape or
  /// scalar.
  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const final {
    TargetOf<Scalar> target(data);
    rule_->fill(name, target, rng);
  }
  [[nodiscard]] std::string dump() const final { return rule_->dump(); }
  [[nodiscard]] RulePointer rule() const final { return rule_; }

 private:
  RulePointer rule_;
};

/// A custom initializer at work in a net of another scalar: it fills a tensor of its own, which is
/// converted.
template <class To, class From>
class Converted final : public Initializer<To> {
 public:
  explicit Converted(std::shared_ptr<const Initializer<From>> from) : from_(std::move(from)) {}
  void init_weight(std::string_view name, Tensor<To>& data, random::Generator& rng) const override {
    Tensor<From> own = Tensor<From>::zeros(data.shape());
    from_->init_weight(name, own, rng);
    data.assign(own.template cast<To>());
  }
  [[nodiscard]] std::string dump() const override { return from_->dump(); }

 private:
  std::shared_ptr<const Initializer<From>> from_;
};

/// A lambda as an initializer.
template <class Scalar>
class Function final : public Initializer<Scalar> {
 public:
  using Signature = std::function<void(std::string_view, Tensor<Scalar>&, random::Generator&)>;
  explicit Function(Signature function) : function_(std::move(function)) {}
  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const override {
    function_(name, data, rng);
  }
  [[nodiscard]] std::string dump() const override { return "[\"function\", {}]"; }

 private:
  Signature function_;
};

template <class T>
inline constexpr bool is_shared_initializer = false;
template <class T>
inline constexpr bool is_shared_initializer<std::shared_ptr<T>> = requires {
  typename T::scalar_type;
};

template <class T>
concept AnyScalarInitializer = requires {
  typename T::scalar_type;
}
&&std::derived_from<T, Initializer<typename T::scalar_type>>;

template <class T, class Scalar>
concept InitializingFunction = std::invocable < const T&,
        std::string_view, Tensor<Scalar>
&, random::Generator& > || std::invocable<const T&, Tensor<Scalar>&, random::Generator&> ||
       std::invocable<const T&, Tensor<Scalar>&>;

/// The initializer of a name; defined in init/registry.hpp.
template <class Scalar>
struct Named;  // incomplete here: #include <parton/init/registry.hpp> to give an initializer by
               // name

}  // namespace detail

/// Whatever a user may hand over where an initializer is wanted, or nothing.
///
/// An Initializer of this Scalar (copied) or a shared_ptr to one; a built-in of any scalar; a name
/// or text form from the registry (`"xavier"`); a function of `(name, data, rng)`, `(data, rng)` or
/// `(data)`.
template <class Scalar>
class AnyInitializer {
 public:
  AnyInitializer() = default;

  template <class T>
  requires(!std::same_as<std::remove_cvref_t<T>, AnyInitializer>)
      AnyInitializer(T&& given)  // NOLINT: implicit on purpose
      : initializer_(make(std::forward<T>(given))) {}

  explicit operator bool() const noexcept { return initializer_ != nullptr; }
  const Initializer<Scalar>* operator->() const noexcept { return initializer_.get(); }
  const Initializer<Scalar>& operator*() const noexcept { return *initializer_; }

  /// The same for another scalar: built-ins in full precision, custom ones by converting their
  /// values.
  template <class To>
  [[nodiscard]] AnyInitializer<To> cast() const {
    if constexpr (std::same_as<To, Scalar>) {
      return *this;
    } else {
      if (!initializer_) return {};
      std::shared_ptr<const Initializer<To>> result;
      if (auto rule = initializer_->rule()) {
        result = std::make_shared<const detail::BuiltIn<To>>(std::move(rule));
      } else {
        result = std::make_shared<const detail::Converted<To, Scalar>>(initializer_);
      }
      return result;
    }
  }

  /// True if both have the same class and text form, or both are empty. Functions differ.
  friend bool operator==(const AnyInitializer& a, const AnyInitializer& b) {
    if (a.initializer_ == b.initializer_) return true;
    if (!a || !b) return false;
    const Initializer<Scalar>&x = *a, &y = *b;
    const bool same_class =
        x.rule() ? y.rule() != nullptr
                 : typeid(x) == typeid(y) && typeid(x) != typeid(detail::Function<Scalar>);
    return same_class && x.dump() == y.dump();
  }

 private:
  using Pointer = std::shared_ptr<const Initializer<Scalar>>;

  template <class From>
  static Pointer from_other(const Initializer<From>& given) {
    auto rule = given.rule();
    if (!rule) throw errors::initializer_of_other_scalar(given.dump(), dtype_name<Scalar>());
    return std::make_shared<const detail::BuiltIn<Scalar>>(std::move(rule));
  }

  /// An empty std::function or a null function pointer would fail only when it is called.
  template <class F>
  static void check_callable(const F& function) {
    if constexpr (requires { function == nullptr; })
      if (function == nullptr) throw errors::empty_function("initializer");
  }

  template <class T>
  static Pointer make(T&& given) {
    using Plain = std::remove_cvref_t<T>;
    using Data = Tensor<Scalar>&;
    using Rng = random::Generator&;
    if constexpr (std::derived_from<Plain, Initializer<Scalar>>) {
      static_assert(!std::is_abstract_v<Plain>,
                    "an Initializer is copied when it is handed over: pass the concrete type, or a "
                    "std::shared_ptr to it");
      return std::make_shared<const Plain>(std::forward<T>(given));
    } else if constexpr (std::convertible_to<T&&, Pointer>) {
      return given;
    } else if constexpr (detail::AnyScalarInitializer<Plain>) {
      return from_other(given);
    } else if constexpr (detail::is_shared_initializer<Plain>) {
      return given ? from_other(*given) : nullptr;
    } else if constexpr (std::convertible_to<T&&, std::string_view>) {
      static_assert(
          requires { sizeof(detail::Named<Scalar>); },
          "to give an initializer by its name: #include <parton/init/registry.hpp>");
      return detail::Named<Scalar>::make(parton::detail::NameView(given));
    } else if constexpr (std::invocable<const Plain&, std::string_view, Data, Rng>) {
      check_callable(given);
      return std::make_shared<const detail::Function<Scalar>>(std::forward<T>(given));
    } else if constexpr (std::invocable<const Plain&, Data, Rng>) {
      check_callable(given);
      return std::make_shared<const detail::Function<Scalar>>(
          [f = std::forward<T>(given)](std::string_view, Data data, Rng rng) { f(data, rng); });
    } else if constexpr (std::invocable<const Plain&, Data>) {
      check_callable(given);
      return std::make_shared<const detail::Function<Scalar>>(
          [f = std::forward<T>(given)](std::string_view, Data data, Rng) { f(data); });
    } else {
      static_assert(detail::InitializingFunction<Plain, Scalar>,
                    "not an Initializer: pass init::Normal(0.01) or another one of parton::init, a "
                    "class derived from init::Initializer of the net's scalar, its registered "
                    "name, or a function of (name, data, rng)");
      return nullptr;
    }
  }

  Pointer initializer_;
};

}  // namespace parton::init
