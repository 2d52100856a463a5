// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/detail/compiled.hpp>
#include <parton/detail/name_pattern.hpp>
#include <parton/init/arguments.hpp>
#include <parton/init/detail/nested.hpp>

namespace parton::init {

namespace detail {

class MixedRule final : public Rule {
 public:
  MixedRule() = default;
  template <std::same_as<Arguments> Given>
  explicit MixedRule(const Given& arguments) {
    const auto patterns = arguments.texts("patterns"), rules = arguments.texts("initializers");
    if (patterns.size() != rules.size())
      throw errors::initializer_option(
          "Mixed", "initializers", "as many as the patterns, " + std::to_string(patterns.size()),
          std::to_string(rules.size()));
    for (std::size_t i = 0; i < patterns.size(); ++i) add(patterns[i], nested_by_name<>(rules[i]));
  }

  void add(const std::string& pattern, RulePointer rule) {
    if (!rule)
      throw errors::initializer_option("Mixed", "the initializer for " + errors::in_quotes(pattern),
                                       "an initializer", "empty");
    items_.push_back({pattern, make_name_pattern(pattern), std::move(rule)});
  }

  void fill(std::string_view name, Target& target, random::Generator& rng) const override;

  [[nodiscard]] std::string dump() const override;

 private:
  struct Item {
    std::string pattern;
    std::shared_ptr<const NamePattern> compiled;
    RulePointer rule;
  };

  std::vector<Item> items_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void MixedRule::fill(std::string_view name, Target& target,
                                          random::Generator& rng) const {
  std::vector<std::string> patterns;
  for (const Item& item : items_) {
    if (matches(*item.compiled, name)) return item.rule->fill(name, target, rng);
    patterns.push_back(item.pattern);
  }
  throw errors::no_rule_for_parameter(name, patterns);
}

PARTON_DETAIL_INLINE std::string MixedRule::dump() const {
  std::string patterns, rules;
  for (const Item& item : items_) {
    const char* comma = &item == items_.data() ? "" : ", ";
    (patterns += comma) += string_text(item.pattern);
    (rules += comma) += item.rule->dump();
  }
  return TextForm("mixed")
      .json("patterns", "[" + patterns + "]")
      .json("initializers", "[" + rules + "]")
      .str();
}

#endif

}  // namespace detail

/// Chooses an initializer by the parameter's name: the first whose pattern matches.
///
///     init::Mixed({{".*bias", init::Zero()}, {".*", init::Uniform(0.1)}})
///
/// A pattern must match from the start of the full name, its end is open; a parameter that none
/// matches is an InitializerError. Each initializer is anything that initialize() takes. A
/// parameter's own initializer still beats all of them. Source: Gluon's Mixed.
template <class Scalar = float>
class Mixed : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  /// \throws PatternError for a bad pattern, InitializerError for an empty initializer.
  Mixed(std::initializer_list<std::pair<std::string, AnyInitializer<Scalar>>> entries)
      : Base(make(entries)) {}
  explicit Mixed(const std::vector<std::pair<std::string, AnyInitializer<Scalar>>>& entries)
      : Base(make(entries)) {}
  template <class Other>
  Mixed(const Mixed<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose

 private:
  template <class Entries>
  static detail::RulePointer make(const Entries& entries) {
    auto rule = std::make_shared<detail::MixedRule>();
    for (const auto& [pattern, initializer] : entries)
      rule->add(pattern, detail::nested(initializer));
    return rule;
  }
};

}  // namespace parton::init
