// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <parton/detail/compiled.hpp>
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
std::string string_text(std::string_view text);

template <class Scalar>
class ValuesOf final : public GivenValues {
 public:
  explicit ValuesOf(Tensor<Scalar> values) : values_(std::move(values)) {}
  [[nodiscard]] const Shape& shape() const override { return values_.shape(); }
  [[nodiscard]] Kind kind() const override { return kind_of<Scalar>(); }
  [[nodiscard]] const void* tensor() const override { return &values_; }
  [[nodiscard]] double at(Index position) const override {
    return parton::detail::convert<double>(values_.data()[position]);
  }
  [[nodiscard]] std::string text(Index position) const override {
    using Wide = parton::detail::Wide<Scalar>;
    return number_text(parton::detail::convert<Wide>(values_.data()[position]));
  }

 private:
  Tensor<Scalar> values_;
};

template <class Scalar>
GivenPointer given(Tensor<Scalar> values) {
  const GivenValues* made = new ValuesOf<Scalar>(std::move(values));
  return GivenPointer(made);
}

/// The values as nested lists: those from `first` on, below the first `axis` axes.
std::string array_text(const GivenValues& values, std::size_t axis = 0, Index first = 0);

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

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE std::string string_text(std::string_view text) {
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

PARTON_DETAIL_INLINE std::string array_text(const GivenValues& values, std::size_t axis,
                                            Index first) {
  const Shape& shape = values.shape();
  if (axis == shape.rank()) return values.text(first);
  std::string result = "[";
  for (Index i = 0; i < shape.dims()[axis]; ++i)
    (result += i > 0 ? ", " : "") +=
        array_text(values, axis + 1, first + i * shape.product(axis + 1));
  return result += ']';
}

#endif

}  // namespace parton::init::detail
