// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <zip.h>

#include <parton/io/detail/file_map.hpp>
#include <parton/io/detail/npy_header.hpp>
#include <parton/io/file.hpp>

/// \file How a member of an .npz is found and unpacked. With npz_writer.hpp, what includes libzip.

namespace parton::io::detail {

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

}  // namespace parton::io::detail
