// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <parton/detail/nearest.hpp>
#include <parton/optim/detail/option.hpp>
#include <parton/parameter/dict.hpp>

namespace parton::optim {

/// What a group has in place of the optimizer's own options; what is left out stays.
struct GroupOptions {
  /// The schedule, if there is one, applies to it as well.
  std::optional<double> learning_rate = {};
  std::optional<double> weight_decay = {};
  std::optional<double> clip_gradient = {};
};

/// Parameters with options of their own: `{".*bias", {.weight_decay = 0}}`. They are selected by a
/// pattern on the full name or by a predicate on the parameter.
template <class Scalar>
struct Group {
  Filter<Scalar> parameters;
  GroupOptions options = {};
};

namespace detail {

/// The names that a pattern may have meant, told by its letters alone.
template <class Scalar>
std::vector<std::string> names_near(std::string_view pattern, const ParameterDict<Scalar>& all) {
  std::string letters;
  for (const char c : pattern)
    if (std::string_view(".*+?^$()[]{}|\\").find(c) == std::string_view::npos) letters += c;
  std::vector<std::string> candidates = all.names();
  for (const auto& [name, parameter] : all)
    if (std::find(candidates.begin(), candidates.end(), parameter.key()) == candidates.end())
      candidates.push_back(parameter.key());
  return parton::detail::nearest_names(letters, candidates);
}

/// The options of each parameter: those of all groups that select it, later ones winning.
/// \throws KeyError for a group that selects nothing, ValueError for an option that is negative or
/// not finite.
template <class Scalar>
std::vector<GroupOptions> options_of(const ParameterDict<Scalar>& parameters,
                                     const std::vector<Group<Scalar>>& groups) {
  std::vector<GroupOptions> result(parameters.size());
  for (std::size_t k = 0; k < groups.size(); ++k) {
    const auto& [selects, options] = groups[k];
    const std::string where = "group " + std::to_string(k + 1) + " of the Trainer";
    const auto take = [](std::optional<double>& to, const std::optional<double>& from) {
      if (from) to = from;
    };
    if (options.learning_rate) not_negative(where, "learning_rate", *options.learning_rate);
    if (options.weight_decay) not_negative(where, "weight_decay", *options.weight_decay);
    if (options.clip_gradient) not_negative(where, "clip_gradient", *options.clip_gradient);
    bool some = false;
    std::size_t i = 0;
    for (const auto& [name, parameter] : parameters) {
      GroupOptions& own = result[i++];
      if (!selects(name, parameter)) continue;
      some = true;
      take(own.learning_rate, options.learning_rate);
      take(own.weight_decay, options.weight_decay);
      take(own.clip_gradient, options.clip_gradient);
    }
    if (!some)
      throw errors::group_selects_nothing(k + 1, selects.pattern(),
                                          names_near(selects.pattern(), parameters));
  }
  return result;
}

}  // namespace detail

}  // namespace parton::optim
