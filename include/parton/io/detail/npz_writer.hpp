// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include <zip.h>

#include <parton/io/array.hpp>
#include <parton/io/detail/npy_header.hpp>
#include <parton/io/detail/npz_reader.hpp>
#include <parton/io/detail/output_file.hpp>

/// \file libzip between an array and the file: it asks for the bytes of a member and gives those of
/// the archive.

namespace parton::io::detail {

/// Gives libzip the bytes of a member, header and data, while it writes.
class NpzMember {
 public:
  explicit NpzMember(const Array& array) : array_(array), header_(npy_header(array)) {}

  /// What no exception may say through libzip.
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

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
      failure_ = std::current_exception();
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
  std::exception_ptr failure_;
};

/// Takes the bytes of an archive as libzip writes it.
class NpzOutput {
 public:
  explicit NpzOutput(OutputFile& file) : file_(file) {}

  static zip_int64_t call(void* self, void* data, zip_uint64_t length, zip_source_cmd_t command) {
    return static_cast<NpzOutput*>(self)->answer(data, length, command);
  }
  /// What no exception may say through libzip.
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  zip_int64_t answer(void* data, zip_uint64_t length, zip_source_cmd_t command) noexcept {
    switch (command) {
      case ZIP_SOURCE_STAT:
        ::zip_stat_init(static_cast<zip_stat_t*>(data));
        return sizeof(zip_stat_t);
      case ZIP_SOURCE_WRITE:
        return write(data, length);
      case ZIP_SOURCE_SEEK_WRITE: {
        const zip_int64_t to =
            ::zip_source_seek_compute_offset(at_, file_.size(), data, length, nullptr);
        if (to < 0) return -1;
        at_ = static_cast<zip_uint64_t>(to);
        return 0;
      }
      case ZIP_SOURCE_TELL_WRITE:
        return static_cast<zip_int64_t>(at_);
      case ZIP_SOURCE_ERROR: {
        auto* error = static_cast<int*>(data);
        error[0] = ZIP_ER_WRITE, error[1] = 0;
        return 2 * sizeof(int);
      }
      case ZIP_SOURCE_OPEN:  // to be written over
      case ZIP_SOURCE_CLOSE:
      case ZIP_SOURCE_BEGIN_WRITE:
      case ZIP_SOURCE_COMMIT_WRITE:
      case ZIP_SOURCE_ROLLBACK_WRITE:
      case ZIP_SOURCE_REMOVE:
      case ZIP_SOURCE_FREE:
        return 0;
      case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_WRITABLE;
      default:
        return -1;
    }
  }

  zip_int64_t write(const void* data, zip_uint64_t length) noexcept {
    try {
      file_.write_at(at_, data, static_cast<std::size_t>(length));
    } catch (...) {
      failure_ = std::current_exception();
      return -1;
    }
    at_ += length;
    return static_cast<zip_int64_t>(length);
  }

  OutputFile& file_;
  zip_uint64_t at_ = 0;
  std::exception_ptr failure_;
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

/// Lets libzip write an archive of these arrays. \throws FileError; ValueError for a name that is
/// not UTF-8
inline void write_npz(const std::vector<const Array*>& arrays, const std::string& path,
                      OutputFile& file) {
  std::vector<NpzMember> members;  // these two outlive the archive
  members.reserve(arrays.size());
  NpzOutput output(file);
  zip_error_t error;
  ::zip_error_init(&error);
  zip_source_t* const source = ::zip_source_function_create(&NpzOutput::call, &output, &error);
  ZipArchive archive;
  if (source != nullptr)
    archive.reset(::zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &error));
  const std::string reason = zip_reason(&error);
  ::zip_error_fini(&error);
  if (!archive) {
    if (source != nullptr) ::zip_source_free(source);
    throw errors::cannot_write(path, reason);
  }
  const auto fail = [&] {
    output.rethrow();
    for (const NpzMember& member : members) member.rethrow();
    throw errors::cannot_write(path, zip_reason(::zip_get_error(archive.get())));
  };
  for (const Array* array : arrays)
    if (!add_member(archive.get(), members.emplace_back(*array), array->name() + ".npy")) {
      if (::zip_error_code_zip(::zip_get_error(archive.get())) == ZIP_ER_INVAL)
        throw errors::bad_tensor_name(path, array->name(), "it is not UTF-8");
      fail();
    }
  if (::zip_close(archive.get()) != 0) fail();
  static_cast<void>(archive.release());
}

}  // namespace parton::io::detail
