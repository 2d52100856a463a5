// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <parton/detail/nearest.hpp>
#include <parton/init/arguments.hpp>
#include <parton/init/initializer.hpp>
#include <parton/warning.hpp>

/// \file Initializers by name. Each rule's header registers its own, so a name is known where its
/// header is included; the umbrella includes all.

namespace parton::init {

namespace detail {

/// A rule of some scalar.
using AnyRule = std::variant<
    std::shared_ptr<const Initializer<float>>, std::shared_ptr<const Initializer<double>>,
    std::shared_ptr<const Initializer<Eigen::half>>, std::shared_ptr<const Initializer<Eigen::bfloat16>>>;

using Maker = std::function<AnyRule(const Arguments&)>;

/// Reads the JSON form; installed by init/text.hpp.
using TextParser = Arguments (*)(std::string_view text);

class Registry {
 public:
  static Registry& instance() {
    static Registry registry;
    return registry;
  }

  /// True if the name was new for this scalar.
  bool add(std::string_view name, ScalarKind kind, Maker make) {
    if (name.empty()) throw errors::bad_initializer_name();
    for (const char c : lower(name))
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
        throw errors::bad_initializer_name();
    const std::lock_guard lock(mutex_);
    Maker& place = makers_[lower(name)][static_cast<std::size_t>(kind)];
    const bool is_new = !place;
    place = std::move(make);
    return is_new;
  }

  void set_parser(TextParser parser) {
    const std::lock_guard lock(mutex_);
    parser_ = parser;
  }

  [[nodiscard]] std::vector<std::string> names() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> result;
    for (const auto& [name, makers] : makers_) result.push_back(name);
    return result;
  }

  /// The rule of a name or text form: that of the wanted scalar, or else one to be converted.
  [[nodiscard]] AnyRule make(std::string_view text, ScalarKind wanted) const {
    const Arguments arguments = read(text);
    AnyRule rule = maker(arguments.rule(), wanted)(arguments);
    arguments.check_all_asked_for();
    return rule;
  }

 private:
  Arguments read(std::string_view text) const {
    if (text.empty() || (text[0] != '[' && text[0] != '"' && text[0] != '{'))
      return Arguments(std::string(text));
    TextParser parser = nullptr;
    {
      const std::lock_guard lock(mutex_);
      parser = parser_;
    }
    if (!parser) throw errors::json_not_included(text);
    return parser(text);
  }

  Maker maker(std::string_view name, ScalarKind wanted) const {
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = makers_.find(lower(name)); found != makers_.end()) {
        const Maker& own = found->second[static_cast<std::size_t>(wanted)];
        if (own) return own;
        for (const Maker& other : found->second)
          if (other) return other;
      }
    }
    throw errors::unknown_initializer(name, nearest_names(lower(name), names()));
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::array<Maker, 4>, std::less<>> makers_;
  TextParser parser_ = nullptr;
};

/// The rule for Scalar from one of any scalar; null if it cannot be converted.
template <class Scalar>
std::shared_ptr<const Initializer<Scalar>> rule_for(const AnyRule& any) {
  using Pointer = std::shared_ptr<const Initializer<Scalar>>;
  if (const Pointer* same = std::get_if<Pointer>(&any)) return *same;
  const auto other = std::visit(
      [](const auto& rule) { return rule->rebind(parton::detail::scalar_kind<Scalar>()); }, any);
  return std::static_pointer_cast<const Initializer<Scalar>>(other);
}

template <class Scalar>
std::shared_ptr<const Initializer<Scalar>> from_text(std::string_view text) {
  auto any = Registry::instance().make(text, parton::detail::scalar_kind<Scalar>());
  auto rule = rule_for<Scalar>(any);
  if (!rule) throw errors::initializer_of_other_scalar(text, dtype_name<Scalar>());
  return rule;
}

/// Registers a rule of this library, under its own name and others. It is made for double, so that
/// no digit of its options is lost, and converted from there.
template <class Rule>
bool register_built_in(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    Registry::instance().add(name, ScalarKind::float64, [](const Arguments& arguments) -> AnyRule {
      if constexpr (std::constructible_from<Rule, const Arguments&>) {
        return std::make_shared<const Rule>(arguments);
      } else {
        return std::make_shared<const Rule>();
      }
    });
  return true;
}

}  // namespace detail

/// Makes `make(arguments)`, an initializer of class T, available by name wherever an initializer is
/// taken: `net.initialize("myinit")`, in any case of letters.
///
/// Names are of letters, digits, '_' and '-'. A name that is taken is given anew, with a warning; one
/// name may stand for one class for each scalar. Returns true, for use at namespace scope.
/// \throws InitializerError for a bad name.
template <detail::AnyScalarInitializer T, std::invocable<const Arguments&> Factory>
bool register_initializer(std::string_view name, Factory make) {
  using Scalar = typename T::scalar_type;
  const bool is_new = detail::Registry::instance().add(
      name, parton::detail::scalar_kind<Scalar>(),
      [make = std::move(make)](const Arguments& arguments) -> detail::AnyRule {
        return std::shared_ptr<const Initializer<Scalar>>(std::make_shared<const T>(make(arguments)));
      });
  if (!is_new) warn("the initializer name '" + std::string(name) + "' was registered already and now means another one");
  return true;
}

/// The same for a T that is constructed from Arguments, or else takes no options.
template <detail::AnyScalarInitializer T>
bool register_initializer(std::string_view name) {
  static_assert(std::constructible_from<T, const Arguments&> || std::default_initializable<T>,
                "a registered initializer has a constructor from init::Arguments or one without arguments; or "
                "pass a function of init::Arguments that makes one");
  return register_initializer<T>(name, [](const Arguments& arguments) {
    if constexpr (std::constructible_from<T, const Arguments&>) {
      return T(arguments);
    } else {
      return T();
    }
  });
}

/// The names that are known, in alphabetical order.
[[nodiscard]] inline std::vector<std::string> registered_names() {
  return detail::Registry::instance().names();
}

}  // namespace parton::init
