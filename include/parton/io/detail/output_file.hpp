// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <parton/error.hpp>
#include <parton/io/detail/file_map.hpp>

namespace parton::io::detail {

/// A file that is written to the side, flushed, and put in its place by commit(): at any moment
/// the old file is there, whole, or the new one. Without commit() nothing stays; what a process
/// that was killed left beside it, the next one that writes the same file takes away.
class OutputFile {
 public:
  /// \throws FileError
  explicit OutputFile(const std::string& path) : path_(path), target_(path) {
    if (path.find('\0') != std::string::npos) {
      path_ = path.c_str();
      fail("a zero byte follows in the path");
    }
    std::error_code error;
    // A link keeps pointing where it does.
    if (std::filesystem::is_symlink(target_, error)) {
      const auto real = std::filesystem::weakly_canonical(target_, error);
      if (error) fail(error.message());
      target_ = real;
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
    size_ += bytes;
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

  /// How much was written.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  /// Writes over what was written, or at its end. \throws FileError
  void write_at(std::uint64_t position, const void* data, std::size_t bytes) {
    if (position == size_) return write(data, bytes);
    flush();
    if (::lseek(file_.get(), static_cast<off_t>(position), SEEK_SET) < 0) fail(reason_of(errno));
    write_through(static_cast<const char*>(data), bytes);
    size_ = std::max(size_, position + bytes);
    if (::lseek(file_.get(), 0, SEEK_END) < 0) fail(reason_of(errno));
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

  /// A name beside the target that is always the same, so that what a killed process left is found
  /// again, or another one if somebody else is writing.
  [[nodiscard]] std::string side_name(int attempt) const {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    for (const char c : target_.filename().string())
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return (std::filesystem::path(folder_of()) /
            (".parton-" + std::to_string(hash) + "-" + std::to_string(attempt)))
        .string();
  }

  /// Whoever writes has the file locked, so what can be locked was left behind.
  static void take_away_if_left(const std::string& path) {
    const Descriptor left(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (left && ::flock(left.get(), LOCK_EX | LOCK_NB) == 0 && is_at(left, path))
      ::unlink(path.c_str());
  }

  /// Whether this open file still has this name.
  static bool is_at(const Descriptor& file, const std::string& path) {
    struct stat opened {
    }, named{};
    return ::fstat(file.get(), &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
           S_ISREG(named.st_mode) && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
  }

  void create() {
    for (int attempt = 0; attempt < 1000; ++attempt) {
      side_ = side_name(attempt);
      take_away_if_left(side_);
      file_ = Descriptor(::open(side_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
      if (!file_ && errno == EEXIST) continue;  // somebody is writing
      if (!file_) break;
      // Not every file system has locks. Who took it for left behind in between has it locked.
      if ((::flock(file_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) ||
          !is_at(file_, side_))
        continue;
      struct stat status {};
      if (::fstat(file_.get(), &status) == 0) mode_ = static_cast<int>(status.st_mode & 07777U);
      return;
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
  std::uint64_t size_ = 0;
  int mode_ = 0666;
  bool committed_ = false;
};

}  // namespace parton::io::detail
