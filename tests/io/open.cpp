// SPDX-License-Identifier: MIT
#include <string>

#include <parton/io/open.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "hostile.hpp"

using namespace parton;
using io_test::Folder;
using parton_test::check_says;
using parton_test::message_of;

TEST_CASE("the extension says the format, in either case") {
  const Folder folder;
  const std::vector<io::Array> arrays = {io::Array("x", Tensor<float>{1, 2})};
  for (const char* name : {"a.safetensors", "a.npz", "b.SafeTensors"}) {
    io::save(arrays, folder / name);
    CHECK(io::open(folder / name).tensor<float>("x") == Tensor<float>{1, 2});
  }
  io::save_npy(Tensor<float>{1, 2}, folder / "x.npy");
  CHECK(io::open(folder / "x.npy").tensor<float>("x") == Tensor<float>{1, 2});
}

TEST_CASE("an unknown extension and a file that is not there, or no longer, are errors") {
  const Folder folder;
  check_says(message_of<FileError>([&] { (void)io::open("weights.pt"); }),
             {"'weights.pt'", ".safetensors, .npz"});
  check_says(message_of<FileError>([&] { (void)io::open("weights"); }), {"'weights'"});
  check_says(message_of<FileError>([&] { (void)io::open(folder / "none.npz"); }),
             {"none.npz", "No such file or directory"});
  // Its reader has it open; what it reads then is not there.
  for (const char* name : {"a.safetensors", "a.npz"}) {
    io::save({io::Array("x", Tensor<double>::zeros({1000}))}, folder / name);
    const io::File file = io::open(folder / name);
    std::filesystem::resize_file(folder / name, 10);
    check_says(message_of<FileError>([&] { (void)file.tensor<double>("x"); }), {name, "10 now"});
  }
  CHECK_THROWS_AS(io::save({}, folder / "a.npy"), FileError);
}

TEST_CASE("a tensor is visited in the dtype that it is of") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  const std::string header = R"({"bool":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]},)"
                             R"("f8":{"dtype":"F8_E4M3","shape":[1,2],"data_offsets":[2,4]},)"
                             R"("half":{"dtype":"F16","shape":[1,1],"data_offsets":[4,6]}})";
  io_test::put(path, io_test::raw(std::uint64_t{header.size()}) + header +
                         std::string("\0\1\x80\x01\0\x3C", 6));
  const io::File file = io::open(path);
  const auto visited = [&](const char* name) {
    std::string text;
    file.visit(name, [&](const auto& x) {
      text = std::string(dtype_name<typename std::decay_t<decltype(x)>::value_type>()) +
             x.shape().to_string();
      for (const auto value : x.span()) text += ' ' + std::to_string(static_cast<double>(value));
      return 0;
    });
    return text;
  };
  CHECK(visited("bool") == "uint8(2,) 0.000000 1.000000");
  CHECK(visited("f8") == "uint8(2,) 128.000000 1.000000");
  CHECK(visited("half") == "float16(1, 1) 1.000000");
  CHECK_THROWS_AS(visited("none"), KeyError);
  // Column-major, so that it is turned.
  io_test::put(folder / "x.npy",
               io_test::npy_bytes("{'descr': '|b1', 'fortran_order': True, 'shape': (2, 2), }",
                                  std::string("\1\0\1\0", 4)));
  io::open(folder / "x.npy").visit("x", [&](const auto& x) {
    CHECK(x.template cast<float>() == Tensor<>{{1, 1}, {0, 0}});
  });
}
