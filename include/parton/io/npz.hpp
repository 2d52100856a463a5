// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <zip.h>

#include <parton/io/array.hpp>
#include <parton/io/detail/npy_header.hpp>
#include <parton/io/detail/output_file.hpp>

/// \file NumPy's .npz: a ZIP archive with a member NAME.npy for each tensor. Needs libzip.

namespace parton::io {

namespace detail {

struct ZipDiscard {
  void operator()(zip_t* archive) const noexcept { ::zip_discard(archive); }
};
struct ZipMemberClose {
  void operator()(zip_file_t* member) const noexcept { ::zip_fclose(member); }
};
using ZipArchive = std::unique_ptr<zip_t, ZipDiscard>;
using ZipMember = std::unique_ptr<zip_file_t, ZipMemberClose>;

inline std::string zip_reason(zip_error_t* error) { return ::zip_error_strerror(error); }

/// An .npz that is read. The archive is libzip's, over the file's map.
class NpzSource final : public Source {
 public:
  explicit NpzSource(const std::string& file) : file_(file), map_(file) {
    // libzip takes an empty file for an archive without members.
    constexpr std::size_t shortest = 22;
    if (map_.size() < shortest) throw errors::file_too_short({file, {}, 0}, shortest, map_.size());
    zip_error_t error;
    ::zip_error_init(&error);
    zip_source_t* const source = ::zip_source_buffer_create(map_.data(), map_.size(), 0, &error);
    if (source != nullptr) archive_.reset(::zip_open_from_source(source, ZIP_RDONLY, &error));
    const std::string reason = zip_reason(&error);
    ::zip_error_fini(&error);
    if (!archive_) {
      if (source != nullptr) ::zip_source_free(source);
      throw errors::bad_archive({file_, {}, 0}, reason);
    }
    // An archive behind something else may be another file to another program; NumPy asks for it
    // too.
    const std::string_view begin(reinterpret_cast<const char*>(map_.data()), 4);
    if (begin != "PK\3\4" && begin != "PK\5\6")
      throw errors::bad_archive({file_, {}, 0}, "it begins with something else");
  }

  /// The members, each with its header read. \throws FormatError
  [[nodiscard]] std::vector<TensorInfo> list() const {
    std::vector<TensorInfo> tensors;
    std::uint64_t packed = 0;
    const auto count = static_cast<zip_uint64_t>(::zip_get_num_entries(archive_.get(), 0));
    for (zip_uint64_t i = 0; i < count; ++i) {
      zip_stat_t status;
      if (::zip_stat_index(archive_.get(), i, ZIP_FL_ENC_RAW, &status) != 0)
        throw errors::bad_archive({file_, {}, 0}, zip_reason(::zip_get_error(archive_.get())));
      std::string name = status.name;
      const errors::FilePlace place{file_, name, 0};
      if (!name.ends_with(".npy"))
        throw errors::bad_archive(place, "it is not named .npy, as all members of an .npz are");
      name.resize(name.size() - 4);
      if (status.encryption_method != ZIP_EM_NONE)
        throw errors::bad_archive(place, "it is encrypted");
      const bool stored = status.comp_method == ZIP_CM_STORE;
      if (!stored && status.comp_method != ZIP_CM_DEFLATE)
        throw errors::bad_archive(place, "it is packed by method " +
                                             std::to_string(status.comp_method) +
                                             ", which is neither 0 (stored) nor 8 (deflated)");
      // Members that share their bytes, and sizes that no deflated data reach, unpack to more than
      // any memory holds.
      packed += std::min<std::uint64_t>(status.comp_size, map_.size() + 1);
      if (packed > map_.size())
        throw errors::bad_archive(place, "the members say to be longer than the file is");
      const std::uint64_t limit = stored ? status.comp_size : 1032 * status.comp_size + 64;
      if (status.size > limit)
        throw errors::bad_archive(place, "it says to unpack to " + std::to_string(status.size) +
                                             " bytes, more than its " +
                                             std::to_string(status.comp_size) + " can");
      tensors.push_back(read_header(i, name, status.size));
    }
    return tensors;
  }

  [[nodiscard]] Bytes bytes(std::size_t position, const TensorInfo& info) const override {
    map_.check_whole();
    const auto size = static_cast<std::size_t>(info.bytes);
    std::shared_ptr<std::byte[]> memory;
    try {
      memory = std::shared_ptr<std::byte[]>(new std::byte[size]);
    } catch (const std::bad_alloc&) {
      throw parton::errors::out_of_memory(info.shape.to_string(), size);
    }
    const std::lock_guard lock(mutex_);
    const ZipMember member = open(position, info.name);
    std::vector<std::byte> header(static_cast<std::size_t>(info.offset));
    read(*member, info.name, 0, header.data(), header.size());
    read(*member, info.name, info.offset, memory.get(), size);
    // The check sum is compared at the end.
    std::byte more{};
    const zip_int64_t left = ::zip_fread(member.get(), &more, 1);
    if (left < 0)
      throw errors::bad_archive({file_, info.name, info.offset},
                                zip_reason(::zip_file_get_error(member.get())));
    return {memory.get(), memory};
  }

 private:
  [[nodiscard]] ZipMember open(zip_uint64_t position, const std::string& name) const {
    ZipMember member(::zip_fopen_index(archive_.get(), position, 0));
    if (!member)
      throw errors::bad_archive({file_, name, 0}, zip_reason(::zip_get_error(archive_.get())));
    return member;
  }

  void read(zip_file_t& member, const std::string& name, std::uint64_t offset, void* to,
            std::size_t count) const {
    auto* at = static_cast<std::byte*>(to);
    while (count > 0) {
      const zip_int64_t done = ::zip_fread(&member, at, count);
      if (done < 0)
        throw errors::bad_archive({file_, name, offset}, zip_reason(::zip_file_get_error(&member)));
      if (done == 0) throw errors::file_too_short({file_, name, offset}, count, 0);
      at += done, offset += static_cast<std::uint64_t>(done);
      count -= static_cast<std::size_t>(done);
    }
  }

  [[nodiscard]] TensorInfo read_header(zip_uint64_t position, const std::string& name,
                                       std::uint64_t size) const {
    const ZipMember member = open(position, name);
    TensorInfo info = read_npy_header({file_, name, 0}, [&](std::size_t offset, std::size_t count) {
      if (offset > size || count > size - offset)
        throw errors::file_too_short({file_, name, offset}, count,
                                     size - std::min<std::uint64_t>(size, offset));
      std::string text(count, '\0');
      read(*member, name, offset, text.data(), count);
      return text;
    });
    const std::uint64_t left = size - info.offset;
    if (info.bytes > left)
      throw errors::file_too_short({file_, name, info.offset}, info.bytes, left);
    if (info.bytes < left)
      throw errors::bytes_left_over({file_, name, info.offset + info.bytes},
                                    info.offset + info.bytes, size);
    return info;
  }

  std::string file_;
  FileMap map_;
  mutable std::mutex mutex_;  // libzip's archives are for one thread
  ZipArchive archive_;
};

/// Gives libzip the bytes of a member, header and data, while it writes.
class NpzMember {
 public:
  explicit NpzMember(const Array& array) : array_(array), header_(npy_header(array)) {}

  static zip_int64_t call(void* self, void* data, zip_uint64_t length, zip_source_cmd_t command) {
    return static_cast<NpzMember*>(self)->answer(data, length, command);
  }

 private:
  zip_int64_t answer(void* data, zip_uint64_t length, zip_source_cmd_t command) {
    switch (command) {
      case ZIP_SOURCE_OPEN:
        return open();
      case ZIP_SOURCE_READ:
        return read(static_cast<char*>(data), static_cast<std::size_t>(length));
      case ZIP_SOURCE_CLOSE:
        converted_ = {};
        return 0;
      case ZIP_SOURCE_STAT: {
        auto* status = static_cast<zip_stat_t*>(data);
        ::zip_stat_init(status);
        status->size = header_.size() + array_.bytes();
        status->valid = ZIP_STAT_SIZE;
        return sizeof *status;
      }
      case ZIP_SOURCE_ERROR: {
        auto* error = static_cast<int*>(data);
        error[0] = ZIP_ER_MEMORY, error[1] = 0;
        return 2 * sizeof(int);
      }
      case ZIP_SOURCE_FREE:
        return 0;
      case ZIP_SOURCE_SUPPORTS:
        return ::zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                                ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                                -1);
      default:
        return -1;
    }
  }

  /// No exception may pass through libzip.
  zip_int64_t open() noexcept {
    at_ = 0;
    data_ = nullptr;
    converted_.clear();
    try {
      array_.write([&](const std::byte* data, std::size_t bytes) {
        if (array_.converts())
          converted_.insert(converted_.end(), data, data + bytes);
        else
          data_ = data;
      });
    } catch (...) {
      return -1;
    }
    if (array_.converts()) data_ = converted_.data();
    return 0;
  }

  zip_int64_t read(char* to, std::size_t count) noexcept {
    const std::size_t total = header_.size() + array_.bytes();
    count = std::min(count, total - at_);
    const std::size_t of_header = at_ < header_.size() ? std::min(count, header_.size() - at_) : 0;
    if (of_header > 0) std::memcpy(to, header_.data() + at_, of_header);
    if (count > of_header)
      std::memcpy(to + of_header, data_ + (at_ + of_header - header_.size()), count - of_header);
    at_ += count;
    return static_cast<zip_int64_t>(count);
  }

  const Array& array_;
  std::string header_;
  const std::byte* data_ = nullptr;
  std::vector<std::byte> converted_;
  std::size_t at_ = 0;
};

/// Adds a member that is stored as it is, with the date that NumPy gives.
inline bool add_member(zip_t* archive, NpzMember& member, const std::string& name) {
  zip_source_t* const source = ::zip_source_function(archive, &NpzMember::call, &member);
  if (source == nullptr) return false;
  const zip_int64_t at = ::zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (at < 0) {
    ::zip_source_free(source);
    return false;
  }
  const auto index = static_cast<zip_uint64_t>(at);
  constexpr zip_uint16_t first_of_january_1980 = 0x21;
  return ::zip_set_file_compression(archive, index, ZIP_CM_STORE, 0) == 0 &&
         ::zip_file_set_dostime(archive, index, 0, first_of_january_1980, 0) == 0;
}

}  // namespace detail

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
  int code = 0;
  std::vector<detail::NpzMember> members;  // outlives the archive
  members.reserve(order.size());
  detail::ZipArchive archive(
      ::zip_open(file.side_path().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (!archive) throw errors::cannot_write(path, "libzip's error " + std::to_string(code));
  const auto fail = [&] {
    throw errors::cannot_write(path, detail::zip_reason(::zip_get_error(archive.get())));
  };
  for (const Array* array : order)
    if (!detail::add_member(archive.get(), members.emplace_back(*array), array->name() + ".npy")) {
      if (::zip_error_code_zip(::zip_get_error(archive.get())) == ZIP_ER_INVAL)
        throw errors::bad_tensor_name(path, array->name(), "it is not UTF-8");
      fail();
    }
  if (::zip_close(archive.get()) != 0) fail();
  static_cast<void>(archive.release());
  file.written_by_other();
  file.commit();
}

}  // namespace parton::io
