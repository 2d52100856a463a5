// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

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
  using Tensors = std::map<std::string, Tensor<double>>;
  using Value = std::variant<double, std::string, Texts, Tensor<double>, Tensors>;

  /// `rule` is the initializer's name as written.
  explicit Arguments(std::string rule) : rule_(std::move(rule)) {}

  void set(const std::string& option, Value value) {
    values_.insert_or_assign(option, std::move(value));
  }

  [[nodiscard]] const std::string& rule() const noexcept { return rule_; }
  [[nodiscard]] bool has(std::string_view option) const { return find(option) != nullptr; }

  // Each of these throws InitializerError if the option is given and of another kind.

  [[nodiscard]] double number(std::string_view option, double otherwise) const {
    const Value* value = find(option);
    return value ? number(option, *value) : otherwise;
  }
  [[nodiscard]] double number(std::string_view option) const { return number(option, need(option)); }
  [[nodiscard]] bool flag(std::string_view option, bool otherwise) const {
    const double value = number(option, otherwise ? 1 : 0);
    if (value != 0 && value != 1) throw wrong(option, "true or false");
    return value == 1;
  }
  [[nodiscard]] std::string text(std::string_view option, std::string_view otherwise) const {
    const Value* value = find(option);
    return value ? get<std::string>(option, *value, "a text") : std::string(otherwise);
  }
  [[nodiscard]] Texts texts(std::string_view option) const {
    const Value& value = need(option);
    const auto* numbers = std::get_if<Tensor<double>>(&value);
    if (numbers && numbers->size() == 0) return {};  // `[]` says nothing of its kind
    return get<Texts>(option, value, "a list of texts");
  }
  /// Nested lists of numbers; a number has rank 0.
  [[nodiscard]] Tensor<double> array(std::string_view option) const {
    const Value& value = need(option);
    if (const auto* single = std::get_if<double>(&value)) return Tensor<double>::full({}, *single);
    return get<Tensor<double>>(option, value, "a number or an array of numbers");
  }
  [[nodiscard]] Tensors arrays(std::string_view option) const {
    return get<Tensors>(option, need(option), "an object of arrays");
  }

  /// \throws InitializerError for an option that nobody has asked for.
  void check_all_asked_for() const {
    for (const auto& [option, value] : values_)
      if (!asked_.contains(option))
        throw errors::unknown_initializer_option(rule_, option, {asked_.begin(), asked_.end()});
  }

 private:
  const Value* find(std::string_view option) const {
    const auto found = values_.find(*asked_.emplace(option).first);
    return found == values_.end() ? nullptr : &found->second;
  }

  const Value& need(std::string_view option) const {
    if (const Value* value = find(option)) return *value;
    throw errors::missing_initializer_option(option);
  }

  double number(std::string_view option, const Value& value) const {
    if (const auto* text = std::get_if<std::string>(&value)) {
      if (*text == "NaN") return std::numeric_limits<double>::quiet_NaN();
      if (*text == "Infinity") return std::numeric_limits<double>::infinity();
      if (*text == "-Infinity") return -std::numeric_limits<double>::infinity();
    }
    return get<double>(option, value, "a number");
  }

  template <class Kind>
  const Kind& get(std::string_view option, const Value& value, std::string_view must) const {
    if (const auto* kind = std::get_if<Kind>(&value)) return *kind;
    throw wrong(option, must);
  }

  InitializerError wrong(std::string_view option, std::string_view must) const {
    constexpr std::string_view kinds[] = {"this number", "a text", "a list of texts",
                                          "an array of numbers", "an object"};
    return errors::initializer_option(rule_, option, must, kinds[find(option)->index()]);
  }

  std::string rule_;
  std::map<std::string, Value> values_;
  mutable std::set<std::string> asked_;
};

}  // namespace parton::init
