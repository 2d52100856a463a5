// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <parton/error/parameter.hpp>

namespace parton {

namespace detail {

/// A name that a user passes: as std::string_view, but a null `const char*` is an error.
class NameView : public std::string_view {
 public:
  /// \throws NameError for a null pointer.
  template <std::convertible_to<std::string_view> Text>
  constexpr NameView(const Text& text)  // NOLINT: implicit on purpose
      : std::string_view(checked(text)) {}
  NameView(std::nullptr_t) = delete;

 private:
  template <class Text>
  static constexpr std::string_view checked(const Text& text) {
    if constexpr (std::is_pointer_v<Text>)
      if (text == nullptr) throw errors::null_text();
    return text;
  }
};

}  // namespace detail

}  // namespace parton
