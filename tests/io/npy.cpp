// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <parton/io/npy.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "malformed.hpp"

using namespace parton;
using io_test::bytes_of;
using io_test::Folder;
using io_test::npy_bytes;
using io_test::put;
using io_test::raw;
using parton_test::check_says;
using parton_test::message_of;

namespace {

const std::string six = raw(0.f) + raw(1.f) + raw(2.f) + raw(3.f) + raw(4.f) + raw(5.f);

}  // namespace

TEST_CASE("npy: the three versions of the header that NumPy writes are read") {
  for (const char* version : {"1", "2", "3"}) {
    const std::string path = std::string(PARTON_FIXTURES) + "/numpy_version_" + version + ".npy";
    CHECK(io::load_npy(path) == Tensor<float>{{0, 1, 2}, {3, 4, 5}});
    CHECK(io::open_npy(path).names().front() == std::string("numpy_version_") + version);
  }
}

TEST_CASE("npy: the bytes are those that NumPy writes") {
  const Folder folder;
  io::save_npy(Tensor<float>{{0, 1, 2}, {3, 4, 5}}, folder / "a.npy");
  const std::string dictionary =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" + std::string(58, ' ') + "\n";
  CHECK(bytes_of(folder / "a.npy") == std::string("\x93NUMPY\1\0\x76\0", 10) + dictionary + six);
  CHECK(io::load_npy(folder / "a.npy") == Tensor<float>{{0, 1, 2}, {3, 4, 5}});
}

TEST_CASE("npy: ranks 0 and 1, zero sizes and all dtypes keep what they are") {
  const Folder folder;
  const std::string path = folder / "a.npy";
  const auto again = [&](const auto& x) {
    using Scalar = typename std::decay_t<decltype(x)>::value_type;
    io::save_npy(x, path);
    const auto y = io::load_npy<Scalar>(path);
    CHECK(y == x);
  };
  again(Tensor<double>::full({}, 2.5));
  again(Tensor<float>::zeros({0, 3}));
  again(Tensor<bool>{true, false});
  again(Tensor<std::uint8_t>{std::uint8_t{255}});
  again(Tensor<std::int64_t>{std::int64_t{-5}});
  again(Tensor<float>{0.5f, 2}.cast<Eigen::bfloat16>());
  again(Tensor<float>{0.5f, 2}.cast<Eigen::half>());
}

TEST_CASE("npy: column-major and big-endian data are turned") {
  const Folder folder;
  const std::string path = folder / "a.npy";
  put(path, npy_bytes("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", six));
  CHECK(io::load_npy(path) == Tensor<float>{{0, 2, 4}, {1, 3, 5}});
  put(path, npy_bytes("{'descr': '<f4', 'fortran_order': True, 'shape': (6,), }", six));
  CHECK(io::load_npy(path) == Tensor<float>{0, 1, 2, 3, 4, 5});
  put(path, npy_bytes("{\"shape\":(2,2),'fortran_order':True,'descr':'>i2'}",
                      std::string("\0\1\0\2\0\3\0\4", 8)));
  CHECK(
      io::load_npy<std::int16_t>(path) ==
      Tensor<std::int16_t>{{std::int16_t{1}, std::int16_t{3}}, {std::int16_t{2}, std::int16_t{4}}});
  CHECK(io::open_npy(path).converted<float>("a") == Tensor<float>{{1, 3}, {2, 4}});
}

TEST_CASE("npy: each malformed file is an error that names file and byte") {
  const Folder folder;
  const std::string path = folder / "bad.npy";
  for (const io_test::Malformed& row : io_test::malformed_npy()) {
    INFO(row.bytes.substr(0, 200));
    put(path, row.bytes);
    const std::string text = message_of<FormatError>([&] { (void)io::open_npy(path); });
    check_says(text, {path, "byte "});
    for (const std::string_view part : row.says) check_says(text, {part});
    CHECK(text.size() < 500);
  }
}
