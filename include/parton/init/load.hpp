// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton/detail/compiled.hpp>
#include <parton/detail/nearest.hpp>
#include <parton/init/arguments.hpp>
#include <parton/init/detail/nested.hpp>

namespace parton::init {

namespace detail {

class LoadRule final : public Rule {
 public:
  LoadRule(std::map<std::string, GivenPointer> values, RulePointer otherwise)
      : values_(std::move(values)), otherwise_(std::move(otherwise)) {}
  template <std::same_as<Arguments> Given>
  explicit LoadRule(const Given& arguments) {
    for (const auto& [name, value] : arguments.arrays("params"))
      values_.emplace(name, given(value));
    if (arguments.has("default_init"))
      otherwise_ = nested_by_name<>(arguments.text("default_init", ""));
  }

  void fill(std::string_view name, Target& target, random::Generator& rng) const override;

  /// Holds all the values.
  [[nodiscard]] std::string dump() const override;

 private:
  std::map<std::string, GivenPointer> values_;
  RulePointer otherwise_;
};

#if PARTON_DETAIL_BODIES

PARTON_DETAIL_INLINE void LoadRule::fill(std::string_view name, Target& target,
                                         random::Generator& rng) const {
  if (const auto found = values_.find(std::string(name)); found != values_.end()) {
    const Shape& shape = found->second->shape();
    if (!(shape == target.shape()))
      throw errors::initializer_shape("Load", name, target.shape().to_string(),
                                      "the shape " + shape.to_string() + " of its value");
    target.assign(*found->second);
  } else if (otherwise_) {
    otherwise_->fill(name, target, rng);
  } else {
    std::vector<std::string> names;
    for (const auto& item : values_) names.push_back(item.first);
    throw errors::no_value_for_parameter(name, nearest_names(name, names));
  }
}

PARTON_DETAIL_INLINE std::string LoadRule::dump() const {
  std::string params;
  for (const auto& [name, value] : values_)
    params += (params.empty() ? "" : ", ") + string_text(name) + ": " + array_text(*value);
  TextForm form("load");
  form.json("params", "{" + params + "}");
  if (otherwise_) form.json("default_init", otherwise_->dump());
  return form.str();
}

#endif

}  // namespace detail

/// Fills each parameter with the tensor that has its full name, and others by a default
/// initializer.
///
///     init::Load({{"dense0_weight", w}, {"dense1_weight", v}}, init::Xavier())
///
/// The tensors are shared, not copied: what they hold when the parameter is filled counts. A value
/// of another shape than the parameter's, and a parameter without value and default, are an
/// InitializerError. A parameter's own initializer still beats it, unless override_own is set.
/// Source: Gluon's Load.
template <class Scalar = float>
class Load : public detail::BuiltIn<Scalar> {
  using Base = detail::BuiltIn<Scalar>;

 public:
  explicit Load(const std::map<std::string, Tensor<Scalar>>& values,
                const std::type_identity_t<AnyInitializer<Scalar>>& otherwise = {})
      : Base(detail::make_rule<detail::LoadRule>(given(values), detail::nested(otherwise))) {}
  template <class Other>
  Load(const Load<Other>& other) : Base(other.rule()) {}  // NOLINT: implicit on purpose

 private:
  static std::map<std::string, detail::GivenPointer> given(
      const std::map<std::string, Tensor<Scalar>>& values) {
    std::map<std::string, detail::GivenPointer> result;
    for (const auto& [name, value] : values) result.emplace(name, detail::given(value));
    return result;
  }
};

}  // namespace parton::init
