// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <parton/io/array.hpp>
#include <parton/io/detail/npz_reader.hpp>
#include <parton/io/detail/npz_writer.hpp>
#include <parton/io/detail/output_file.hpp>

/// \file NumPy's .npz: a ZIP archive with a member NAME.npy for each tensor. Needs libzip.

namespace parton::io {

/// Opens an .npz file, whose members are stored or deflated: reads the members' headers, not their
/// data. \throws FileError, FormatError
[[nodiscard]] inline File open_npz(const std::string& path) {
  auto source = std::make_shared<detail::NpzSource>(path);
  detail::Contents contents;
  contents.tensors = source->list();
  contents.source = std::move(source);
  return File(path, std::move(contents));
}

/// Writes an .npz file, members stored, sorted by name. What was there before stays whole until the
/// new file is. \throws FileError, ValueError for a name twice or one that is not UTF-8
inline void save_npz(const std::vector<Array>& arrays, const std::string& path) {
  detail::check_names(path, arrays);
  std::vector<const Array*> order;
  for (const Array& array : arrays) order.push_back(&array);
  std::sort(order.begin(), order.end(),
            [](const Array* a, const Array* b) { return a->name() < b->name(); });
  for (const Array* array : order)
    if (array->name().find('\0') != std::string::npos)
      throw errors::bad_tensor_name(path, array->name(), "there is a zero byte in it");

  detail::OutputFile file(path);
  if (arrays.empty()) {
    // libzip writes no archive without members.
    const std::string end = std::string("PK\5\6") + std::string(18, '\0');
    file.write(end.data(), end.size());
    return file.commit();
  }
  detail::write_npz(order, path, file);
  file.commit();
}

}  // namespace parton::io
