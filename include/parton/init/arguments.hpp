// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/detail/compiled.hpp>
#include <parton/error.hpp>
#include <parton/tensor/tensor.hpp>

namespace parton::init {

/// The options of an initializer that is made from text: what stands in the braces of
/// `["xavier", {"magnitude": 3}]`.
///
/// A registered initializer may have a constructor from it. It asks for each option by name, with
/// the value for one that is not given; an option that it never asks for is then an error.
class Arguments {
 public:
  using Texts = std::vector<std::string>;
  using Tensors = std::vector<std::pair<std::string, Tensor<double>>>;

  /// The value of one option; what it is not stays empty.
  struct Value {
    enum class Kind { number, text, texts, array, arrays } kind = Kind::number;
    double number = 0;
    std::string text = {};
    Texts texts = {};
    Tensor<double> array = {};
    Tensors arrays = {};
  };

  /// `rule` is the initializer's name as written.
  explicit Arguments(std::string rule) : rule_(std::move(rule)) {}

  void set(std::string option, Value value) {
    values_.push_back({std::move(option), std::move(value)});
  }

  [[nodiscard]] const std::string& rule() const noexcept { return rule_; }
  [[nodiscard]] bool has(std::string_view option) const { return find(option) != nullptr; }

  // Each of these throws InitializerError if the option is given and of another kind.

  [[nodiscard]] double number(std::string_view option, double otherwise) const;
  [[nodiscard]] double number(std::string_view option) const;
  [[nodiscard]] bool flag(std::string_view option, bool otherwise) const;
  [[nodiscard]] std::string text(std::string_view option, std::string_view otherwise) const;
  [[nodiscard]] Texts texts(std::string_view option) const;
  /// Nested lists of numbers; a number has rank 0.
  [[nodiscard]] Tensor<double> array(std::string_view option) const;
  [[nodiscard]] Tensors arrays(std::string_view option) const;

  /// \throws InitializerError for an option that nobody has asked for.
  void check_all_asked_for() const;

 private:
  const Value* find(std::string_view option) const;

  const Value& need(std::string_view option) const;

  void check(std::string_view option, const Value& value, Value::Kind kind,
             std::string_view must) const;

  InitializerError wrong(std::string_view option, std::string_view must,
                         std::string_view found) const;

  std::string rule_;
  std::vector<std::pair<std::string, Value>> values_;
  mutable std::vector<std::string> asked_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE double Arguments::number(std::string_view option, double otherwise) const {
  return find(option) ? number(option) : otherwise;
}

PARTON_DETAIL_INLINE double Arguments::number(std::string_view option) const {
  const Value& value = need(option);
  if (value.text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (value.text == "Infinity") return std::numeric_limits<double>::infinity();
  if (value.text == "-Infinity") return -std::numeric_limits<double>::infinity();
  check(option, value, Value::Kind::number, "a number");
  return value.number;
}

PARTON_DETAIL_INLINE bool Arguments::flag(std::string_view option, bool otherwise) const {
  const double value = number(option, otherwise ? 1 : 0);
  if (value != 0 && value != 1) throw wrong(option, "true or false", "another number");
  return value == 1;
}

PARTON_DETAIL_INLINE std::string Arguments::text(std::string_view option,
                                                 std::string_view otherwise) const {
  const Value* value = find(option);
  if (!value) return std::string(otherwise);
  check(option, *value, Value::Kind::text, "a text");
  return value->text;
}

PARTON_DETAIL_INLINE Arguments::Texts Arguments::texts(std::string_view option) const {
  const Value& value = need(option);
  // `[]` says nothing of its kind.
  if (value.kind == Value::Kind::array && value.array.size() == 0) return {};
  check(option, value, Value::Kind::texts, "a list of texts");
  return value.texts;
}

PARTON_DETAIL_INLINE Tensor<double> Arguments::array(std::string_view option) const {
  const Value& value = need(option);
  if (value.kind == Value::Kind::array) return value.array;
  return Tensor<double>::full({}, number(option));
}

PARTON_DETAIL_INLINE Arguments::Tensors Arguments::arrays(std::string_view option) const {
  const Value& value = need(option);
  check(option, value, Value::Kind::arrays, "an object of arrays");
  return value.arrays;
}

PARTON_DETAIL_INLINE void Arguments::check_all_asked_for() const {
  for (const auto& [option, value] : values_)
    if (std::find(asked_.begin(), asked_.end(), option) == asked_.end())
      throw errors::unknown_initializer_option(rule_, option, asked_);
}

PARTON_DETAIL_INLINE const Arguments::Value* Arguments::find(std::string_view option) const {
  if (std::find(asked_.begin(), asked_.end(), option) == asked_.end()) asked_.emplace_back(option);
  for (const auto& [name, value] : values_)
    if (name == option) return &value;
  return nullptr;
}

PARTON_DETAIL_INLINE const Arguments::Value& Arguments::need(std::string_view option) const {
  if (const Value* value = find(option)) return *value;
  throw errors::missing_initializer_option(option);
}

PARTON_DETAIL_INLINE void Arguments::check(std::string_view option, const Value& value,
                                           Value::Kind kind, std::string_view must) const {
  constexpr std::string_view kinds[] = {"a number", "a text", "a list of texts",
                                        "an array of numbers", "an object"};
  if (value.kind != kind) throw wrong(option, must, kinds[static_cast<std::size_t>(value.kind)]);
}

PARTON_DETAIL_INLINE InitializerError Arguments::wrong(std::string_view option,
                                                       std::string_view must,
                                                       std::string_view found) const {
  return errors::initializer_option(rule_, option, must, found);
}

#endif

}  // namespace parton::init
