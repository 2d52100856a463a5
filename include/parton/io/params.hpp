// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/io/detail/mapped.hpp>

/// \file MXNet's .params, read only: what Gluon's save_parameters() and export() write.
/// Source: src/ndarray/ndarray.cc of MXNet 1.7, NDArray::Save and NDArray::Load.

namespace parton::io {

namespace detail {

/// Walks a .params file.
class ParamsReader {
 public:
  explicit ParamsReader(const std::string& file)
      : file_(file), map_(std::make_shared<FileMap>(file)) {}

  /// \throws FormatError
  Contents read() {
    constexpr std::uint64_t list_magic = 0x112;
    if (number<std::uint64_t>() != list_magic)
      throw errors::bad_header(place(0), "it does not begin as .params files do, with 0x112");
    number<std::uint64_t>();  // reserved
    Contents contents;
    const auto count = count_of(smallest_array);
    for (std::uint64_t i = 0; i < count; ++i) contents.tensors.push_back(array(i));
    const auto names_at = at_;
    const auto names = count_of(sizeof(std::uint64_t));
    if (names != count)
      throw errors::bad_field(
          place(names_at), "the number of names",
          std::to_string(count) + ", that of the arrays, not " + std::to_string(names));
    for (TensorInfo& info : contents.tensors) info.name = name();
    if (at_ != map_->size()) throw errors::bytes_left_over(place(at_), at_, map_->size());
    contents.source = std::make_shared<MappedSource>(map_);
    return contents;
  }

 private:
  static constexpr std::uint64_t smallest_array = 12;

  [[nodiscard]] errors::FilePlace place(std::uint64_t byte) const { return {file_, what_, byte}; }

  void need(std::uint64_t bytes) const {
    const std::uint64_t left = map_->size() - at_;
    if (bytes > left) throw errors::file_too_short(place(at_), bytes, left);
  }
  template <class T>
  T number() {
    need(sizeof(T));
    T value;
    std::memcpy(&value, map_->data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  /// A number of things of which each takes at least so many bytes.
  std::uint64_t count_of(std::uint64_t bytes_each) {
    const std::uint64_t begin = at_, count = number<std::uint64_t>();
    const std::uint64_t left = map_->size() - at_;
    if (count > left / bytes_each)
      throw errors::bad_field(place(begin), "a count",
                              "at most " + std::to_string(left / bytes_each) +
                                  " in a file of this size, not " + std::to_string(count));
    return count;
  }

  static std::optional<Dtype> dtype_of_flag(std::int32_t flag) {
    constexpr std::pair<std::int32_t, Dtype> flags[] = {
        {0, Dtype::float32},  {1, Dtype::float64}, {2, Dtype::float16}, {3, Dtype::uint8},
        {4, Dtype::int32},    {5, Dtype::int8},    {6, Dtype::int64},   {7, Dtype::boolean},
        {8, Dtype::int16},    {9, Dtype::uint16},  {10, Dtype::uint32}, {11, Dtype::uint64},
        {12, Dtype::bfloat16}};
    for (const auto& [number, dtype] : flags)
      if (number == flag) return dtype;
    return std::nullopt;
  }

  TensorInfo array(std::uint64_t position) {
    what_ = "number " + std::to_string(position);  // the names come last
    const std::uint64_t begin = at_;
    const auto magic = number<std::uint32_t>();
    if (magic != 0xF993FAC9U && magic != 0xF993FACAU)
      throw errors::bad_header(place(begin),
                               "the array is of a version that MXNet before 1.0 wrote, or damaged");
    if (const std::uint64_t here = at_; number<std::int32_t>() != 0)
      throw errors::bad_field(place(here), "the storage type",
                              "0, dense: sparse arrays are not read");
    TensorInfo info;
    std::vector<std::uint64_t> dims;
    const std::uint64_t shape_at = at_;
    const auto rank = number<std::int32_t>();
    if (rank < 0) throw errors::bad_field(place(shape_at), "the rank", "at least 0");
    if (static_cast<std::uint64_t>(rank) > Shape::max_rank)
      throw errors::too_many_dimensions(place(shape_at), static_cast<std::size_t>(rank),
                                        Shape::max_rank);
    for (std::int32_t i = 0; i < rank; ++i) {
      const std::uint64_t here = at_;
      const auto dim = number<std::int64_t>();
      if (dim < 0) throw errors::bad_field(place(here), "a dimension", "at least 0");
      dims.push_back(static_cast<std::uint64_t>(dim));
    }
    // Of version 2, a rank of 0 stands for an array without values, and nothing follows.
    if (rank == 0 && magic == 0xF993FAC9U)
      throw errors::bad_field(place(shape_at), "the rank", "at least 1: the array has no values");
    number<std::int32_t>();  // the device's type
    number<std::int32_t>();  // and number
    const std::uint64_t dtype_at = at_;
    const auto flag = number<std::int32_t>();
    const auto dtype = dtype_of_flag(flag);
    if (!dtype) throw errors::unknown_dtype(place(dtype_at), std::to_string(flag));
    info.dtype = *dtype;
    set_shape(info, dims, place(shape_at));
    need(info.bytes);
    info.offset = at_;
    at_ += info.bytes;
    return info;
  }

  std::string name() {
    what_.clear();
    const std::uint64_t begin = at_, length = number<std::uint64_t>();
    need(length);
    if (length > max_tensor_name)
      throw errors::name_in_file_too_long(place(begin), static_cast<std::size_t>(length),
                                          max_tensor_name);
    std::string_view text(reinterpret_cast<const char*>(map_->data()) + at_,
                          static_cast<std::size_t>(length));
    at_ += length;
    // export() marks arguments and auxiliary states.
    if (text.starts_with("arg:") || text.starts_with("aux:")) text.remove_prefix(4);
    return std::string(text);
  }

  std::string file_;
  std::shared_ptr<FileMap> map_;
  std::uint64_t at_ = 0;
  std::string what_;
};

}  // namespace detail

/// Opens a .params file of MXNet. Names are what they are in the file, `0.weight` of
/// save_parameters(), without the `arg:` and `aux:` of export(). \throws FileError, FormatError
[[nodiscard]] inline File open_params(const std::string& path) {
  return File(path, detail::ParamsReader(path).read());
}

}  // namespace parton::io
