// SPDX-License-Identifier: MIT
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include <parton/io/detail/output_file.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "../hostile.hpp"

using namespace parton;
using io::detail::OutputFile;
using io_test::bytes_of;
using io_test::Folder;
using io_test::in_process_of_its_own;
using io_test::put;
using parton_test::check_says;
using parton_test::message_of;

namespace {

void write_pieces(OutputFile& file, std::size_t pieces) {
  const std::string piece(1000, 'n');
  for (std::size_t i = 0; i < pieces; ++i) file.write(piece.data(), piece.size());
}

}  // namespace

TEST_CASE("a file is written in pieces of any size and nothing is left beside it") {
  const Folder folder;
  const std::string path = folder / "a";
  std::string all;
  {
    OutputFile file(path);
    for (const std::size_t size : {0U, 1U, 65535U, 65536U, 3U, 65537U, 1000000U, 40000U, 40000U}) {
      const std::string piece(size, static_cast<char>('a' + all.size() % 26));
      file.write(piece.data(), piece.size());
      all += piece;
    }
    CHECK(!std::filesystem::exists(path));
    file.commit();
  }
  CHECK(bytes_of(path) == all);
  CHECK(folder.count() == 1);
}

TEST_CASE("what is not committed leaves the old file and nothing else") {
  const Folder folder;
  const std::string path = folder / "a";
  put(path, "old");
  {
    OutputFile file(path);
    write_pieces(file, 100);
  }
  CHECK(bytes_of(path) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("a file keeps its mode, and a link its place") {
  const Folder folder;
  put(folder / "real", "old");
  ::chmod((folder / "real").c_str(), 0640);
  std::filesystem::create_symlink("real", folder / "link");
  OutputFile file(folder / "link");
  file.write("new", 3);
  file.commit();
  CHECK(bytes_of(folder / "real") == "new");
  CHECK(std::filesystem::is_symlink(folder / "link"));
  struct stat status {};
  REQUIRE(::stat((folder / "real").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0640U);
}

TEST_CASE("a writer killed at any point leaves the old file whole") {
  const Folder folder;
  const std::string path = folder / "a";
  put(path, "old");
  for (const std::size_t pieces : {0U, 1U, 64U, 66U, 67U, 200U, 1000U}) {
    const int status = in_process_of_its_own([&] {
      OutputFile file(path);
      write_pieces(file, pieces);
      ::raise(SIGKILL);
      return 0;
    });
    CHECK(status == 128 + SIGKILL);
    CHECK(bytes_of(path) == "old");
  }
  // Each took away what the one before left, and this one takes away the last.
  CHECK(folder.count() == 2);
  {
    OutputFile file(path);
    CHECK(folder.count() == 2);
    file.write("new", 3);
    file.commit();
  }
  CHECK(bytes_of(path) == "new");
  CHECK(folder.count() == 1);
}

TEST_CASE("what another writer is writing is left alone") {
  const Folder folder;
  const std::string path = folder / "a";
  OutputFile first(path), second(path);
  CHECK(folder.count() == 2);
  first.write("first", 5);
  second.write("second", 6);
  second.commit();
  CHECK(bytes_of(path) == "second");
  first.commit();
  CHECK(bytes_of(path) == "first");
  CHECK(folder.count() == 1);
}

TEST_CASE("what is in the way beside the file, and is not ours, stays there") {
  const Folder folder;
  const std::string path = folder / "a";
  std::string side;
  {
    OutputFile file(path);
    side = std::filesystem::directory_iterator(folder / "")->path().string();
  }
  put(folder / "precious", "old");
  std::filesystem::create_symlink("precious", side);
  OutputFile file(path);
  file.write("new", 3);
  file.commit();
  CHECK(bytes_of(path) == "new");
  CHECK(bytes_of(folder / "precious") == "old");
  CHECK(std::filesystem::is_symlink(side));
}

TEST_CASE("what was written is written over, behind a buffer or not") {
  const Folder folder;
  const std::string path = folder / "a";
  OutputFile file(path);
  file.write("0123456789", 10);
  file.write_at(2, "ab", 2);
  file.write_at(10, "c", 1);
  file.write_at(9, "xyz", 3);
  file.write("!", 1);
  CHECK(file.size() == 13);
  file.commit();
  CHECK(bytes_of(path) == "01ab45678xyz!");
}

TEST_CASE("a full disk is an error, the old file stays and nothing beside it") {
  const Folder folder;
  const std::string path = folder / "a";
  put(path, "old");
  for (const std::size_t limit : {0U, 1U, 1000U, 65536U, 99999U}) {
    const int status = in_process_of_its_own([&] {
      io_test::limit_files_to(limit, true);
      try {
        OutputFile file(path);
        write_pieces(file, 100);
        file.commit();
      } catch (const FileError& error) {
        const std::string text = error.what();
        return text.find("File too large") != std::string::npos &&
                       text.find("is still there, whole") != std::string::npos
                   ? 7
                   : 8;
      }
      return 0;
    });
    CHECK(status == 7);
    CHECK(bytes_of(path) == "old");
    CHECK(folder.count() == 1);
  }
}

TEST_CASE("no permission, no folder and what is no file are errors that say so") {
  const Folder folder;
  put(folder / "a", "old");
  check_says(message_of<FileError>([&] { OutputFile file(folder / "no/such"); }),
             {folder / "no/such", "No such file or directory"});
  std::filesystem::create_directory(folder / "folder");
  check_says(message_of<FileError>([&] { OutputFile file(folder / "folder"); }),
             {"it is no regular file"});
  check_says(message_of<FileError>([&] { OutputFile file(folder / "folder/"); }),
             {"it is no regular file"});
  check_says(message_of<FileError>([&] { OutputFile file(std::string{}); }), {"names no file"});
  CHECK_THROWS_AS(OutputFile("/dev/null"), FileError);
  // A link to nowhere, which would be replaced by the file.
  std::filesystem::create_symlink("loop", folder / "loop");
  check_says(message_of<FileError>([&] { OutputFile file(folder / "loop"); }), {"symbolic links"});
  CHECK(std::filesystem::is_symlink(folder / "loop"));
  std::filesystem::remove(folder / "loop");
  check_says(message_of<FileError>([&] { OutputFile file((folder / "b") + '\0' + ".npz"); }),
             {"'" + (folder / "b") + "' cannot be written: a zero byte follows"});
  CHECK(!std::filesystem::exists(folder / "b"));

  const auto as_nobody = [&](const std::string& path) {
    return in_process_of_its_own([&] {
      // Root may write everywhere.
      if (::geteuid() == 0 && ::setuid(65534) != 0) return 9;
      try {
        OutputFile file(path);
      } catch (const FileError& error) {
        return std::string(error.what()).find("Permission denied") != std::string::npos ? 7 : 8;
      }
      return 0;
    });
  };
  std::filesystem::permissions(folder / "", std::filesystem::perms(0555));
  CHECK(as_nobody(folder / "b") == 7);
  std::filesystem::permissions(folder / "", std::filesystem::perms(0777));
  std::filesystem::permissions(folder / "a", std::filesystem::perms(0444));
  CHECK(as_nobody(folder / "a") == 7);
  CHECK(as_nobody(folder / "b") == 0);
  CHECK(bytes_of(folder / "a") == "old");
}
