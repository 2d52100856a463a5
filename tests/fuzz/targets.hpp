// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/detail/std_pattern.hpp>
#include <parton/init/bilinear.hpp>
#include <parton/init/he.hpp>
#include <parton/init/identity.hpp>
#include <parton/init/lstm_bias.hpp>
#include <parton/init/mixed.hpp>
#include <parton/init/normal.hpp>
#include <parton/init/orthogonal.hpp>
#include <parton/init/sparse.hpp>
#include <parton/init/text.hpp>
#include <parton/init/uniform.hpp>
#include <parton/init/xavier.hpp>
#include <parton/io/open.hpp>

#include "../io/hostile.hpp"
#include "net.hpp"
#include "training.hpp"

/// \file The targets: each takes any bytes, and returns or throws what is a finding.

namespace parton_fuzz {

/// The bytes as a file of this name, in a folder of this process.
inline std::string file_of(const std::string& name, std::string_view bytes) {
  static const io_test::Folder folder;
  const std::string path = folder / name;
  io_test::put(path, std::string(bytes));
  return path;
}

inline void safetensors(std::string_view bytes) { check_file(file_of("x.safetensors", bytes)); }

inline void params(std::string_view bytes) { check_file(file_of("x.params", bytes)); }

/// An archive, or .npy data: these as a file and as the member of an archive, which must be the
/// same.
inline void numpy(std::string_view bytes) {
  if (!bytes.starts_with("\x93N")) return check_file(file_of("x.npz", bytes));
  const std::string plain = file_of("x.npy", bytes);
  io_test::Zip zip{.name = "x.npy", .data = std::string(bytes)};
  zip.crc = io_test::crc32(zip.data);
  const std::string packed = file_of("y.npz", zip.bytes());
  std::optional<io::File> left, right;
  try {
    left.emplace(io::open(plain));
  } catch (const Error&) {
  }
  try {
    right.emplace(io::open(packed));
  } catch (const Error&) {
  }
  require(left.has_value() == right.has_value(), ".npy data are good or bad, wherever they lie");
  if (!left) return;
  const auto a = values_of(*left, left->tensors()[0]), b = values_of(*right, right->tensors()[0]);
  require(a.has_value() == b.has_value(), ".npy data are read or not, wherever they lie");
  require(!a || (a->shape() == b->shape() &&
                 (a->size() == 0 ||
                  std::memcmp(a->data(), b->data(),
                              static_cast<std::size_t>(a->size()) * sizeof(double)) == 0)),
          ".npy data have the same values, wherever they lie");
  check_file(plain);
  check_file(packed);
}

/// Lines of a pattern and its replacement in turns, an empty line, and lines of names.
inline void rename(std::string_view text) {
  std::vector<io::Rename> rules;
  std::vector<io::Array> arrays;
  std::vector<std::string> lines(1), names;
  for (const char c : text)
    if (c == '\n')
      lines.emplace_back();
    else
      lines.back() += c;
  const auto gap = std::find(lines.begin(), lines.end(), "");
  for (auto line = lines.begin(); gap - line > 1 && rules.size() < 4; line += 2)
    rules.push_back({line[0], line[1]});
  names.assign(gap == lines.end() ? gap : gap + 1, lines.end());
  if (names.empty()) names = {"0.weight", "0.bias", "module.fc1.weight", "fc2.bias"};
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string& name : names) arrays.emplace_back(name, Tensor<float>::zeros({3}));
  try {
    const io::detail::Renamer renamer(rules);
    for (const std::string& name : names) {
      if (name.size() > io::max_tensor_name) continue;
      static_cast<void>(renamer(name));
      for (const io::Rename& rule : rules)
        require(detail::NamePattern(rule.pattern)(name) ==
                    detail::matches(detail::compile_pattern(rule.pattern), name),
                "a pattern agrees with std::regex");
    }
    if (text.size() % 8 != 0) return;  // most of the time is the compiler's of patterns
    const std::string path = file_of("x.npz", "");
    io::save(arrays, path);
    const std::string first = rules.empty() ? "" : rules[0].pattern;
    check_load(path, {.rename = rules, .transpose = first, .ignore_extra = true});
    check_load(path, {.rename = rules, .select = first, .allow_missing = true});
  } catch (const Error&) {
  }
}

/// What makes an initializer is written and read back as the same one.
inline void initializer(std::string_view text) {
  std::string written;
  try {
    const init::AnyInitializer<float> made{std::string(text)};
    written = made->dump();
  } catch (const Error&) {
    return;
  }
  require(init::AnyInitializer<float>(written)->dump() == written, "what dump() writes is read");
}

/// A checkpoint whose fingerprints fit its bytes, so that what comes after their check is seen too.
inline void checkpoint(std::string_view bytes) {
  const std::string path = file_of("x.safetensors", bytes);
  const std::string marked = file_of("y.safetensors", "");
  check_checkpoint(path);
  try {
    const io::File file = io::open(path);
    io::Metadata metadata = file.metadata();
    const std::string own = io::detail::checkpoint_key(io::detail::metadata_fingerprint_key);
    std::erase_if(metadata, [&](const auto& item) {
      return item.first == own || item.first.starts_with(io::detail::fingerprint_key);
    });
    std::vector<io::Array> arrays;
    for (const io::TensorInfo& info : file.tensors())
      if (info.dtype == io::Dtype::float32)
        arrays.emplace_back(info.name, file.tensor<float>(info.name));
      else if (io::is_held(info.dtype))
        arrays.emplace_back(info.name, file.read<double>(info, false));
    for (const io::Array& array : arrays)
      metadata.emplace(std::string(io::detail::fingerprint_key) + array.name(),
                       io::detail::fingerprint_text(array));
    metadata.emplace(own, io::detail::metadata_fingerprint(metadata));
    io::save(arrays, marked, metadata);
  } catch (const Error&) {
    return;
  }
  check_checkpoint(marked);
}

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};
inline constexpr Target targets[] = {{"safetensors", safetensors}, {"numpy", numpy},
                                     {"params", params},           {"checkpoint", checkpoint},
                                     {"rename", rename},           {"initializer", initializer}};

}  // namespace parton_fuzz
