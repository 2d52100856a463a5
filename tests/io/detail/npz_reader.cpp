// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>

#include <parton/io/npz.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "../malformed.hpp"

using namespace parton;
using io_test::bytes_of;
using io_test::Folder;
using io_test::put;
using io_test::Zip;
using parton_test::check_says;
using parton_test::message_of;

TEST_CASE("npz: each malformed archive is an error that names file, tensor and byte") {
  const Folder folder;
  const std::string path = folder / "bad.npz";
  for (const io_test::Malformed& row : io_test::malformed_npz()) {
    INFO(row.says.front());
    put(path, row.bytes);
    const std::string text = message_of<FormatError>([&] { (void)io::open_npz(path); });
    check_says(text, {path});
    for (const std::string_view part : row.says) check_says(text, {part});
  }
  // Listed, but its check sum is wrong.
  put(path, Zip{.crc = 1}.bytes());
  const io::File file = io::open_npz(path);
  check_says(message_of<FormatError>([&] { (void)file.tensor<float>("a"); }),
             {path, "tensor 'a'", "CRC"});
}

TEST_CASE("npz: a file cut off at any byte, or with a byte flipped, is read or refused") {
  const Folder folder;
  const std::string path = folder / "a.npz";
  const auto read_all = [&] {
    try {
      const io::File file = io::open_npz(path);
      for (const auto& info : file.tensors())
        if (io::is_held(info.dtype)) static_cast<void>(file.read<float>(info, false));
    } catch (const FormatError&) {
    }
  };
  std::string whole = bytes_of(std::string(PARTON_FIXTURES) + "/numpy_compressed.npz");
  for (std::size_t i = 0; i < whole.size(); i += 3) {
    put(path, whole.substr(0, i));
    CHECK_THROWS_AS((void)io::open_npz(path), FormatError);
    whole[i] = static_cast<char>(whole[i] ^ 0x44);
    put(path, whole);
    CHECK_NOTHROW(read_all());
    whole[i] = static_cast<char>(whole[i] ^ 0x44);
  }
}
