// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/io/array.hpp>
#include <parton/io/detail/mapped.hpp>
#include <parton/io/detail/output_file.hpp>
#include <parton/io/detail/safetensors_header.hpp>

/// \file safetensors: 8 bytes with the length of a JSON header, the header, the data.
/// Source: https://github.com/huggingface/safetensors, README.

namespace parton::io {

namespace detail {

/// The longest header that the format allows.
inline constexpr std::uint64_t max_safetensors_header = 100'000'000;

/// Checks that the tensors, in the order of their data, cover them without hole and overlap.
inline void check_safetensors_layout(const std::string& file,
                                     std::vector<SafetensorsHeader::Entry>& entries,
                                     std::uint64_t data_begin, std::uint64_t file_size) {
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::pair(a.info.offset, a.info.bytes) < std::pair(b.info.offset, b.info.bytes);
  });
  const std::uint64_t data_size = file_size - data_begin;
  std::uint64_t end = 0;
  for (auto& [info, byte, shape_bytes] : entries) {
    const errors::FilePlace place{file, info.name, byte};
    if (info.offset != end) throw errors::hole_or_overlap(place, end, info.offset);
    if (info.bytes != shape_bytes)
      throw errors::wrong_byte_count(place, info.shape.to_string(), to_string(info.dtype),
                                     shape_bytes, info.bytes);
    if (info.bytes > data_size - end)
      throw errors::file_too_short({file, info.name, data_begin + end}, info.bytes,
                                   data_size - end);
    end += info.bytes;
    info.offset += data_begin;
  }
  if (end != data_size)
    throw errors::bytes_left_over({file, {}, data_begin + end}, data_begin + end, file_size);
}

inline Contents read_safetensors(const std::string& file) {
  auto map = std::make_shared<FileMap>(file);
  std::uint64_t length = 0;
  if (map->size() < sizeof length)
    throw errors::file_too_short({file, {}, 0}, sizeof length, map->size());
  std::memcpy(&length, map->data(), sizeof length);
  if (length > max_safetensors_header)
    throw errors::header_too_long({file, {}, 0}, length, max_safetensors_header);
  if (length > map->size() - sizeof length)
    throw errors::file_too_short({file, {}, sizeof length}, length, map->size() - sizeof length);
  const std::string_view text(reinterpret_cast<const char*>(map->data()) + sizeof length, length);
  SafetensorsHeader header = SafetensorsHeaderReader::read(file, text, sizeof length);
  check_safetensors_layout(file, header.entries, sizeof length + length, map->size());
  Contents contents;
  contents.tensors.reserve(header.entries.size());
  for (auto& entry : header.entries) contents.tensors.push_back(std::move(entry.info));
  contents.metadata = std::move(header.metadata);
  contents.source = std::make_shared<MappedSource>(std::move(map));
  return contents;
}

/// The header as the format's own package writes it: metadata first, then the tensors in the order
/// of their data, padded with spaces to a multiple of 8.
inline std::string safetensors_header(const std::string& file,
                                      const std::vector<const Array*>& arrays,
                                      const Metadata& metadata) {
  std::string text = "{";
  if (!metadata.empty()) {
    text += "\"__metadata__\":{";
    for (const auto& [key, value] : metadata)
      text += json_text(file, key) + ":" + json_text(file, value) + ",";
    text.back() = '}';
    text += ",";
  }
  std::uint64_t offset = 0;
  for (const Array* array : arrays) {
    if (array->name() == "__metadata__")
      throw errors::bad_tensor_name(file, array->name(), "it stands for the metadata");
    text += json_text(file, array->name());
    text += ":{\"dtype\":\"";
    text += row_of(array->dtype()).safetensors;
    text += "\",\"shape\":[";
    for (std::size_t i = 0; i < array->shape().rank(); ++i)
      text += (i > 0 ? "," : "") + std::to_string(array->shape().dims()[i]);
    text += "],\"data_offsets\":[" + std::to_string(offset) + ",";
    offset += array->bytes();
    text += std::to_string(offset) + "]},";
  }
  if (text.size() > 1)
    text.back() = '}';
  else
    text += '}';
  text.append((8 - text.size() % 8) % 8, ' ');
  if (text.size() > max_safetensors_header)
    throw errors::cannot_hold(file, "its header would be longer than the format's limit of " +
                                        std::to_string(max_safetensors_header) + " bytes");
  return text;
}

}  // namespace detail

/// Opens a .safetensors file: checks its header, reads no data. \throws FileError, FormatError
[[nodiscard]] inline File open_safetensors(const std::string& path) {
  return File(path, detail::read_safetensors(path));
}

/// Writes a .safetensors file, tensor by tensor, in the order of the format's own package: by
/// dtype, the widest first, then by name. What was there before stays whole until the new file is.
/// \throws FileError, ValueError for a name twice or one that is not UTF-8
inline void save_safetensors(const std::vector<Array>& arrays, const std::string& path,
                             const Metadata& metadata = {}) {
  detail::check_names(path, arrays);
  std::vector<const Array*> order;
  for (const Array& array : arrays) order.push_back(&array);
  std::sort(order.begin(), order.end(), [](const Array* a, const Array* b) {
    return a->dtype() != b->dtype() ? a->dtype() > b->dtype() : a->name() < b->name();
  });
  const std::string header = detail::safetensors_header(path, order, metadata);
  const std::uint64_t length = header.size();
  detail::OutputFile file(path);
  file.write(&length, sizeof length);
  file.write(header.data(), header.size());
  for (const Array* array : order)
    array->write([&](const std::byte* data, std::size_t bytes) { file.write(data, bytes); });
  file.commit();
}

}  // namespace parton::io
