// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <string>
#include <string_view>
#include <variant>

#include <parton/init/rule.hpp>
#include <parton/tensor/scalar.hpp>
#include <parton/tensor/tensor.hpp>

/// \file How initializers write themselves: as JSON, `["normal", {"sigma": 0.5}]`. Reading JSON is
/// left to a library (init/text.hpp); writing these few forms needs none.

namespace parton::init::detail {

/// The shortest text that reads back as the same number, in any locale: positional from 1e-4 to
/// 1e16, as Python prints. What JSON has no number for becomes a string: `"NaN"`, `"Infinity"`.
template <std::floating_point Number>
std::string number_text(Number value) {
  if (std::isnan(value)) return "\"NaN\"";
  if (std::isinf(value)) return value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  const Number size = std::abs(value);
  const bool positional = value == 0 || (size >= Number(1e-4) && size < Number(1e16));
  char buffer[64];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value,
                    positional ? std::chars_format::fixed : std::chars_format::scientific)
          .ptr;
  return {buffer, end};
}

/// The text as a JSON string.
inline std::string string_text(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string result = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (result += '\\') += c;
    } else if (code < 0x20) {
      ((result += "\\u00") += hex[code >> 4U]) += hex[code & 15U];
    } else {
      result += c;
    }
  }
  return result += '"';
}

/// The values as nested lists.
template <class Scalar>
std::string array_text(const Tensor<Scalar>& values) {
  using Wide = parton::detail::Wide<Scalar>;
  if (values.rank() == 0) return number_text(parton::detail::convert<Wide>(values.item()));
  std::string result = "[";
  for (Index i = 0; i < values.shape()[0]; ++i)
    (result += i > 0 ? ", " : "") +=
        values.rank() == 1 ? number_text(parton::detail::convert<Wide>(values.data()[i]))
                           : array_text(values[i]);
  return result += ']';
}

inline std::string array_text(const AnyTensor& values) {
  return std::visit([](const auto& tensor) { return array_text(tensor); }, values);
}

/// Builds the text form of one rule.
class TextForm {
 public:
  explicit TextForm(std::string_view rule) : text_("[" + string_text(rule) + ", {") {}

  TextForm& json(std::string_view option, std::string_view value) {
    text_ += (first_ ? "" : ", ") + string_text(option) + ": ";
    text_ += value;
    first_ = false;
    return *this;
  }
  TextForm& number(std::string_view option, double value) {
    return json(option, number_text(value));
  }
  TextForm& text(std::string_view option, std::string_view value) {
    return json(option, string_text(value));
  }
  [[nodiscard]] std::string str() const { return text_ + "}]"; }

 private:
  std::string text_;
  bool first_ = true;
};

}  // namespace parton::init::detail
