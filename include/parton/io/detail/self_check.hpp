// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <parton/io/array.hpp>
#include <parton/io/detail/mapped.hpp>
#include <parton/tensor/detail/fingerprint.hpp>

/// \file What a file says about itself in its metadata, so that it can be checked when it is
/// loaded: a fingerprint of each tensor's bytes, and an input with the output that the net gave for
/// it.

namespace parton::io::detail {

inline constexpr std::string_view fingerprint_key = "parton.fingerprint:";
inline constexpr const char* probe_input_key = "parton.probe.input";
inline constexpr const char* probe_output_key = "parton.probe.output";

inline std::string hex_text(const std::byte* data, std::size_t bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes);
  for (std::size_t i = 0; i < bytes; ++i) {
    text += digits[std::to_integer<std::size_t>(data[i] >> 4)];
    text += digits[std::to_integer<std::size_t>(data[i] & std::byte{15})];
  }
  return text;
}

/// The fingerprint of bytes; the prefix names the function, should there be another one some day.
inline std::string fingerprint_text(const std::byte* data, std::size_t bytes) {
  const std::uint64_t value = parton::detail::fingerprint(data, bytes);
  return "fp1-" + hex_text(reinterpret_cast<const std::byte*>(&value), sizeof value);
}

/// That of an array as it will be in the file.
inline std::string fingerprint_text(const Array& array) {
  std::vector<std::byte> converted;
  std::string text = fingerprint_text(nullptr, 0);
  array.write([&](const std::byte* data, std::size_t bytes) {
    if (array.converts())
      converted.insert(converted.end(), data, data + bytes);
    else
      text = fingerprint_text(data, bytes);
  });
  return array.converts() ? fingerprint_text(converted.data(), converted.size()) : text;
}

/// A tensor as a text: `float32 2,3 0000803f...`
template <class Scalar>
std::string tensor_text(const Tensor<Scalar>& tensor) {
  std::string text(dtype_name<Scalar>());
  text += ' ';
  for (std::size_t i = 0; i < tensor.rank(); ++i)
    text += (i > 0 ? "," : "") + std::to_string(tensor.shape().dims()[i]);
  return text + ' ' +
         hex_text(reinterpret_cast<const std::byte*>(tensor.data()),
                  static_cast<std::size_t>(tensor.size()) * sizeof(Scalar));
}

/// The same read. \throws FormatError naming the key.
template <class Scalar>
Tensor<Scalar> tensor_of_text(const std::string& file, const std::string& key,
                              std::string_view text) {
  const auto bad = [&] {
    return errors::bad_field({file, {}, 0}, key,
                             "a dtype, a shape and as many bytes in hexadecimal");
  };
  const std::size_t first = text.find(' ');
  const std::size_t second = text.find(' ', first == text.npos ? first : first + 1);
  if (second == text.npos) throw bad();
  TensorInfo info;
  const auto dtype = find_dtype(&DtypeRow::name, text.substr(0, first));
  if (!dtype || !is_floating(*dtype)) throw bad();
  info.dtype = *dtype;
  std::vector<std::uint64_t> dims;
  for (std::size_t at = first + 1; at < second; ++at) {
    std::uint64_t number = 0;
    const std::size_t begin = at;
    for (; at < second && text[at] >= '0' && text[at] <= '9' && at - begin < 18; ++at)
      number = number * 10 + static_cast<std::uint64_t>(text[at] - '0');
    if (at == begin || (at < second && text[at] != ',')) throw bad();
    dims.push_back(number);
    if (dims.size() > Shape::max_rank) throw bad();
  }
  set_shape(info, dims, {file, {}, 0});
  const std::string_view digits = text.substr(second + 1);
  if (digits.size() % 2 != 0 || digits.size() / 2 != info.bytes) throw bad();
  std::vector<std::byte> bytes;
  bytes.reserve(digits.size() / 2);
  const auto value = [&](char c) -> unsigned {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    throw bad();
  };
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(value(digits[i]) * 16 + value(digits[i + 1])));
  auto result = Tensor<Scalar>::empty(info.shape);
  info.name = key;
  read_elements(file, info, bytes.data(), false, dtype_of<Scalar>(),
                reinterpret_cast<std::byte*>(parton::detail::fresh_data(result)));
  return result;
}

/// Compares the bytes of a tensor with its fingerprint. A text that says what is wrong, or empty.
inline std::string check_fingerprint(const File& file, const TensorInfo& info,
                                     const std::string& path, std::size_t& checked) {
  const auto at = file.metadata().find(std::string(fingerprint_key) + info.name);
  if (at == file.metadata().end()) return {};
  ++checked;
  const std::string found =
      fingerprint_text(file.bytes(info).data, static_cast<std::size_t>(info.bytes));
  if (found == at->second) return {};
  return "\n  " + path + ": the bytes of " + errors::shown_name(info.name) +
         " have the fingerprint " + found + ", not " + errors::shown_name(at->second);
}

}  // namespace parton::io::detail
