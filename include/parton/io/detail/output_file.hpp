// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <parton/error.hpp>
#include <parton/io/detail/file_map.hpp>

namespace parton::io::detail {

/// A file that is written to the side, flushed, and put in its place by commit(): at any moment
/// the old file is there, whole, or the new one. Without commit() nothing stays.
class OutputFile {
 public:
  /// \throws FileError
  explicit OutputFile(const std::string& path) : path_(path), target_(path) {
    std::error_code ignored;
    // A link keeps pointing where it does.
    if (std::filesystem::is_symlink(target_, ignored)) {
      const auto real = std::filesystem::weakly_canonical(target_, ignored);
      if (!ignored) target_ = real;
    }
    struct stat status {};
    const bool exists = ::stat(target_.c_str(), &status) == 0;
    if (exists && !S_ISREG(status.st_mode)) fail("it is no regular file");
    if (exists && ::access(target_.c_str(), W_OK) != 0) fail(reason_of(errno));
    if (target_.filename().empty()) fail("the path names no file");
    create();
    if (exists) mode_ = static_cast<int>(status.st_mode & 07777U);
    apply_mode();
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() {
    if (!committed_) ::unlink(side_.c_str());
  }

  /// \throws FileError if the disk is full, say.
  void write(const void* data, std::size_t bytes) {
    const auto* at = static_cast<const char*>(data);
    if (buffer_.size() + bytes <= buffer_size) {
      buffer_.insert(buffer_.end(), at, at + bytes);
      return;
    }
    flush();
    if (bytes > buffer_size / 2)
      write_through(at, bytes);
    else
      buffer_.assign(at, at + bytes);
  }

  /// Where it is written to until then, for a library that writes by itself; it may replace the
  /// file there.
  [[nodiscard]] const std::string& side_path() const noexcept { return side_; }
  void written_by_other() {
    file_ = Descriptor(::open(side_.c_str(), O_RDWR | O_CLOEXEC));
    if (!file_) fail(reason_of(errno));
    apply_mode();
  }

  /// Makes it the file of its path. \throws FileError
  void commit() {
    flush();
    if (::fsync(file_.get()) != 0) fail(reason_of(errno));
    if (::rename(side_.c_str(), target_.c_str()) != 0) fail(reason_of(errno));
    committed_ = true;
    const Descriptor folder(::open(folder_of().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // A folder that may be written to but not read cannot be flushed, nor can some file systems.
    if (folder && ::fsync(folder.get()) != 0 && errno != EINVAL)
      throw errors::written_but_not_flushed(path_, reason_of(errno));
  }

 private:
  static constexpr std::size_t buffer_size = std::size_t{1} << 16;

  [[noreturn]] void fail(const std::string& reason) const {
    throw errors::cannot_write(path_, reason);
  }

  [[nodiscard]] std::string folder_of() const {
    const auto folder = target_.parent_path();
    return folder.empty() ? "." : folder.string();
  }

  void create() {
    static std::atomic<unsigned> count{0};
    for (int attempt = 0; attempt < 100; ++attempt) {
      side_ = (std::filesystem::path(folder_of()) /
               (".parton-" + std::to_string(::getpid()) + "-" + std::to_string(count++)))
                  .string();
      file_ = Descriptor(::open(side_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
      if (file_) {
        struct stat status {};
        if (::fstat(file_.get(), &status) == 0) mode_ = static_cast<int>(status.st_mode & 07777U);
        return;
      }
      if (errno != EEXIST) break;  // that one was left behind by a process that was killed
    }
    committed_ = true;  // nothing to take away
    fail(reason_of(errno));
  }

  void apply_mode() const { static_cast<void>(::fchmod(file_.get(), static_cast<mode_t>(mode_))); }

  void flush() {
    write_through(buffer_.data(), buffer_.size());
    buffer_.clear();
  }

  void write_through(const char* at, std::size_t bytes) {
    while (bytes > 0) {
      const ssize_t done = ::write(file_.get(), at, std::min<std::size_t>(bytes, 1U << 30));
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) fail(reason_of(errno));
      at += done, bytes -= static_cast<std::size_t>(done);
    }
  }

  std::string path_;
  std::filesystem::path target_;
  std::string side_;
  Descriptor file_{-1};
  std::vector<char> buffer_;
  int mode_ = 0666;
  bool committed_ = false;
};

}  // namespace parton::io::detail
