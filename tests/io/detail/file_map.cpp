// SPDX-License-Identifier: MIT
#include <filesystem>
#include <string>

#include <sys/stat.h>

#include <parton/io/detail/file_map.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "../hostile.hpp"

using namespace parton;
using io::detail::FileMap;
using io_test::Folder;
using parton_test::check_says;
using parton_test::message_of;

TEST_CASE("a map shows the file, and what is written to it stays in memory") {
  const Folder folder;
  io_test::put(folder / "a", "abc");
  const FileMap map(folder / "a");
  REQUIRE(map.size() == 3);
  CHECK(map.data()[2] == std::byte{'c'});
  map.data()[2] = std::byte{'x'};
  CHECK(io_test::bytes_of(folder / "a") == "abc");
  io_test::put(folder / "empty", "");
  CHECK(FileMap(folder / "empty").size() == 0);
}

TEST_CASE("what cannot be mapped is an error that says why, at once") {
  const Folder folder;
  check_says(message_of<FileError>([&] { FileMap map(folder / "none"); }),
             {folder / "none", "No such file or directory"});
  check_says(message_of<FileError>([&] { FileMap map(folder / ""); }), {"it is no regular file"});
  std::filesystem::create_symlink("loop", folder / "loop");
  check_says(message_of<FileError>([&] { FileMap map(folder / "loop"); }),
             {folder / "loop", "symbolic links"});
  check_says(message_of<FileError>([&] { FileMap map((folder / "a") + '\0' + ".npz"); }),
             {"'" + (folder / "a") + "' cannot be read: a zero byte follows"});
  check_says(message_of<FileError>([&] { FileMap map("/dev/zero"); }), {"it is no regular file"});
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0666) == 0);
  check_says(message_of<FileError>([&] { FileMap map(folder / "pipe"); }),
             {"it is no regular file"});
}

TEST_CASE("a file that was cut off since it was opened is an error, not the end of the process") {
  const Folder folder;
  const std::string path = folder / "a";
  io_test::put(path, std::string(100'000, 'a'));
  const FileMap map(path);
  CHECK_NOTHROW(map.check_whole());
  std::filesystem::resize_file(path, 5000);
  check_says(message_of<FileError>([&] { map.check_whole(); }),
             {path, "had 100000 bytes when it was opened and has 5000 now", "replaced"});
  // To replace it takes nothing away.
  io_test::put(folder / "b", "new");
  const FileMap other(folder / "b");
  io_test::put(folder / "c", "");
  std::filesystem::rename(folder / "c", folder / "b");
  CHECK_NOTHROW(other.check_whole());
  CHECK(other.data()[0] == std::byte{'n'});
}
