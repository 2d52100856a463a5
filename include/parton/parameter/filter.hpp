// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <regex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <parton/parameter/parameter.hpp>

namespace parton {

namespace detail {

/// The longest pattern: the compiler of std::regex recurses for every bracket.
inline constexpr std::size_t max_pattern_length = 1024;

/// Compiles a pattern. \throws PatternError that says where it goes wrong.
inline std::regex compile_pattern(std::string_view pattern) {
  if (pattern.size() > max_pattern_length) throw errors::pattern_too_long(pattern.size(), max_pattern_length);
  const auto compile = [](std::string_view text) { return std::regex(text.data(), text.size(), std::regex::ECMAScript); };
  try {
    return compile(pattern);
  } catch (const std::regex_error& error) {
    // The standard does not tell where: the longest beginning that is a pattern ends right before it.
    std::size_t good = pattern.size();
    while (good-- > 0) {
      try {
        static_cast<void>(compile(pattern.substr(0, good)));
        break;
      } catch (const std::regex_error&) {
        continue;
      }
    }
    throw errors::bad_pattern(pattern, good, error.what());
  }
}

/// True if the pattern matches from the start of the name; its end is open.
inline bool matches(const std::regex& pattern, std::string_view name) {
  return std::regex_search(name.begin(), name.end(), pattern, std::regex_constants::match_continuous);
}

}  // namespace detail

/// Says which parameters are meant: all, those whose name a pattern matches, or those of a predicate.
///
/// A pattern is an ECMAScript regular expression that must match from the start of the full name;
/// its end is open: `dense1` also selects `dense10_weight`, `weight` selects nothing. The empty
/// pattern selects everything.
template <class Scalar>
class Filter {
 public:
  Filter() = default;

  /// \throws PatternError that says where a bad pattern goes wrong.
  template <std::convertible_to<std::string_view> Text>
  Filter(const Text& pattern) : text_(std::string_view(pattern)) {  // NOLINT: implicit on purpose
    if (!text_.empty()) pattern_ = std::make_shared<const std::regex>(detail::compile_pattern(text_));
  }

  template <class Function>
    requires(std::predicate<const Function&, const Parameter<Scalar>&> && !std::convertible_to<Function, std::string_view> &&
             !std::same_as<std::remove_cvref_t<Function>, Filter>)
  Filter(Function predicate) : predicate_(std::move(predicate)) {}  // NOLINT: implicit on purpose

  /// Whether a parameter known by this full name is meant.
  [[nodiscard]] bool operator()(std::string_view name, const Parameter<Scalar>& parameter) const {
    if (predicate_) return predicate_(parameter);
    return !pattern_ || detail::matches(*pattern_, name);
  }
  [[nodiscard]] bool selects_all() const noexcept { return !predicate_ && !pattern_; }
  /// The pattern as written; empty for a predicate.
  [[nodiscard]] const std::string& pattern() const noexcept { return text_; }

 private:
  std::string text_;
  std::shared_ptr<const std::regex> pattern_;
  std::function<bool(const Parameter<Scalar>&)> predicate_;
};

}  // namespace parton
