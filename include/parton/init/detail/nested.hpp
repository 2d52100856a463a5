// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <parton/init/detail/registry.hpp>
#include <parton/init/text_form.hpp>

/// \file Initializers inside another one (Mixed, Load), whatever their scalar.

namespace parton::init::detail {

/// A custom initializer as a rule: at home in its own scalar, converted for others.
template <class Scalar>
class CustomRule final : public Rule {
 public:
  explicit CustomRule(AnyInitializer<Scalar> custom) : custom_(std::move(custom)) {}

  void fill(std::string_view name, Target& target, random::Generator& rng) const override {
    if (target.kind() == kind_of<Scalar>()) return target.fill_by(&*custom_, name, rng);
    Tensor<Scalar> own = Tensor<Scalar>::zeros(target.shape());
    custom_->init_weight(name, own, rng);
    target.assign(ValuesOf<Scalar>(own));
  }
  [[nodiscard]] std::string dump() const override { return custom_->dump(); }

 private:
  AnyInitializer<Scalar> custom_;
};

/// A custom initializer by its registered name: which one it is depends on the net's scalar.
template <class Void = void>
class NamedRule final : public Rule {
 public:
  explicit NamedRule(std::string_view text) : text_(text) {}

  void fill(std::string_view name, Target& target, random::Generator& rng) const override {
    const auto [kind, made] = registry<Void>().make(text_, target.kind(), target.dtype());
    target.fill_by(made.get(), name, rng);
  }
  [[nodiscard]] std::string dump() const override {
    return text_[0] == '[' || text_[0] == '"' ? text_ : "[" + string_text(text_) + ", {}]";
  }

 private:
  std::string text_;
};

/// Null for an empty one.
template <class Scalar>
RulePointer nested(const AnyInitializer<Scalar>& given) {
  if (!given) return nullptr;
  if (auto rule = given->rule()) return rule;
  return make_rule<CustomRule<Scalar>>(given);
}

/// \throws InitializerError if the name is not known.
template <class Void = void>
RulePointer nested_by_name(std::string_view text) {
  if (registry<Void>().is_custom(text)) return make_rule<NamedRule<Void>>(text);
  return std::static_pointer_cast<const Rule>(
      registry<Void>().make(text, Kind::built_in, "").second);
}

}  // namespace parton::init::detail
