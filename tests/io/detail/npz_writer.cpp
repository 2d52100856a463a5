// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <parton/io/npz.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "../hostile.hpp"

using namespace parton;
using io_test::bytes_of;
using io_test::Folder;
using io_test::put;
using parton_test::check_says;
using parton_test::message_of;

TEST_CASE("npz: a name that cannot be written leaves the old file whole and nothing beside it") {
  const Folder folder;
  const std::string path = folder / "a.npz";
  put(path, "old");
  check_says(
      message_of<ValueError>([&] { io::save_npz({io::Array("\xFF", Tensor<float>{1})}, path); }),
      {"it is not UTF-8"});
  check_says(message_of<ValueError>([&] {
               io::save_npz({io::Array(std::string("a\0b", 3), Tensor<float>{1})}, path);
             }),
             {"a zero byte"});
  CHECK(bytes_of(path) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("npz: more members than the directory of a ZIP counts without ZIP64") {
  const Folder folder;
  const std::string path = folder / "a.npz";
  std::vector<io::Array> arrays;
  for (int i = 0; i < 65'540; ++i) arrays.emplace_back(std::to_string(i), Tensor<std::int32_t>{i});
  io::save_npz(arrays, path);
  // The locator of the ZIP64 end of directory stands before the end, which says 65535.
  const std::string bytes = bytes_of(path);
  CHECK(bytes.substr(bytes.size() - 42, 4) == "PK\6\7");
  CHECK(bytes.substr(bytes.size() - 14, 2) == "\xFF\xFF");
  const io::File file = io::open_npz(path);
  CHECK(file.tensors().size() == arrays.size());
  CHECK(file.tensor<std::int32_t>("65539")(0) == 65'539);
}
