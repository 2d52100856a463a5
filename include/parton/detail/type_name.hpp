// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>

#if __has_include(<cxxabi.h>)
#include <cxxabi.h>
#endif

namespace parton::detail {

inline std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

/// The last component of a written type: `FancyMLP` of `(anonymous namespace)::FancyMLP<float>`.
inline std::string last_component(std::string_view written) {
  // A name ends where its template arguments begin; "::" counts only outside brackets.
  std::size_t begin = 0, end = std::string_view::npos;
  int depth = 0;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const char c = written[i];
    if (c == '<' || c == '(' || c == '{' || c == '[') {
      if (depth++ == 0 && c == '<' && end == std::string_view::npos) end = i;
    } else if (c == '>' || c == ')' || c == '}' || c == ']') {
      --depth;
    } else if (depth == 0 && c == ':') {
      begin = i + 1;
      end = std::string_view::npos;
    } else if (depth == 0 && c == ' ') {
      begin = i + 1;  // "class FancyMLP"
      end = std::string_view::npos;
    }
  }
  return std::string(written.substr(begin, end == std::string_view::npos ? end : end - begin));
}

/// The name of a class without namespaces and template arguments.
inline std::string class_name(const std::type_info& type) {
#if __has_include(<cxxabi.h>)
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  if (status == 0 && text) return last_component(text.get());
#endif
  return last_component(type.name());
}

}  // namespace parton::detail
