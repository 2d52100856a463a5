// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>

#include <parton/detail/compiled.hpp>

/// \file Patterns on names, for those who only use them: how they work is in pattern.hpp.

namespace parton::detail {

class NamePattern;

/// A pattern, compiled for many names; for many threads. \throws PatternError that says where it
/// goes wrong.
[[nodiscard]] std::shared_ptr<const NamePattern> make_name_pattern(std::string_view pattern);

/// True if the pattern matches from the start of the name; its end is open.
[[nodiscard]] bool matches(const NamePattern& pattern, std::string_view name);

}  // namespace parton::detail

#if PARTON_DETAIL_BODIES
#include <parton/detail/pattern.hpp>
#endif
