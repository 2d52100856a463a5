// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
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

/// \file What the names of initializers stand for.

namespace parton::init::detail {

/// Makes a shared_ptr to a const Rule (built_in) or a const Initializer of the Kind's scalar.
using Maker = std::function<std::shared_ptr<const void>(const Arguments&)>;

/// Reads the JSON form.
using TextParser = Arguments (*)(std::string_view text);

/// Set by init/text.hpp, where a program includes it.
inline std::atomic<TextParser> text_parser = nullptr;

class Registry {
 public:
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

  /// A rule of this library, which is constructed from Arguments.
  template <std::derived_from<Rule> T>
  void add_built_in(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
      add(name, Kind::built_in, [](const Arguments& given) { return make_rule<T>(given); });
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
    const TextParser parser = text_parser;
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
};

/// The one of this program, which knows the library's own rules; defined in init/registry.hpp. A
/// template, so that only a program that names an initializer compiles all of them.
template <class Void = void>
Registry& registry();

}  // namespace parton::init::detail
