// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/parameter/parameter.hpp>

namespace parton::detail {

/// One initialize() of many parameters, all or nothing: all is decided and drawn before anything is
/// written. Holds the lock of initialization while it lives.
template <class Scalar>
class Initialization {
 public:
  Initialization(init::AnyInitializer<Scalar> rule, const InitializeOptions& options)
      : rule_(std::move(rule)), options_(options), draws_(DrawSource::of(options)) {}

  /// Decides how a parameter of this name and path in the outermost tree is to be filled.
  void add(const std::shared_ptr<Parameter<Scalar>>& parameter, std::string_view name,
           std::string_view path) {
    auto fill = parameter->decide(rule_, FillSource::net_rule, options_, draws_);
    if (!fill) return;
    const random::Generator rng = parameter->generator(draws_, path);
    work_.push_back({parameter, std::move(fill->rule), fill->source, name.size(), rng, {}});
    names_ += name;
  }

  /// Fills what was added, once. \throws InitializerError; nothing has changed then.
  void carry_out() {
    std::string_view names = names_;
    for (Item& item : work_) {
      item.drawn = item.parameter->draw(*item.rule, names.substr(0, item.name_length), item.rng);
      names.remove_prefix(item.name_length);
    }
    for (Item& item : work_)
      item.parameter->commit({std::move(item.rule), item.source, draws_, options_.verbose},
                             std::move(item.drawn));
  }

 private:
  struct Item {
    std::shared_ptr<Parameter<Scalar>> parameter;
    init::AnyInitializer<Scalar> rule;
    FillSource source;
    std::size_t name_length;
    random::Generator rng;
    std::optional<Drawn<Scalar>> drawn;
  };

  const std::lock_guard<std::recursive_mutex> lock_{initialization_mutex()};
  init::AnyInitializer<Scalar> rule_;
  InitializeOptions options_;
  DrawSource draws_;
  std::vector<Item> work_;
  std::string names_;  // one after the other
};

}  // namespace parton::detail
