// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
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
#include <utility>
#include <vector>

#include <parton/detail/nearest.hpp>
#include <parton/init/arguments.hpp>
#include <parton/init/initializer.hpp>
#include <parton/warning.hpp>

/// \file Initializers by name. Each rule's header registers its own, so a name is known where its
/// header is included; the umbrella includes all.

namespace parton::init {

namespace detail {

/// Makes a shared_ptr to a const Rule (built_in) or a const Initializer of the Kind's scalar.
using Maker = std::function<std::shared_ptr<const void>(const Arguments&)>;

/// Reads the JSON form; installed by init/text.hpp.
using TextParser = Arguments (*)(std::string_view text);

class Registry {
 public:
  static Registry& instance() {
    static Registry registry;
    return registry;
  }

  /// True if the name was new for nets of this kind.
  bool add(std::string_view name, Kind kind, Maker make) {
    bool good = !name.empty();
    for (const char c : lower(name))
      good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-');
    if (!good) throw errors::bad_initializer_name(name);
    const std::lock_guard lock(mutex_);
    auto& makers = makers_[lower(name)];
    Maker& place = makers[static_cast<std::size_t>(kind)];
    const bool is_new = !place && !makers[static_cast<std::size_t>(Kind::built_in)];
    place = std::move(make);
    return is_new;
  }

  bool add_built_in(std::initializer_list<std::string_view> names,
                    RulePointer (*maker)(const Arguments&)) {
    for (const std::string_view name : names) add(name, Kind::built_in, maker);
    return true;
  }

  /// Returns the one before.
  TextParser set_parser(TextParser parser) {
    const std::lock_guard lock(mutex_);
    return std::exchange(parser_, parser);
  }

  [[nodiscard]] std::vector<std::string> names() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> result;
    for (const auto& [name, makers] : makers_) result.push_back(name);
    return result;
  }

  /// True if a text names a custom initializer of any scalar.
  [[nodiscard]] bool is_custom(std::string_view text) const {
    const Arguments arguments = read(text);
    const std::lock_guard lock(mutex_);
    const auto found = makers_.find(lower(arguments.rule()));
    if (found == makers_.end()) return false;
    return std::any_of(found->second.begin() + 1, found->second.end(),
                       [](const Maker& maker) { return maker != nullptr; });
  }

  /// What a name or text form stands for in nets of the `wanted` kind, and of which kind that is:
  /// of this one, or a built-in.
  [[nodiscard]] std::pair<Kind, std::shared_ptr<const void>> make(std::string_view text,
                                                                  Kind wanted,
                                                                  std::string_view dtype) const {
    const Arguments arguments = read(text);
    const auto [kind, maker] = find(arguments.rule(), wanted, dtype);
    auto made = maker(arguments);
    arguments.check_all_asked_for();
    return {kind, std::move(made)};
  }

 private:
  [[nodiscard]] Arguments read(std::string_view text) const {
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

  [[nodiscard]] std::pair<Kind, Maker> find(std::string_view name, Kind wanted,
                                            std::string_view dtype) const {
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = makers_.find(lower(name)); found != makers_.end()) {
        // A user's own class beats a built-in of the same name.
        for (const Kind kind : {wanted, Kind::built_in})
          if (const Maker& maker = found->second[static_cast<std::size_t>(kind)])
            return {kind, maker};
        throw errors::initializer_of_other_scalar(name, dtype);
      }
    }
    throw errors::unknown_initializer(name, nearest_names(lower(name), names()));
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::array<Maker, 5>, std::less<>> makers_;
  TextParser parser_ = nullptr;
};

template <class Scalar>
std::shared_ptr<const Initializer<Scalar>> from_text(std::string_view text) {
  auto [kind, made] = Registry::instance().make(text, kind_of<Scalar>(), dtype_name<Scalar>());
  if (kind != Kind::built_in)
    return std::static_pointer_cast<const Initializer<Scalar>>(std::move(made));
  return std::make_shared<const BuiltIn<Scalar>>(
      std::static_pointer_cast<const Rule>(std::move(made)));
}

/// Registers a rule of this library, which is constructed from Arguments, under its names.
template <std::derived_from<Rule> T>
bool register_built_in(std::initializer_list<std::string_view> names) {
  return Registry::instance().add_built_in(
      names, [](const Arguments& arguments) { return make_rule<T>(arguments); });
}

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
  const bool is_new = detail::Registry::instance().add(
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
[[nodiscard]] inline std::vector<std::string> registered_names() {
  return detail::Registry::instance().names();
}

}  // namespace parton::init
