// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
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

TEST_CASE(
    "npz: a number that the dtype of the file cannot hold says which, and keeps the old file") {
  const Folder folder;
  const std::string path = folder / "a.npz";
  io_test::put(path, "old");
  check_says(message_of<ValueError>([&] {
               io::save_npz({io::Array("a", Tensor<>{1, 1e6F}, io::Dtype::float16)}, path);
             }),
             {"'a' has 1e+06 as element 1, which float16 can only hold as infinity"});
  CHECK(io_test::bytes_of(path) == "old");
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

TEST_CASE("npz: a member of more than 4 GiB, and one behind it, if PARTON_TEST_LARGE is set") {
  if (std::getenv("PARTON_TEST_LARGE") == nullptr) {
    SUCCEED("it takes 9 GB of memory and 4.3 GB of disk");
    return;
  }
  const Folder folder;
  const std::string path = folder / "a.npz";
  const Index size = (Index{1} << 32) + 5;
  {
    auto large = Tensor<std::uint8_t>::zeros({size});
    large(size - 1) = std::uint8_t{7};
    io::save_npz({io::Array("a", large), io::Array("b", Tensor<>{1, 2})}, path);
  }
  const io::File file = io::open_npz(path);
  CHECK(file.info("a").bytes == static_cast<std::uint64_t>(size));
  CHECK(file.tensor<float>("b") == Tensor<>{1, 2});
  const auto large = file.tensor<std::uint8_t>("a");
  CHECK(large.data()[0] == 0);
  CHECK(large.data()[size - 1] == 7);
  const std::string command =
      "/usr/bin/python3 -c 'import numpy as np, sys; f = np.load(sys.argv[1]); "
      "assert f[\"a\"].shape == (2**32 + 5,) and f[\"a\"][-1] == 7 and f[\"b\"][1] == 2' " +
      path;
  CHECK(std::system(command.c_str()) == 0);
}
