// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <parton/detail/name_view.hpp>
#include <parton/detail/nearest.hpp>
#include <parton/error.hpp>

namespace parton {

/// The longest name that a block, a child or a parameter may have. It bounds every full name, and
/// so the recursion of a regular expression that is matched against one.
inline constexpr std::size_t max_name_length = 128;

namespace detail {

/// Checks a name that becomes part of names and paths: letters, digits, '_' and '-', at most
/// max_name_length of them. \throws NameError
inline void check_name(std::string_view name) {
  if (name.empty()) throw errors::empty_name();
  if (name.size() > max_name_length)
    throw errors::name_too_long(name.substr(0, 32), name.size(), max_name_length);
  for (const char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
          c == '-'))
      throw errors::bad_name_character(name);
}

/// A name that does not change, in one word: the usual keys of parameters are kept once for all.
class KeptName {
 public:
  explicit KeptName(std::string_view name) {
    const auto& usual = usual_names();
    const auto at = std::find(usual.begin(), usual.end(), name);
    text_ = at != usual.end() ? &*at : new std::string(name);
  }
  KeptName(const KeptName&) = delete;
  KeptName& operator=(const KeptName&) = delete;
  ~KeptName() {
    const auto& usual = usual_names();
    const std::less<> before;
    if (before(text_, usual.data()) || !before(text_, usual.data() + usual.size())) delete text_;
  }

  const std::string& operator*() const noexcept { return *text_; }

 private:
  static const std::array<std::string, 6>& usual_names() {
    // Never destroyed: a net of static storage may be printed after everything else is gone.
    static const auto& names = *new const std::array<std::string, 6>{
        "weight", "bias", "gamma", "beta", "running_mean", "running_var"};
    return names;
  }

  const std::string* text_;
};

}  // namespace detail

}  // namespace parton
