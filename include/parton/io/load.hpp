// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <parton/autograd/mode.hpp>
#include <parton/io/detail/planner.hpp>
#include <parton/io/detail/self_check.hpp>
#include <parton/io/open.hpp>
#include <parton/nn/block.hpp>
#include <parton/nn/clone.hpp>

namespace parton::io {

/// What load() and plan_load() may be told.
template <class Scalar = float>
struct LoadOptions {
  /// Applied in order to the names in the file; what comes out is a path of the net.
  std::vector<Rename> rename = {};
  /// Which parameters: a pattern on any of their paths, or a predicate. Others keep what they have.
  Filter<Scalar> select = {};
  /// Of which parameters the file has the transpose: a pattern on their paths, or a predicate.
  std::optional<Filter<Scalar>> transpose = std::nullopt;
  /// Which dtypes are taken; by default those that lose nothing.
  DtypeRule dtype = DtypeRule::widen;
  /// Parameters that the file does not have keep what they have; it must have one of them.
  bool allow_missing = false;
  /// Tensors that the net has no place for are passed over.
  bool ignore_extra = false;
  /// Checks the fingerprints and the probe that save() put into the file. A probe is run through a
  /// clone of the net.
  bool verify = false;
  /// How far an output y of the probe may be off: by tolerance (1 + |y|).
  double tolerance = 1e-5;
};

namespace detail {

template <class Scalar>
std::vector<NetEntry> list_for_load(const nn::Block<Scalar>& net,
                                    const LoadOptions<Scalar>& options) {
  std::vector<NetEntry> entries = list_net(net.node());
  const std::vector<bool> selected = find_meant(entries, "select", options.select);
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i].selected = selected[i];
  if (options.transpose) {
    const std::vector<bool> turned = find_meant(entries, "transpose", *options.transpose);
    for (std::size_t i = 0; i < entries.size(); ++i) entries[i].transpose = turned[i];
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
  // What is allowed and ignored altogether is a misspelt rule, or another file.
  if (result.ok() && result.matched.empty() && !result.missing.empty())
    result.conflicts.push_back(
        "nothing would be loaded: none of the file's tensors has the name of a parameter of the "
        "net" +
        std::string(options.rename.empty() ? "" : " after the rules of renaming"));
  return result;
}

/// Runs the probe of a file through a clone of the net that has loaded it.
template <class Scalar>
void run_probe(const nn::Block<Scalar>& net, const File& file, const LoadPlan& plan,
               const std::string& input_text, const std::string& output_text, double tolerance);

template <class Scalar>
void verify(const nn::Block<Scalar>& net, const File& file, const LoadPlan& plan,
            const LoadOptions<Scalar>& options) {
  std::string wrong;
  std::size_t checked = 0;
  for (const LoadPlan::Match& match : plan.matched)
    wrong += check_fingerprint(file, file.info(match.tensor), match.path, checked);
  if (!wrong.empty()) throw errors::damaged(file.path(), wrong);
  const auto input = file.metadata().find(probe_input_key);
  const auto output = file.metadata().find(probe_output_key);
  if (input != file.metadata().end() && output != file.metadata().end())
    run_probe(net, file, plan, input->second, output->second, options.tolerance);
  else if (checked == 0)
    throw errors::nothing_to_verify(file.path());
}

/// What a load is about to give to each parameter.
template <class Scalar>
using Loads = std::vector<std::pair<Parameter<Scalar>*, typename Parameter<Scalar>::Load>>;

/// Reads all that a plan matched; whoever calls it holds the initialization_mutex().
template <class Scalar>
Loads<Scalar> prepare_loads(const File& file, const std::vector<NetEntry>& net,
                            const LoadPlan& plan) {
  std::unordered_map<std::string_view, Parameter<Scalar>*> parameters;
  for (const NetEntry& entry : net)
    parameters.emplace(entry.path, static_cast<Parameter<Scalar>*>(entry.parameter));
  Loads<Scalar> loads;
  loads.reserve(plan.matched.size());
  for (const LoadPlan::Match& match : plan.matched) {
    Parameter<Scalar>* const parameter = parameters.at(match.path);
    loads.emplace_back(parameter, parameter->prepare_load(file.template read<Scalar>(
                                      file.info(match.tensor), match.transposed)));
  }
  return loads;
}

template <class Scalar>
void commit_loads(Loads<Scalar> loads) noexcept {
  for (auto& [parameter, values] : loads) parameter->commit_load(std::move(values));
}

}  // namespace detail

/// What load() would do with this file, or what stands in its way; changes nothing.
/// \throws FileError, FormatError, PatternError, KeyError if `select` or `transpose` select nothing
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
/// found under any of its paths; and each under its full name, `dense0_weight`, too. Of a
/// checkpoint the parameters are taken, and the rest is passed over. \throws LoadError that lists
/// everything in the way: what is missing, with the nearest names, extra, of another shape or
/// dtype, and ties that contradict the file; or, with `verify`, the parameters whose bytes changed.
/// \throws FileError, FormatError, PatternError, MemoryError; KeyError if `select` or `transpose`
/// select nothing; ValueError for a number that the net can only hold as infinity; CloneError if a
/// probe is to be run and the net cannot be cloned
template <class Scalar>
LoadPlan load(nn::Block<Scalar>& net, const std::string& path,
              const std::type_identity_t<LoadOptions<Scalar>>& options = {}) {
  const File file = open(path);
  const std::vector<detail::NetEntry> entries = detail::list_for_load(net, options);
  LoadPlan plan = detail::plan(file, entries, options);
  if (!plan.ok()) throw errors::load_does_not_fit(path, plan.problems());
  if (options.verify) detail::verify(net, file, plan, options);
  const std::lock_guard lock(parton::detail::initialization_mutex());
  detail::commit_loads<Scalar>(detail::prepare_loads<Scalar>(file, entries, plan));
  return plan;
}

template <class Scalar>
void detail::run_probe(const nn::Block<Scalar>& net, const File& file, const LoadPlan& plan,
                       const std::string& input_text, const std::string& output_text,
                       double tolerance) {
  const auto input = tensor_of_text<Scalar>(file.path(), probe_input_key, input_text);
  const auto expected = tensor_of_text<double>(file.path(), probe_output_key, output_text);
  // Rows without a value cost the file nothing, and an output of as many rows all memory.
  if (input.size() == 0)
    throw errors::bad_field({file.path(), {}, 0}, probe_input_key, "of a shape with values");
  const std::shared_ptr<nn::Block<Scalar>> copy = net.clone();
  {
    // The file of this name may be another one by now.
    const std::vector<NetEntry> entries = list_net(copy->node());
    const std::lock_guard lock(parton::detail::initialization_mutex());
    commit_loads<Scalar>(prepare_loads<Scalar>(file, entries, plan));
  }
  const autograd::Pause pause;
  const autograd::PredictMode predict;
  const Tensor<double> found = (*copy)(input).template cast<double>();
  if (!(found.shape() == expected.shape()))
    throw errors::probe_differs(file.path(), "has the shape " + found.shape().to_string() +
                                                 ", not " + expected.shape().to_string());
  for (Index i = 0; i < found.size(); ++i) {
    const double y = expected.data()[i], off = std::abs(found.data()[i] - y);
    // Written so that NaN, other than where it was, is found.
    if (off <= tolerance * (1 + std::abs(y)) || found.data()[i] == y ||
        (std::isnan(y) && std::isnan(found.data()[i])))
      continue;
    throw errors::probe_differs(file.path(), "has " + errors::shown(found.data()[i]) + ", not " +
                                                 errors::shown(y) + ", as element " +
                                                 std::to_string(i));
  }
}

}  // namespace parton::io
