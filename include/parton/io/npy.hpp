// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <parton/io/array.hpp>
#include <parton/io/detail/npy_header.hpp>
#include <parton/io/detail/output_file.hpp>

/// \file NumPy's .npy: one tensor.

namespace parton::io {

namespace detail {

inline Contents read_npy(const std::string& file) {
  auto map = std::make_shared<FileMap>(file);
  const std::string name = std::filesystem::path(file).stem().string();
  TensorInfo info = read_npy_header({file, name, 0}, [&](std::size_t offset, std::size_t count) {
    if (offset > map->size() || count > map->size() - offset)
      throw errors::file_too_short({file, name, offset}, count, map->size() - offset);
    return std::string_view(reinterpret_cast<const char*>(map->data()) + offset, count);
  });
  const std::uint64_t left = map->size() - info.offset;
  if (info.bytes > left) throw errors::file_too_short({file, name, info.offset}, info.bytes, left);
  if (info.bytes < left)
    throw errors::bytes_left_over({file, name, info.offset + info.bytes}, info.offset + info.bytes,
                                  map->size());
  Contents contents;
  contents.tensors.push_back(std::move(info));
  contents.source = std::make_shared<MappedSource>(std::move(map));
  return contents;
}

}  // namespace detail

/// Opens a .npy file; its one tensor has the name of the file without the extension.
/// \throws FileError, FormatError
[[nodiscard]] inline File open_npy(const std::string& path) {
  return File(path, detail::read_npy(path));
}

/// The tensor of a .npy file, of either memory and byte order, in the file's map where it can be.
/// \throws FileError, FormatError; TypeError if its elements are no Scalar
template <TensorScalar Scalar = float>
[[nodiscard]] Tensor<Scalar> load_npy(const std::string& path) {
  const File file = open_npy(path);
  return file.template tensor<Scalar>(file.tensors().front().name);
}

/// Writes a tensor as a .npy file. NumPy has no bfloat16: it shows two bytes of no meaning, as it
/// does for what the package ml_dtypes writes. \throws FileError
template <TensorScalar Scalar>
void save_npy(const Tensor<Scalar>& tensor, const std::string& path) {
  const Array array("", tensor);
  const std::string header = detail::npy_header(array);
  detail::OutputFile file(path);
  file.write(header.data(), header.size());
  array.write([&](const std::byte* data, std::size_t bytes) { file.write(data, bytes); });
  file.commit();
}

}  // namespace parton::io
