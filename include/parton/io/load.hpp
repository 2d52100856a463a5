// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <parton/io/detail/planner.hpp>
#include <parton/io/open.hpp>
#include <parton/nn/block.hpp>

namespace parton::io {

/// What load() and plan_load() may be told.
template <class Scalar = float>
struct LoadOptions {
  /// Applied in order to the names in the file; what comes out is a path of the net.
  std::vector<Rename> rename = {};
  /// Which parameters: a pattern on their paths, or a predicate. Others keep what they have.
  Filter<Scalar> select = {};
  /// Of which parameters the file has the transpose: a pattern on their paths, or a predicate.
  std::optional<Filter<Scalar>> transpose = std::nullopt;
  /// Which dtypes are taken; by default those that lose nothing.
  DtypeRule dtype = DtypeRule::widen;
  /// Parameters that the file does not have keep what they have.
  bool allow_missing = false;
  /// Tensors that the net has no place for are passed over.
  bool ignore_extra = false;
};

namespace detail {

template <class Scalar>
std::vector<NetEntry> list_for_load(const nn::Block<Scalar>& net,
                                    const LoadOptions<Scalar>& options) {
  std::vector<NetEntry> entries = list_net(net.node());
  for (NetEntry& entry : entries) {
    const auto& parameter = static_cast<const Parameter<Scalar>&>(*entry.parameter);
    entry.selected = options.select(entry.path, parameter);
    entry.transpose = options.transpose && (*options.transpose)(entry.path, parameter);
  }
  return entries;
}

template <class Scalar>
LoadPlan plan(const File& file, const std::vector<NetEntry>& net,
              const LoadOptions<Scalar>& options) {
  const Renamer rename(options.rename);
  LoadPlan result = Planner(file, net, rename, options.dtype).plan();
  result.allow_missing = options.allow_missing;
  result.ignore_extra = options.ignore_extra;
  return result;
}

}  // namespace detail

/// What load() would do with this file, or what stands in its way; changes nothing.
/// \throws FileError, FormatError, PatternError
template <class Scalar>
[[nodiscard]] LoadPlan plan_load(const nn::Block<Scalar>& net, const std::string& path,
                                 const std::type_identity_t<LoadOptions<Scalar>>& options = {}) {
  return detail::plan(open(path), detail::list_for_load(net, options), options);
}

/// Loads a net's parameters by their paths from what open() reads, and returns what it did. Shapes
/// that are still unknown are taken from the file: no initialize() is needed.
///
/// All or nothing: everything is checked and read first, and a load that fails, for whatever
/// reason, leaves every bit of the net as it was. A parameter that stands in several places is
/// found under any of its paths; and each under its full name, `dense0_weight`, too.
/// \throws LoadError that lists everything in the way: what is missing, with the nearest names,
/// extra, of another shape or dtype, and ties that contradict the file. \throws FileError,
/// FormatError, PatternError, MemoryError
template <class Scalar>
LoadPlan load(nn::Block<Scalar>& net, const std::string& path,
              const std::type_identity_t<LoadOptions<Scalar>>& options = {}) {
  const File file = open(path);
  const std::vector<detail::NetEntry> entries = detail::list_for_load(net, options);
  LoadPlan plan = detail::plan(file, entries, options);
  if (!plan.ok()) throw errors::load_does_not_fit(path, plan.problems());

  std::unordered_map<std::string_view, Parameter<Scalar>*> parameters;
  for (const auto& entry : entries)
    parameters.emplace(entry.path, static_cast<Parameter<Scalar>*>(entry.parameter));
  using Work = std::pair<Parameter<Scalar>*, typename Parameter<Scalar>::Load>;
  std::vector<Work> work;
  work.reserve(plan.matched.size());
  const std::lock_guard lock(parton::detail::initialization_mutex());
  for (const LoadPlan::Match& match : plan.matched) {
    Parameter<Scalar>* const parameter = parameters.at(match.path);
    work.emplace_back(parameter, parameter->prepare_load(file.template read<Scalar>(
                                     file.info(match.tensor), match.transposed)));
  }
  for (auto& [parameter, values] : work) parameter->commit_load(std::move(values));
  return plan;
}

}  // namespace parton::io
