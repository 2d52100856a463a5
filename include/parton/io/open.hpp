// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <parton/detail/type_name.hpp>
#include <parton/io/npy.hpp>
#include <parton/io/npz.hpp>
#include <parton/io/params.hpp>
#include <parton/io/safetensors.hpp>

namespace parton::io {

namespace detail {

/// `.npz` of `a/b.NPZ`.
inline std::string extension_of(const std::string& path) {
  return parton::detail::lower(std::filesystem::path(path).extension().string());
}

}  // namespace detail

/// Opens a file of named tensors, by its extension: .safetensors, .npz, .npy, or MXNet's .params.
/// It lists names, shapes, dtypes and metadata without reading data, and gives single tensors.
/// \throws FileError, FormatError
[[nodiscard]] inline File open(const std::string& path) {
  const std::string extension = detail::extension_of(path);
  if (extension == ".safetensors") return open_safetensors(path);
  if (extension == ".npz") return open_npz(path);
  if (extension == ".npy") return open_npy(path);
  if (extension == ".params") return open_params(path);
  throw errors::unknown_extension(path, ".safetensors, .npz, .npy and .params");
}

/// Writes named tensors, by the extension: .safetensors or .npz. What was there before stays whole
/// until the new file is. \throws FileError; ValueError for bad names, or metadata in an .npz
inline void save(const std::vector<Array>& arrays, const std::string& path,
                 const Metadata& metadata = {}) {
  const std::string extension = detail::extension_of(path);
  if (extension == ".safetensors") return save_safetensors(arrays, path, metadata);
  if (extension != ".npz") throw errors::unknown_extension(path, ".safetensors and .npz");
  if (!metadata.empty()) throw errors::no_metadata(path);
  save_npz(arrays, path);
}

}  // namespace parton::io
