// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <memory>
#include <regex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton/detail/pattern.hpp>
#include <parton/init/registry.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

/// Chooses an initializer by the parameter's name: the first whose pattern matches.
///
///     init::Mixed({{".*bias", init::Zero()}, {".*", init::Uniform(0.1)}})
///
/// A pattern must match from the start of the full name, its end is open. Each initializer is
/// anything that initialize() takes. A parameter's own initializer still beats all of them. Source:
/// Gluon's Mixed.
template <class Scalar = float>
class Mixed : public detail::BuiltIn<Mixed, Scalar> {
 public:
  using Entry = std::pair<std::string, AnyInitializer<Scalar>>;

  /// \throws PatternError for a bad pattern, InitializerError for an empty initializer.
  explicit Mixed(const std::vector<std::pair<std::string, AnyInitializer<Scalar>>>& entries) {
    for (const auto& [pattern, rule] : entries) add(pattern, rule);
  }
  Mixed(std::initializer_list<std::pair<std::string, AnyInitializer<Scalar>>> entries) {
    for (const auto& [pattern, rule] : entries) add(pattern, rule);
  }

  explicit Mixed(const Arguments& arguments) {
    const auto patterns = arguments.texts("patterns"), rules = arguments.texts("initializers");
    if (patterns.size() != rules.size())
      throw errors::initializer_option("Mixed", "initializers",
                                       "one for each of " + std::to_string(patterns.size()) + " patterns",
                                       std::to_string(rules.size()));
    for (std::size_t i = 0; i < patterns.size(); ++i)
      add(patterns[i], AnyInitializer<Scalar>(rules[i]));
  }

  template <class Other>
  Mixed(const Mixed<Other>& other) {  // NOLINT: implicit on purpose
    for (const auto& item : other.items_)
      items_.push_back({item.text, item.pattern, item.rule.template cast<Scalar>()});
  }

  /// \throws InitializerError if no pattern matches.
  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const override {
    for (const Item& item : items_)
      if (parton::detail::matches(*item.pattern, name))
        return item.rule->init_weight(name, data, rng);
    std::vector<std::string> patterns;
    for (const Item& item : items_) patterns.push_back(item.text);
    throw errors::no_rule_for_parameter(name, patterns);
  }

  [[nodiscard]] std::string dump() const override {
    std::string patterns, rules;
    for (const Item& item : items_) {
      const char* comma = &item == &items_.front() ? "" : ", ";
      (patterns += comma) += detail::string_text(item.text);
      (rules += comma) += item.rule->dump();
    }
    return detail::TextForm("mixed")
        .json("patterns", "[" + patterns + "]")
        .json("initializers", "[" + rules + "]")
        .str();
  }

 private:
  template <class>
  friend class Mixed;

  struct Item {
    std::string text;
    std::shared_ptr<const std::regex> pattern;
    AnyInitializer<Scalar> rule;
  };

  void add(const std::string& pattern, const AnyInitializer<Scalar>& rule) {
    if (!rule)
      throw errors::initializer_option("Mixed", "the initializer for " + errors::quoted(pattern),
                                       "an initializer", "empty");
    items_.push_back(
        {pattern, std::make_shared<const std::regex>(parton::detail::compile_pattern(pattern)), rule});
  }

  std::vector<Item> items_;
};

namespace detail {

inline const bool mixed_registered = register_built_in<Mixed<double>>({"mixed"});

}  // namespace detail

}  // namespace parton::init
