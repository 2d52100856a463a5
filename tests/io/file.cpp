// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>

#include <parton/io/safetensors.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "hostile.hpp"

using namespace parton;
using io_test::bytes_of;
using io_test::Folder;
using io_test::put;
using io_test::raw;
using io_test::safetensors_bytes;
using parton_test::check_says;
using parton_test::message_of;

TEST_CASE("asking for what is not there says what is") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  put(path, safetensors_bytes(R"({"f":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]},)"
                              R"("weight":{"dtype":"I32","shape":[],"data_offsets":[2,6]},)"
                              R"("b":{"dtype":"BOOL","shape":[2],"data_offsets":[6,8]}})",
                              "xx" + raw(7) + "\1\2"));
  const io::File file = io::open_safetensors(path);
  CHECK(file.converted<float>("weight").item() == 7);
  check_says(message_of<KeyError>([&] { (void)file.tensor<float>("wieght"); }),
             {"no tensor 'wieght' among 3", "Did you mean 'weight'?"});
  check_says(message_of<TypeError>([&] { (void)file.tensor<float>("weight"); }),
             {"'weight' as int32, not float32", "tensor<int32>", "converted<float32>"});
  check_says(message_of<TypeError>([&] { (void)file.converted<float>("f"); }),
             {"tensor 'f'", "float8_e4m3", "cannot hold"});
  check_says(message_of<FormatError>([&] { (void)file.tensor<bool>("b"); }),
             {"tensor 'b'", "a bool must be 0 or 1, not 2"});
  CHECK_THROWS_AS((void)file.converted<float>("b"), FormatError);
}

TEST_CASE("a tensor lies in the file's map where it is aligned, and outlives the File") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  const std::string header = R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                             R"("a":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}  )";
  REQUIRE(header.size() % 4 != 3);
  Tensor<float> shared, other;
  {
    io::save_safetensors({io::Array("a", Tensor<float>{1, 2})}, path);
    const io::File file = io::open_safetensors(path);
    shared = file.tensor<float>("a");
    CHECK(shared.shares_storage_with(shared));
    CHECK(shared.data() == file.tensor<float>("a").data());
    CHECK(file.converted<float>("a").data() != shared.data());
    put(folder / "odd.safetensors", safetensors_bytes(header, "\1" + raw(3.f) + raw(4.f)));
    other = io::open_safetensors(folder / "odd.safetensors").tensor<float>("a");
  }
  const std::string before = bytes_of(path);
  shared += 1;
  CHECK(shared == Tensor<float>{2, 3});
  CHECK(other == Tensor<float>{3, 4});
  CHECK(bytes_of(path) == before);
}
