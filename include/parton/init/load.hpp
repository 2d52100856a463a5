// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton/detail/nearest.hpp>
#include <parton/init/registry.hpp>
#include <parton/init/text_form.hpp>

namespace parton::init {

/// Fills each parameter with the tensor that has its full name, and others by a default initializer.
///
///     init::Load({{"dense0_weight", w}, {"dense1_weight", v}}, init::Xavier())
///
/// The tensors are shared, not copied: what they hold when the parameter is filled counts. A
/// parameter's own initializer still beats it, unless override_own is set. Source: Gluon's Load.
template <class Scalar = float>
class Load : public detail::BuiltIn<Load, Scalar> {
 public:
  explicit Load(std::map<std::string, Tensor<Scalar>> values,
                std::type_identity_t<AnyInitializer<Scalar>> otherwise = {})
      : values_(std::move(values)), otherwise_(std::move(otherwise)) {}

  explicit Load(const Arguments& arguments) {
    for (const auto& [name, value] : arguments.arrays("params"))
      values_.emplace(name, value.template cast<Scalar>());
    if (arguments.has("default_init"))
      otherwise_ = AnyInitializer<Scalar>(arguments.text("default_init", ""));
  }

  template <class Other>
  Load(const Load<Other>& other)  // NOLINT: implicit on purpose
      : otherwise_(other.otherwise_.template cast<Scalar>()) {
    for (const auto& [name, value] : other.values_)
      values_.emplace(name, value.template cast<Scalar>());
  }

  /// \throws InitializerError if the shapes differ, or there is neither a value nor a default.
  void init_weight(std::string_view name, Tensor<Scalar>& data,
                   random::Generator& rng) const override {
    if (const auto found = values_.find(std::string(name)); found != values_.end()) {
      const Tensor<Scalar>& value = found->second;
      if (!(value.shape() == data.shape()))
        throw errors::initializer_shape("Load", name, data.shape().to_string(),
                                        "the shape " + value.shape().to_string() + " of its value");
      data.assign(value);
    } else if (otherwise_) {
      otherwise_->init_weight(name, data, rng);
    } else {
      std::vector<std::string> names;
      for (const auto& item : values_) names.push_back(item.first);
      throw errors::no_value_for_parameter(name, parton::detail::nearest_names(name, names));
    }
  }

  /// Holds all the values.
  [[nodiscard]] std::string dump() const override {
    std::string params;
    for (const auto& [name, value] : values_)
      params += (params.empty() ? "" : ", ") + detail::string_text(name) + ": " + detail::array_text(value);
    detail::TextForm form("load");
    form.json("params", "{" + params + "}");
    if (otherwise_) form.json("default_init", otherwise_->dump());
    return form.str();
  }

 private:
  template <class>
  friend class Load;

  std::map<std::string, Tensor<Scalar>> values_;
  AnyInitializer<Scalar> otherwise_;
};

namespace detail {

inline const bool load_registered = register_built_in<Load<double>>({"load"});

}  // namespace detail

}  // namespace parton::init
