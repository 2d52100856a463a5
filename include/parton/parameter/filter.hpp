// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <parton/detail/name_pattern.hpp>
#include <parton/parameter/parameter.hpp>

namespace parton {

/// Says which parameters are meant: all, those whose name a pattern matches, or those of a
/// predicate.
///
/// A pattern is an ECMAScript regular expression that must match from the start of the full name;
/// its end is open: `dense1` also selects `dense10_weight`, `weight` selects nothing. The empty
/// pattern selects everything.
template <class Scalar>
class Filter {
 public:
  Filter() = default;

  Filter(std::nullptr_t) = delete;

  /// \throws PatternError that says where a bad pattern goes wrong.
  template <std::convertible_to<std::string_view> Text>
  Filter(const Text& pattern) {  // NOLINT: implicit on purpose
    if constexpr (std::is_pointer_v<Text>)
      if (pattern == nullptr) throw errors::bad_pattern({}, 0, "a null pointer");
    select(pattern);
  }

  template <class Function>
  requires(std::predicate<const Function&, const Parameter<Scalar>&> &&
           !std::convertible_to<Function, std::string_view> &&
           !std::same_as<std::remove_cvref_t<Function>, Filter>) Filter(Function predicate)
      : predicate_(std::move(predicate)) {  // NOLINT: implicit on purpose
    if (!predicate_) throw errors::empty_function("predicate");
  }

  /// Whether a parameter known by this full name is meant.
  [[nodiscard]] bool operator()(std::string_view name, const Parameter<Scalar>& parameter) const {
    if (predicate_) return predicate_(parameter);
    return !pattern_ || detail::matches(*pattern_, name);
  }
  [[nodiscard]] bool selects_all() const noexcept { return !predicate_ && !pattern_; }
  /// The pattern as written; empty for a predicate.
  [[nodiscard]] const std::string& pattern() const noexcept { return text_; }

 private:
  void select(std::string_view pattern);

  std::string text_;
  std::shared_ptr<const detail::NamePattern> pattern_;
  std::function<bool(const Parameter<Scalar>&)> predicate_;
};

template <class Scalar>
void Filter<Scalar>::select(std::string_view pattern) {
  text_ = pattern;
  if (!text_.empty()) pattern_ = detail::make_name_pattern(text_);
}

}  // namespace parton
