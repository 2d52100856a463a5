// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <parton/autograd/mode.hpp>
#include <parton/io/detail/net_view.hpp>
#include <parton/io/detail/self_check.hpp>
#include <parton/io/open.hpp>
#include <parton/nn/block.hpp>

namespace parton::io {

/// What save() may be told.
template <class Scalar = float>
struct SaveOptions {
  /// Which parameters: a pattern on any of their paths (`"0.*"`), or a predicate.
  Filter<Scalar> select = {};
  /// The dtype in the file, to which the values are rounded; that of the net if it is empty. A
  /// value that would become infinite is an error.
  std::optional<Dtype> dtype = std::nullopt;
  /// What the file says about itself; .safetensors only.
  Metadata metadata = {};
  /// Whether the metadata get a fingerprint of each tensor, which a load can verify.
  bool fingerprints = false;
  /// An input that goes into the metadata with the output that the net gives for it in prediction,
  /// for a load to verify.
  std::optional<Tensor<Scalar>> probe = std::nullopt;
};

namespace detail {

inline void add_metadata(const std::string& file, Metadata& metadata, const std::string& key,
                         const std::string& value) {
  if (!metadata.emplace(key, value).second) throw errors::metadata_key_taken(file, key);
}

}  // namespace detail

/// Saves the parameters of a net by their paths, by the file's extension: .safetensors or .npz.
///
/// A parameter that stands in several places is written once. In a .safetensors file the metadata
/// then have each other path as a key, and the path that it is written under as the value: the
/// convention of save_model of the format's Python package; of a block in more than 1,000 places
/// the first 1,000 count. What was there before stays whole until the new file is. \throws
/// UninitializedError, DeferredInitializationError, FileError, ValueError; KeyError if `select`
/// selects nothing
template <class Scalar>
void save(const nn::Block<Scalar>& net, const std::string& path,
          const std::type_identity_t<SaveOptions<Scalar>>& options = {}) {
  std::vector<Array> arrays;
  Metadata metadata = options.metadata;
  const bool has_metadata = detail::extension_of(path) != ".npz";
  const std::vector<detail::NetEntry> entries = detail::list_net(net.node());
  const std::vector<bool> selected = detail::find_meant(entries, "select", options.select);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const detail::NetEntry& entry = entries[i];
    const auto& parameter = static_cast<const Parameter<Scalar>&>(*entry.parameter);
    if (!selected[i]) continue;
    arrays.emplace_back(entry.path, parameter.data(), options.dtype.value_or(dtype_of<Scalar>()));
    if (!has_metadata) continue;
    for (const std::string& alias : entry.aliases)
      detail::add_metadata(path, metadata, alias, entry.path);
  }
  if (options.fingerprints)
    for (const Array& array : arrays)
      detail::add_metadata(path, metadata, std::string(detail::fingerprint_key) + array.name(),
                           detail::fingerprint_text(array));
  if (options.probe) {
    if (options.probe->size() == 0) throw errors::empty_probe(options.probe->shape().to_string());
    const autograd::Pause pause;
    const autograd::PredictMode predict;
    const Tensor<Scalar> output = net(*options.probe);
    detail::add_metadata(path, metadata, detail::probe_input_key,
                         detail::tensor_text(*options.probe));
    detail::add_metadata(path, metadata, detail::probe_output_key, detail::tensor_text(output));
  }
  save(arrays, path, metadata);
}

}  // namespace parton::io
