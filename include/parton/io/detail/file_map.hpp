// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <parton/error.hpp>

/// \file Files on POSIX systems, as they are read.

namespace parton::io::detail {

inline std::string reason_of(int number) { return std::strerror(number); }

/// An open file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

/// A file's bytes in memory, each read when it is first touched. What is written to them stays in
/// this process: the file does not change. Whoever cuts the file off in place meanwhile takes away
/// pages that are still to be read: check_whole() finds that before, but to touch them after it is
/// the end of the process (SIGBUS). So files are replaced, as save() does, not written over.
class FileMap {
 public:
  /// \throws FileError
  explicit FileMap(const std::string& path)
      // A pipe shall not be waited for.
      : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    const int opened = errno;
    if (path.find('\0') != std::string::npos)
      throw errors::cannot_open(path.c_str(), "a zero byte follows in the path");
    if (!file_) throw errors::cannot_open(path, reason_of(opened));
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0) throw errors::cannot_open(path, reason_of(errno));
    if (!S_ISREG(status.st_mode)) throw errors::cannot_open(path, "it is no regular file");
    size_ = static_cast<std::size_t>(status.st_size);
    if (size_ == 0) return;
    void* const memory =
        ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, file_.get(), 0);
    if (memory == MAP_FAILED) throw errors::cannot_open(path, reason_of(errno));
    data_ = static_cast<std::byte*>(memory);
  }
  FileMap(const FileMap&) = delete;
  FileMap& operator=(const FileMap&) = delete;
  ~FileMap() {
    if (data_ != nullptr) ::munmap(data_, size_);
  }

  [[nodiscard]] std::byte* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// \throws FileError if the file is shorter than it was.
  void check_whole() const {
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0) throw errors::cannot_open(path_, reason_of(errno));
    const auto now = static_cast<std::size_t>(status.st_size);
    if (now < size_) throw errors::cut_off(path_, size_, now);
  }

 private:
  std::string path_;
  Descriptor file_;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace parton::io::detail
