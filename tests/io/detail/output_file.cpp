// SPDX-License-Identifier: MIT
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <parton/io/detail/output_file.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "../hostile.hpp"

using namespace parton;
using io::detail::OutputFile;
using io_test::bytes_of;
using io_test::Folder;
using io_test::put;
using parton_test::check_says;
using parton_test::message_of;

namespace {

/// Runs `f` in a process of its own; what it returns, or 128 and the signal that ended it.
int in_process_of_its_own(const std::function<int()>& f) {
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
  // What they left beside it is in nobody's way.
  OutputFile file(path);
  file.write("new", 3);
  file.commit();
  CHECK(bytes_of(path) == "new");
}

TEST_CASE("a full disk is an error, the old file stays and nothing beside it") {
  const Folder folder;
  const std::string path = folder / "a";
  put(path, "old");
  for (const rlim_t limit : {0U, 1U, 1000U, 65536U, 99999U}) {
    const int status = in_process_of_its_own([&] {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlimit size{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &size);
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
