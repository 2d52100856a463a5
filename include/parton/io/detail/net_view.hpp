// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <parton/io/dtype.hpp>
#include <parton/nn/tree.hpp>

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

  [[nodiscard]] Dtype dtype() const { return *find_dtype(&DtypeRow::name, parameter->dtype()); }
};

/// Each parameter once, in the order of the tree, with all its paths from this block on.
inline std::vector<NetEntry> list_net(const parton::detail::TreeNode& node) {
  std::vector<NetEntry> entries;
  std::unordered_map<const ParameterBase*, std::size_t> positions;
  for (auto& listed : node.list_parameters()) {
    positions.emplace(listed.parameter.get(), entries.size());
    entries.push_back({listed.parameter.get(), std::move(listed.path), {}});
  }
  node.walk_occurrences([&](const parton::detail::TreeNode& at, const std::string& path) {
    for (const auto& parameter : at.parameters()) {
      NetEntry& entry = entries[positions.at(parameter.get())];
      std::string name = parton::detail::TreeNode::join(path, parameter->key());
      if (name != entry.path) entry.aliases.push_back(std::move(name));
    }
  });
  return entries;
}

}  // namespace parton::io::detail
