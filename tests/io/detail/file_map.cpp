// SPDX-License-Identifier: MIT
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
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0666) == 0);
  check_says(message_of<FileError>([&] { FileMap map(folder / "pipe"); }),
             {"it is no regular file"});
}
