// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <parton/io/dtype.hpp>
#include <parton/nn/tree.hpp>
#include <parton/parameter/filter.hpp>
#include <parton/parameter/parameter.hpp>

namespace parton::io::detail {

/// A parameter of a net, as files see it.
struct NetEntry {
  ParameterBase* parameter = nullptr;
  /// Where it stands first, which is its name in files.
  std::string path;
  /// Where else it stands: ties. For each block that holds it, the first
  /// TreeNode::max_occurrences places.
  std::vector<std::string> aliases;
  bool selected = true;
  bool transpose = false;

  /// Whether a pattern matches any of its paths, or a predicate is true for it.
  template <class Scalar>
  [[nodiscard]] bool is_meant(const Filter<Scalar>& filter) const {
    const auto& typed = static_cast<const Parameter<Scalar>&>(*parameter);
    return filter(path, typed) ||
           (!filter.pattern().empty() &&
            std::any_of(aliases.begin(), aliases.end(),
                        [&](const std::string& alias) { return filter(alias, typed); }));
  }

  [[nodiscard]] Dtype dtype() const { return *find_dtype(&DtypeRow::name, parameter->dtype()); }
};

/// Each parameter once, in the order of the tree, with all its paths from this block on.
inline std::vector<NetEntry> list_net(const parton::detail::TreeNode& node) {
  std::vector<NetEntry> entries;
  std::unordered_map<const ParameterBase*, std::size_t> positions;
  node.visit_parameters([&](std::string_view path, const auto& parameter) {
    positions.emplace(parameter.get(), entries.size());
    entries.push_back({parameter.get(), std::string(path), {}});
  });
  node.walk_occurrences([&](const parton::detail::TreeNode& at, const std::string& path) {
    for (const auto& parameter : at.parameters()) {
      NetEntry& entry = entries[positions.at(parameter.get())];
      std::string name = parton::detail::TreeNode::join(path, parameter->key());
      if (name != entry.path) entry.aliases.push_back(std::move(name));
    }
  });
  return entries;
}

/// The parameters of a net that a filter selects. \throws KeyError if there are none, though the
/// net has parameters.
template <class Scalar>
std::vector<bool> find_meant(const std::vector<NetEntry>& net, const std::string& option,
                             const Filter<Scalar>& filter) {
  std::vector<bool> meant;
  for (const NetEntry& entry : net) meant.push_back(entry.is_meant(filter));
  if (net.empty() || std::find(meant.begin(), meant.end(), true) != meant.end()) return meant;
  std::vector<std::string> paths;
  for (const NetEntry& entry : net) paths.push_back(entry.path);
  throw errors::option_selects_nothing(option, filter.pattern(), paths);
}

}  // namespace parton::io::detail
