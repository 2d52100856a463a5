// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/// \file Files for the tests of io/: made byte by byte, in a folder that goes away.

namespace io_test {

/// A folder of its own for a test.
class Folder {
 public:
  Folder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("parton_io_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    std::filesystem::create_directory(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::filesystem::path path_;
};

inline void put(const std::string& path, const std::string& bytes) {
  std::error_code ignored;
  // File systems that fear for a file that is written over flush it at once.
  std::filesystem::remove(path, ignored);
  std::ofstream(path, std::ios::binary) << bytes;
}
inline std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs `f` in a process of its own; what it returns, or 128 and the signal that ended it.
inline int in_process_of_its_own(const std::function<int()>& f) {
  const pid_t child = ::fork();
  if (child == 0) {
    int status = 99;
    try {
      status = f();
    } catch (...) {
    }
    ::_exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// From here on this process writes no file beyond so many bytes: the signal SIGXFSZ ends it, or if
/// that is ignored, the write fails.
inline void limit_files_to(std::size_t bytes, bool ignore_signal) {
  if (ignore_signal) ::signal(SIGXFSZ, SIG_IGN);
  const rlimit none{0, 0}, size{bytes, bytes};
  ::setrlimit(RLIMIT_CORE, &none);
  ::setrlimit(RLIMIT_FSIZE, &size);
}

/// A number as its little-endian bytes.
template <class T>
std::string raw(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

/// .npy data of this dictionary.
inline std::string npy_bytes(const std::string& dictionary, const std::string& data) {
  const std::string text = dictionary + "\n";
  return std::string("\x93NUMPY\1\0", 8) + raw(static_cast<std::uint16_t>(text.size())) + text +
         data;
}

/// A .safetensors file of this header.
inline std::string safetensors_bytes(const std::string& header, const std::string& data = {}) {
  return raw(std::uint64_t{header.size()}) + header + data;
}

inline const std::string one_tensor = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";

/// The check sum of ZIP.
inline std::uint32_t crc32(const std::string& bytes) {
  std::uint32_t crc = ~std::uint32_t{0};
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

/// A ZIP archive of one stored member, its parts free to be wrong.
struct Zip {
  std::string name = "a.npy";
  std::string data =
      npy_bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", io_test::raw(1.f));
  std::uint16_t method = 0;
  std::uint16_t flags = 0;
  std::uint32_t crc = 0;
  std::uint32_t size = 0, packed = 0;
  int times = 1;
  std::string before = {};  // what the archive lies behind

  std::string bytes() const {
    using io_test::raw;
    const auto stored = static_cast<std::uint32_t>(data.size());
    const std::string common = raw(flags) + raw(method) + raw(std::uint32_t{0x210000}) + raw(crc) +
                               raw(packed != 0 ? packed : stored) + raw(size != 0 ? size : stored) +
                               raw(static_cast<std::uint16_t>(name.size())) + raw(std::uint16_t{0});
    const auto begin = static_cast<std::uint32_t>(before.size());
    const std::string local = "PK\3\4" + raw(std::uint16_t{20}) + common + name + data;
    std::string central;
    for (int i = 0; i < times; ++i)
      central += "PK\1\2" + raw(std::uint16_t{20}) + raw(std::uint16_t{20}) + common +
                 std::string(10, '\0') + raw(begin) + name;
    const auto count = static_cast<std::uint16_t>(times);
    return before + local + central + "PK\5\6" + std::string(4, '\0') + raw(count) + raw(count) +
           raw(static_cast<std::uint32_t>(central.size())) +
           raw(static_cast<std::uint32_t>(begin + local.size())) + std::string(2, '\0');
  }
};

inline constexpr std::uint32_t params_v2 = 0xF993FAC9U, params_v3 = 0xF993FACAU;

/// An array of a .params file.
inline std::string params_array(const std::vector<std::int64_t>& dims, std::int32_t dtype,
                                const std::string& data, std::uint32_t magic = params_v2,
                                std::int32_t storage = 0) {
  std::string bytes = raw(magic) + raw(storage) + raw(static_cast<std::int32_t>(dims.size()));
  for (const std::int64_t dim : dims) bytes += raw(dim);
  return bytes + raw(std::int32_t{1}) + raw(std::int32_t{0}) + raw(dtype) + data;
}

inline std::string params_file(const std::vector<std::string>& arrays,
                               const std::vector<std::string>& names) {
  std::string bytes =
      raw(std::uint64_t{0x112}) + raw(std::uint64_t{0}) + raw(std::uint64_t{arrays.size()});
  for (const std::string& array : arrays) bytes += array;
  bytes += raw(std::uint64_t{names.size()});
  for (const std::string& name : names) bytes += raw(std::uint64_t{name.size()}) + name;
  return bytes;
}

inline const std::string two = raw(1.f) + raw(2.f);

}  // namespace io_test
